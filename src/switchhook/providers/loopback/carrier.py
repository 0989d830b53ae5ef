"""The carrier that needs no account: every number rings here."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator

from switchhook.domain.agent import Language
from switchhook.domain.rehearsal import Step
from switchhook.ports import (
    Clock,
    Dial,
    Dialled,
    LegEvent,
    NotPickedUp,
    PickedUp,
    Ringing,
    Voice,
)
from switchhook.providers.loopback.acting import Actor
from switchhook.providers.loopback.acts import Counterpart
from switchhook.providers.loopback.callee import Callee
from switchhook.providers.loopback.callers import CallerLeg
from switchhook.providers.loopback.line import LoopbackLine
from switchhook.providers.loopback.menu import Menu
from switchhook.providers.loopback.personas import NOT_PICKED_UP, TAKES_THE_CALL, Persona, persona
from switchhook.providers.loopback.sound import Sound, callee_voice
from switchhook.runtime.ticker import Ticker

RINGS_AFTER = 1.0
PICKED_UP_AFTER = 2.0


class LoopbackLeg:
    """One attempt: it rings, and somebody picks up or nobody does."""

    def __init__(self, ref: str, who: Persona, line: LoopbackLine, clock: Clock, ticker: Ticker):
        self._ref = ref
        self._who = who
        self._line = line
        self._clock = clock
        self._ticker = ticker
        self._given_up = asyncio.Event()

    async def events(self) -> AsyncIterator[LegEvent]:
        """Yield progress until the call is answered or given up."""
        dialled = self._clock.monotonic()
        yield Dialled(self._ref)
        await self._clock.sleep_until(dialled + RINGS_AFTER)
        nobody = NOT_PICKED_UP.get(self._who)
        if self._who is not Persona.BUSY and not self._given_up.is_set():
            yield Ringing()
        if nobody is not None:
            await self._clock.sleep_until(dialled + RINGS_AFTER + nobody.after)
            yield NotPickedUp(nobody.reason)
            return
        await self._clock.sleep_until(dialled + PICKED_UP_AFTER)
        if not self._given_up.is_set():
            self._line.start(self._ticker)
            yield PickedUp(self._line)

    @property
    def line(self) -> LoopbackLine:
        """The media, as soon as somebody picked up."""
        return self._line

    async def hang_up(self) -> None:
        """End the attempt or the call; a call that has ended already is a success."""
        self._given_up.set()
        self._line.close()


class LoopbackCarrier:
    """Dials nobody outside this process."""

    name = "loopback"
    simulated = True

    def __init__(self, voice: Voice, clock: Clock, ticker: Ticker) -> None:
        self._voice = voice
        self._clock = clock
        self._ticker = ticker

    async def dial(self, request: Dial) -> LoopbackLeg:
        """Start one attempt; never repeated by itself."""
        options = request.options
        who = persona(options.get("persona"))
        seed = zlib.crc32(str(options.get("seed", request.call_id)).encode())
        steps = tuple(Step.model_validate(step) for step in options.get("steps") or ())
        callee = _whoever(who, steps, seed)
        sound = Sound(callee_voice(who), int(options.get("noise", 0)), seed)
        line = self._line(callee, request.agent.language, sound)
        return LoopbackLeg(f"loopback-{request.call_id}", who, line, self._clock, self._ticker)

    def caller(self, ref: str) -> CallerLeg:
        """Return somebody who calls us."""
        who, seed = Persona.COOPERATIVE, zlib.crc32(ref.encode())
        sound = Sound(callee_voice(who), 0, seed)
        return CallerLeg(self._line(Callee(who, seed), "en", sound), self._ticker)

    def _line(self, callee: Counterpart, language: Language, sound: Sound) -> LoopbackLine:
        # The built-in voices keep no connection, so nobody needs to run this one.
        voice = self._voice.open(language, sound.voice)
        return LoopbackLine(callee, voice, self._clock, sound)


def _whoever(who: Persona, steps: tuple[Step, ...], seed: int) -> Counterpart:
    """Return who picks up: a menu, somebody who follows a script, or a persona."""
    if who is Persona.IVR:
        return Menu(Callee(Persona.COOPERATIVE, seed))
    if who is Persona.COLLEAGUE and not steps:
        return Actor(TAKES_THE_CALL)
    return Actor(steps) if steps else Callee(who, seed)

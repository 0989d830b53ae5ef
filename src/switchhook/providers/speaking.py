"""A voice on a vendor's socket: many utterances over one connection that is kept for the call.

A connection that is lost is made anew, and what had not been heard yet is asked again there,
once. What had begun is given up: only the runtime knows how much of it was heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from random import Random
from typing import Final, Protocol

from switchhook.audio import g711
from switchhook.audio.streaming import Whole
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_BYTES, FRAME_MS, Clock, Frame, Speech
from switchhook.providers.alignment import Alignment, Span
from switchhook.providers.sockets import Codec, Place, Session

PATIENCE_SECONDS: Final = 3.0
"""How long the first sound of an utterance may take, and every further piece."""

BACK_OFF: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before one attempt to connect and the next; the last again and again."""

SPREAD: Final = 0.2
"""The share by which a wait is longer or shorter, so that many calls do not come back at once."""

STEADY_SECONDS: Final = 10.0
"""A connection that has lasted so long was a good one, and what follows is a first failure."""

_ATTEMPTS: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Audio of an utterance, and what is spoken when."""

    utterance: int
    ulaw: bytes = b""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """An utterance is complete."""

    utterance: int


@dataclass(frozen=True, slots=True)
class Failed:
    """An utterance will not be completed; the connection goes on."""

    utterance: int
    error: Unavailable


Spoken = Piece | Finished | Failed


class VoiceCodec(Codec[Spoken], Protocol):
    """A codec that asks for utterances."""

    at_once: int
    """How many utterances may be made at the same time."""

    def say(self, utterance: int, text: str) -> None:
        """Ask for an utterance."""
        ...

    def cancel(self, utterance: int) -> None:
        """Want no more of an utterance, whatever still comes."""
        ...

    def lost(self) -> None:
        """Forget all that was asked: its connection is gone."""
        ...


@dataclass(slots=True)
class _Asked:
    """An utterance that somebody waits for."""

    number: int
    text: str
    attempts: int = 1
    begun: bool = False
    events: asyncio.Queue[Spoken] = field(default_factory=asyncio.Queue[Spoken])


class SocketSpeaking:
    """One call's open voice."""

    def __init__(self, place: Place, codec: VoiceCodec, clock: Clock, random: Random) -> None:
        self._place, self._codec = place, codec
        self._clock, self._random = clock, random
        self._over = asyncio.Event()
        self._turns = asyncio.Semaphore(codec.at_once)
        self._asked: dict[int, _Asked] = {}
        self._number = 0
        self._wrong: Misconfigured | None = None
        self._session = self._new_session()

    async def say(self, text: str) -> AsyncGenerator[Speech]:
        """Yield the utterance piece by piece as it is made; closing it early cancels it."""
        async with self._turns:
            asked = self._ask(text)
            pieces = Pieces(text)
            try:
                while not isinstance(event := await self._next(asked), Finished):
                    if isinstance(event, Failed):
                        raise event.error
                    speech = pieces.feed(event)
                    if speech is not None:
                        yield speech
            finally:
                self._forget(asked)
            speech = pieces.end()
            if speech is not None:
                yield speech

    async def run(self) -> None:
        """Keep the connection until `close`; that there is none is told by `say`."""
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(self._keep())
            await self._over.wait()
            keeping.cancel()

    def close(self) -> None:
        """Let go of everything."""
        self._over.set()

    def _ask(self, text: str) -> _Asked:
        if self._wrong is not None:
            raise self._wrong
        self._number += 1
        asked = self._asked[self._number] = _Asked(self._number, text)
        self._codec.say(asked.number, text)
        self._session.flush()
        return asked

    async def _next(self, asked: _Asked) -> Spoken:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await asked.events.get()
        except TimeoutError:
            hangs = self._place.vendor.broken_off(f"nothing came for {PATIENCE_SECONDS:g} seconds")
            if self._session.open:
                # Whatever else is asked on this connection would hang as well.
                self._session.fail(hangs)
            raise hangs from None

    def _forget(self, asked: _Asked) -> None:
        del self._asked[asked.number]
        self._codec.cancel(asked.number)
        self._session.flush()

    async def _keep(self) -> None:
        failures = 0
        while self._wrong is None:
            began = self._clock.monotonic()
            try:
                await self._session.run()
            except Misconfigured as wrong:
                self._wrong = wrong
                self._lose(wrong)
            except Unavailable as trouble:
                lasted = self._clock.monotonic() - began
                failures = 0 if lasted >= STEADY_SECONDS else failures
                self._lose(trouble)
                await self._pause(max(BACK_OFF[failures], trouble.retry_after))
                failures = min(failures + 1, len(BACK_OFF) - 1)

    async def _pause(self, seconds: float) -> None:
        spread = 1 + SPREAD * (2 * self._random.random() - 1)
        await self._clock.sleep_until(self._clock.monotonic() + seconds * spread)

    def _lose(self, trouble: Unavailable) -> None:
        """Ask again on the next connection what nobody has heard of; give up the rest."""
        self._session = self._new_session()
        self._codec.lost()
        for asked in self._asked.values():
            if asked.begun or asked.attempts == _ATTEMPTS or isinstance(trouble, Misconfigured):
                asked.events.put_nowait(Failed(asked.number, trouble))
            else:
                asked.attempts += 1
                self._codec.say(asked.number, asked.text)

    def _new_session(self) -> Session[Spoken]:
        return Session(self._place, self._codec, self._tell, self._clock)

    def _tell(self, event: Spoken) -> None:
        asked = self._asked.get(event.utterance)
        if asked is not None:
            asked.begun = asked.begun or isinstance(event, Piece)
            asked.events.put_nowait(event)


class Pieces:
    """Whole frames of one utterance, and with each the words that begin in it."""

    def __init__(self, text: str) -> None:
        self._frames = Whole(FRAME_BYTES)
        self._alignment = Alignment(text)
        self._timed = False
        self._words: list[Word] = []
        self._held: list[Frame] = []
        self._sent_ms = 0

    def feed(self, piece: Piece) -> Speech | None:
        """Return what is complete by now."""
        self._hold(self._frames.feed(piece.ulaw))
        self._timed = self._timed or bool(piece.spans)
        self._words += self._alignment.feed(piece.spans)
        # The last frame waits, so that words which come late still have a piece to ride in.
        return self._speech(len(self._held) - 1)

    def end(self) -> Speech | None:
        """Return what is left."""
        self._hold(self._frames.flush(g711.SILENCE))
        length_ms = self._sent_ms + len(self._held) * FRAME_MS
        if self._timed:
            self._words += self._alignment.rest(length_ms)
        return self._speech(len(self._held))

    def _hold(self, ulaw: bytes) -> None:
        self._held += (Frame(audio) for audio in g711.frames(ulaw, FRAME_BYTES))

    def _speech(self, count: int) -> Speech | None:
        if count <= 0:
            return None
        frames, self._held = tuple(self._held[:count]), self._held[count:]
        self._sent_ms += count * FRAME_MS
        last = not self._held
        due = [w for w in self._words if last or w.start_ms < self._sent_ms]
        self._words = self._words[len(due) :]
        return Speech(frames, tuple(due))

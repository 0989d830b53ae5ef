"""The town in which the calls of a seed are placed: the callee's telephone, and a colleague's.

Whoever is dialled has a leg of its own, and every leg keeps whether it was hung up. Two legs can
be joined, which takes time and may go wrong at every moment of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from switchhook.domain.errors import Unavailable
from switchhook.domain.lifecycle import Reason
from switchhook.ports import (
    AgentSounds,
    Clock,
    Dial,
    Dialled,
    LegEvent,
    NotPickedUp,
    PickedUp,
    Ringing,
    TalkingLineEvent,
)
from switchhook.ports import Leg as AnyLeg
from switchhook.testing import (
    NO_FAULTS,
    PERFECT,
    Conditions,
    FakeLine,
    FakeTalkingLine,
    Faults,
    Manner,
    Step,
    Transit,
    Wire,
)
from switchhook.testing.faults import FOREVER, Fortune
from switchhook.testing.scripted import ScriptedCallee
from switchhook.testing.talking import TalkingEnd
from switchhook.testing.wires import INSTANT, chance

COLLEAGUE = "+15550100177"

_FRAME_S = 0.02


class Joining(Enum):
    """How two legs that are to be joined fare."""

    DONE = auto()
    MOVED = auto()
    """The callee's line closes before the two are connected, as where a carrier moves them."""
    REFUSED = auto()
    LOST = auto()
    """The callee's line closes, and the two are not connected."""
    CALLEE_LEAVES = auto()
    """The callee hangs up meanwhile, which nobody can tell from being moved."""
    HANGS = auto()


@dataclass(frozen=True)
class Talks:
    """A line that hears and speaks by itself: its manner, and how badly its words travel."""

    manner: Manner = field(default_factory=Manner)
    back: Wire = INSTANT
    deaf_to_itself: float = 0.0
    """The share of what it would tell of its own speech that never comes."""
    lost_after: float | None = None
    """Seconds after which its connection is gone."""
    seed: int = 0


@dataclass(frozen=True)
class Telephone:
    """A telephone of the town, and who picks it up, if anybody."""

    script: tuple[Step, ...]
    rings: float = 0.5
    refusal: Reason | None = None
    conditions: Conditions = PERFECT
    talks: Talks | None = None
    faults: Faults = NO_FAULTS
    """Those of dialling it."""


@dataclass(frozen=True)
class Colleague:
    """Who is dialled for the callee, and what becomes of the two."""

    telephone: Telephone
    joining: Joining = Joining.DONE
    joined_after: float = 0.3
    talks_for: float = 2.0


class LateEnd(TalkingEnd):
    """Tells late, or never, what the line has to tell."""

    def __init__(self, script: Sequence[Step], talks: Talks) -> None:
        super().__init__(ScriptedCallee(script), talks.manner)
        self._random = chance(talks.seed)
        self._back: Transit[TalkingLineEvent] = Transit(talks.back, self._random)
        self._silence = talks.deaf_to_itself
        self._now = 0.0

    def beat(self) -> list[TalkingLineEvent]:
        """Let 20 ms pass and return what has arrived by now."""
        self._now += _FRAME_S
        for event in super().beat():
            if not isinstance(event, AgentSounds) or self._random.random() >= self._silence:
                self._back.put(self._now, event)
        return [event for _, event in self._back.take(self._now)]


class Leg:
    """Somebody's end of a telephone."""

    def __init__(self, ref: str, telephone: Telephone, clock: Clock) -> None:
        self.ref = ref
        self.hung_up: list[float] = []
        self.over = asyncio.Event()
        self._telephone = telephone
        self._clock = clock
        self.line = _line(telephone, clock)

    async def events(self) -> AsyncIterator[LegEvent]:
        """Yield progress until the call is answered or given up."""
        yield Dialled(self.ref)
        yield Ringing()
        await asyncio.sleep(self._telephone.rings)
        refusal = self._telephone.refusal
        if refusal is not None:
            yield NotPickedUp(refusal)
            return
        lost = self._telephone.talks and self._telephone.talks.lost_after
        if lost is not None:
            asyncio.get_running_loop().call_later(lost, self.line.hang_up)
        yield PickedUp(self.line)

    async def hang_up(self) -> None:
        """End the attempt or the call."""
        self.hung_up.append(self._clock.monotonic())
        self.leave()

    def leave(self) -> None:
        """Let the far end hang up."""
        self.over.set()
        self.line.hang_up()


class Meeting:
    """Two who talk to each other for a while."""

    def __init__(self, seconds: float, *legs: Leg) -> None:
        self._seconds = seconds
        self._legs = legs

    async def over(self) -> None:
        """Wait until one of them has hung up."""
        gone = {asyncio.ensure_future(leg.over.wait()) for leg in self._legs}
        try:
            await asyncio.wait(gone, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in gone:
                waiting.cancel()


class Town:
    """A carrier with two telephones, which it can connect."""

    name, simulated = "fake", True

    def __init__(self, clock: Clock, callee: Telephone, colleague: Colleague | None) -> None:
        self._clock = clock
        self._callee = callee
        self._colleague = colleague
        telephones = [callee, *([colleague.telephone] if colleague else [])]
        self._fortunes = {id(at): Fortune(at.faults) for at in telephones}
        self.legs: list[Leg] = []
        self.joined = 0

    @property
    def callee(self) -> Leg | None:
        """The leg of who was called, or has called us."""
        return next((leg for leg in self.legs if leg.ref == "callee"), None)

    async def dial(self, request: Dial) -> Leg:
        """Start one attempt; never repeated by itself."""
        colleague = self._colleague
        if colleague is not None and request.to_number == COLLEAGUE:
            telephone, ref = colleague.telephone, f"colleague-{len(self.legs)}"
        else:
            telephone, ref = self._callee, "callee"
        await self._fortunes[id(telephone)].pass_on("the carrier")
        return self._leg(ref, telephone)

    def calls_us(self) -> Leg:
        """Return the leg of somebody who calls us."""
        return self._leg("callee", self._callee)

    async def join(self, callee: AnyLeg, other: AnyLeg) -> Meeting:
        """Connect the two, or fail as the seed wants it."""
        colleague = self._colleague
        assert isinstance(callee, Leg)
        assert isinstance(other, Leg)
        assert colleague is not None
        half = colleague.joined_after / 2
        await asyncio.sleep(half)
        match colleague.joining:
            case Joining.MOVED | Joining.LOST:
                callee.line.hang_up()
            case Joining.CALLEE_LEAVES:
                callee.leave()
            case Joining.HANGS:
                await asyncio.sleep(FOREVER)
            case _:
                pass
        await asyncio.sleep(half)
        if colleague.joining in (Joining.REFUSED, Joining.LOST) or other.over.is_set():
            raise Unavailable("the two were not connected", hint="the callee was told so")
        self.joined += 1
        return Meeting(colleague.talks_for, callee, other)

    def _leg(self, ref: str, telephone: Telephone) -> Leg:
        leg = Leg(ref, telephone, self._clock)
        self.legs.append(leg)
        return leg


def _line(telephone: Telephone, clock: Clock) -> FakeLine | FakeTalkingLine:
    if telephone.talks is None:
        return FakeLine(telephone.script, clock, telephone.conditions)
    line = FakeTalkingLine((), clock)
    line.end = LateEnd(telephone.script, telephone.talks)
    return line

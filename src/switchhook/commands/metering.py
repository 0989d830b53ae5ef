"""How loud both sides of a call are, and what they are saying, noted as the frames go by."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from switchhook.audio import g711, level
from switchhook.ports import (
    FRAME_MS,
    Carrier,
    Dial,
    Frame,
    Leg,
    LegEvent,
    Line,
    LineEvent,
    PickedUp,
    TalkingLine,
)

SOFT = -45.0
LOUD = -15.0
FALL = 0.6
"""How much of a level is left a glance later."""
UNSEEN = 0.01

FORGET_MS = 4000
"""Words that nobody has claimed by then are no longer being said."""


@dataclass(slots=True)
class Side:
    """One side of the line, between two glances."""

    total: float = 0.0
    noted: int = 0
    shown: float = 0.0
    words: deque[tuple[int, str]] = field(default_factory=deque[tuple[int, str]])

    def note(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms."""
        self.total += loudness(frame)
        self.noted += 1
        self.words.extend((at_ms, word) for word in frame.words)

    def glance(self) -> float:
        """Return how loud it is, from 0 to 1; it rises at once and falls slowly."""
        fallen = self.shown * FALL
        self.shown = max(self.total / max(1, self.noted), fallen if fallen > UNSEEN else 0.0)
        self.total, self.noted = 0.0, 0
        return self.shown

    def saying(self, now_ms: int) -> str:
        """Return the words that are not written down yet."""
        if self.words and now_ms - self.words[-1][0] > FORGET_MS:
            self.words.clear()
        return " ".join(word for _, word in self.words)

    def written(self, until_ms: int) -> None:
        """Forget the words that were said by then."""
        while self.words and self.words[0][0] <= until_ms:
            self.words.popleft()


@dataclass(slots=True)
class Meter:
    """Both sides of one call; its time is what the far end has sent."""

    agent: Side = field(default_factory=Side)
    callee: Side = field(default_factory=Side)
    frames: int = 0

    @property
    def now_ms(self) -> int:
        """How long the call has lasted."""
        return self.frames * FRAME_MS

    def sent(self, frame: Frame) -> None:
        """Note 20 ms of the agent."""
        self.agent.note(frame, self.now_ms)

    def came(self, frame: Frame) -> None:
        """Note 20 ms of the callee."""
        self.frames += 1
        self.callee.note(frame, self.now_ms)


@dataclass(slots=True)
class MeteredCarrier:
    """A carrier whose calls are metered."""

    inner: Carrier
    meter: Meter
    name: str
    simulated: bool

    @classmethod
    def around(cls, carrier: Carrier, meter: Meter) -> MeteredCarrier:
        """Return the carrier with a meter on its lines."""
        return cls(carrier, meter, carrier.name, carrier.simulated)

    async def dial(self, request: Dial) -> Leg:
        """Start one attempt; never repeated by itself."""
        leg = await self.inner.dial(request)
        return MeteredLeg(leg, self.meter)


@dataclass(slots=True)
class MeteredLeg:
    """An attempt whose line is metered once somebody picks up."""

    inner: Leg
    meter: Meter

    async def events(self) -> AsyncIterator[LegEvent]:
        """Yield progress until the call is answered or given up."""
        async for event in self.inner.events():
            match event:
                case PickedUp(line) if not isinstance(line, TalkingLine):
                    yield PickedUp(MeteredLine(line, self.meter))
                case _:
                    yield event

    async def hang_up(self) -> None:
        """End the attempt or the call; a call that has ended already is a success."""
        await self.inner.hang_up()


@dataclass(slots=True)
class MeteredLine:
    """The line itself, with every frame noted as it passes."""

    inner: Line
    meter: Meter

    @property
    def carries_words(self) -> bool:
        """What the line itself says of words."""
        return self.inner.carries_words

    @property
    def reports_keys(self) -> bool:
        """What the line itself says of keys."""
        return self.inner.reports_keys

    async def events(self) -> AsyncIterator[LineEvent]:
        """Yield what comes from the far end until the line is closed."""
        async for event in self.inner.events():
            if isinstance(event, Frame):
                self.meter.came(event)
            yield event

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of audio at the carrier."""
        self.meter.sent(frame)
        self.inner.send(frame)

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        self.inner.mark(name)

    def clear(self) -> None:
        """Throw away what the carrier has not played yet."""
        self.inner.clear()

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        self.inner.send_digits(digits)


def loudness(frame: Frame) -> float:
    """Return how loud 20 ms are, from 0 for what nobody notices to 1."""
    if frame.audio.count(g711.SILENCE) == len(frame.audio):
        return 0.0
    decibels = level.dbfs(g711.decode(frame.audio))
    return min(1.0, max(0.0, (decibels - SOFT) / (LOUD - SOFT)))

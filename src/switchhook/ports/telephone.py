"""Lines and carriers: how a telephone is reached, and what passes over its line."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from switchhook.domain.agent import AgentSpec
from switchhook.domain.lifecycle import Reason
from switchhook.engine.screening import Verdict

if TYPE_CHECKING:
    from switchhook.ports.talking import AnyLine

SAMPLE_RATE = 8000
FRAME_MS = 20
FRAME_BYTES = SAMPLE_RATE * FRAME_MS // 1000

# ---- a telephone line ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of 8 kHz mu-law audio; on the loopback line the words it carries ride along."""

    audio: bytes
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkEchoed:
    """The far end has played everything up to this mark."""

    name: str


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """The callee pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class LineClosed:
    """The far end hung up, or the media is gone; `lost` where it is certain that it broke."""

    lost: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """The carrier believes that it knows who answered; it may say so late."""

    verdict: Verdict


LineEvent = Frame | MarkEchoed | DigitPressed | AnsweredBy | LineClosed


class Line(Protocol):
    """The media of one leg; sending never waits."""

    @property
    def carries_words(self) -> bool:
        """Whether words ride on the callee's frames, so that these are read and not listened to."""
        ...

    @property
    def reports_keys(self) -> bool:
        """Whether it tells of the keys that the callee presses; else they are in the audio only."""
        ...

    def events(self) -> AsyncIterator[LineEvent]:
        """Yield what comes from the far end until the line is closed."""
        ...

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of audio at the carrier."""
        ...

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        ...

    def clear(self) -> None:
        """Throw away what the carrier has not played yet."""
        ...

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        ...


# ---- a carrier ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dial:
    """What a carrier is asked to do; the token marks the attempt in everything it reports."""

    call_id: str
    token: str
    to_number: str
    from_number: str | None
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    max_seconds: int = 600
    """How long the conversation may last at the most."""
    ring_seconds: int | None = None
    """How long it rings, where somebody waits for the answer."""
    other_from: str | None = None
    """The number that calls instead, once, where `from_number` may not."""
    agent: AgentSpec = field(default_factory=AgentSpec)
    """Who talks to whoever picks up, for a carrier that gives it a voice and ears."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """The carrier took the attempt and has a name for it."""

    ref: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The carrier was asked and did not answer, so nobody knows whether it dials."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """The telephone rings."""


@dataclass(frozen=True, slots=True)
class PickedUp:
    """Somebody or something answered."""

    line: AnyLine


@dataclass(frozen=True, slots=True)
class NotPickedUp:
    """The attempt is over and nobody spoke; `certain` where the carrier itself says so."""

    reason: Reason
    detail: str = ""
    certain: bool = True


LegEvent = Dialled | InDoubt | Ringing | PickedUp | NotPickedUp


class Leg(Protocol):
    """One attempt at a carrier."""

    def events(self) -> AsyncIterator[LegEvent]:
        """Yield progress until the call is answered or given up."""
        ...

    async def hang_up(self) -> None:
        """End the attempt or the call; a call that has ended already is a success."""
        ...


class Carrier(Protocol):
    """Who dials."""

    name: str
    simulated: bool

    async def dial(self, request: Dial) -> Leg:
        """Start one attempt, never repeated by itself; what becomes of it the leg tells."""
        ...


class Meeting(Protocol):
    """Two of those who were dialled talk to each other, and no longer to us."""

    async def over(self) -> None:
        """Wait until one of them has hung up."""
        ...


class Switch(Protocol):
    """A carrier that connects those whom it dialled with each other."""

    async def join(self, callee: Leg, other: Leg) -> Meeting:
        """Connect the two; where that is refused, the callee is still on our line.

        Raises Unavailable where they are not connected.
        """
        ...


@dataclass(frozen=True, slots=True)
class Booked:
    """A call as the carrier remembers it."""

    ref: str
    created_at: datetime | None
    ended: Reason | None
    """Why it is over; nothing while it goes on."""


class Books(Protocol):
    """What a carrier remembers of its calls, whatever became of who asked for them."""

    async def find(self, to_number: str, from_number: str | None) -> Sequence[Booked]:
        """Return the latest calls between two numbers, newest first."""
        ...

    async def live(self) -> Sequence[Booked]:
        """Return the calls that go on now."""
        ...

    async def end(self, ref: str) -> None:
        """End a call; one that has ended already is a success."""
        ...

"""The far end of a line: a jitter buffer, a playout clock, and the marks that come back from it.

    send, mark, clear ──there──► buffer ──20 ms a frame──► the callee's ear
                                    └──marks──echoes──► the near end

A buffer that ran dry fills up before it plays again. What is played, and when, is known exactly;
that is the truth with which a ledger can be compared.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from switchhook.ports import FRAME_MS, Frame
from switchhook.testing.wires import INSTANT, Transit, Wire, chance

_FRAME_S = FRAME_MS / 1000
_EXACT = 1e-9


class Marks(Enum):
    """What a carrier does with marks."""

    PLAYED = "echoes them when everything before them was played"
    AT_ONCE = "echoes them as soon as they arrive"
    NEVER = "knows no marks"


@dataclass(frozen=True, slots=True)
class Conditions:
    """How good a connection is; as it stands here it is perfect. Times in seconds."""

    there: Wire = INSTANT
    back: Wire = INSTANT
    echoes: Wire = INSTANT
    buffer: float = 0.0
    wobble: float = 0.0
    """By how much more the buffer may fill up, anew each time it ran dry."""
    marks: Marks = Marks.PLAYED
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame that left; a generation is what lies between two clears."""

    at: float
    frame: Frame
    generation: int


@dataclass(frozen=True, slots=True)
class Played:
    """A frame that the callee heard, from `at` on."""

    at: float
    frame: Frame
    generation: int


@dataclass(frozen=True, slots=True)
class _Mark:
    name: str


class _Clear:
    """Travels like everything else, so that it overtakes nothing."""


class Playout:
    """Plays what arrives; knows what was played."""

    def __init__(self, conditions: Conditions) -> None:
        random = chance(conditions.seed)
        self._conditions = conditions
        self._random = random
        self._there: Transit[Sent | _Mark | _Clear] = Transit(conditions.there, random)
        self._echoes: Transit[str] = Transit(conditions.echoes, random)
        self._buffer: deque[Sent | _Mark] = deque()
        self._next: float | None = None
        self.record: list[Played] = []
        self.sent: list[Sent] = []
        self.generation = 0

    def send(self, now: float, frame: Frame) -> None:
        """Send 20 ms off."""
        sent = Sent(now, frame, self.generation)
        self.sent.append(sent)
        self._there.put(now, sent)

    def mark(self, now: float, name: str) -> None:
        """Send a mark after it."""
        self._there.put(now, _Mark(name))

    def clear(self, now: float) -> None:
        """Have everything thrown away that is not played when this arrives."""
        self.generation += 1
        self._there.put(now, _Clear())

    def advance(self, now: float) -> Sequence[Played]:
        """Let the time pass and return what was played in it."""
        before = len(self.record)
        while True:
            arrival, playing = self._there.due, self._next
            first = min((t for t in (arrival, playing) if t is not None), default=None)
            if first is None or first > now + _EXACT:
                return self.record[before:]
            if playing is not None and playing == first:
                self._play(playing)
            else:
                for at, item in self._there.take(first):
                    self._arrive(at, item)

    def echoed(self, now: float) -> list[str]:
        """Return the marks that have come back."""
        return [name for _, name in self._echoes.take(now + _EXACT)]

    @property
    def next_echo(self) -> float | None:
        """When the next mark comes back, as far as that is known."""
        return self._echoes.due

    def heard_ms(self, generation: int, at: float) -> int:
        """Return how much of a generation the callee had heard at a moment: the truth."""
        played = (p for p in self.record if p.generation == generation and p.at <= at)
        return round(sum(min(_FRAME_S, at - p.at) for p in played) * 1000)

    def _arrive(self, at: float, item: Sent | _Mark | _Clear) -> None:
        match item:
            case _Clear():
                self._flush(at)
            case _Mark():
                if self._next is None or self._conditions.marks is Marks.AT_ONCE:
                    self._echo(at, item)
                else:
                    self._buffer.append(item)
            case Sent():
                if self._next is None:
                    fill = self._random.random() * self._conditions.wobble
                    self._next = at + self._conditions.buffer + fill
                self._buffer.append(item)

    def _flush(self, at: float) -> None:
        """Play nothing of what waits; its marks come back all at once."""
        for waiting in self._buffer:
            if isinstance(waiting, _Mark):
                self._echo(at, waiting)
        self._buffer.clear()

    def _play(self, at: float) -> None:
        """Begin the next frame; what it was behind has been played."""
        while self._buffer and isinstance(mark := self._buffer[0], _Mark):
            self._buffer.popleft()
            self._echo(at, mark)
        if not self._buffer:
            self._next = None
            return
        sent = self._buffer.popleft()
        if isinstance(sent, Sent):
            self.record.append(Played(at, sent.frame, sent.generation))
        self._next = at + _FRAME_S

    def _echo(self, at: float, mark: _Mark) -> None:
        if self._conditions.marks is not Marks.NEVER:
            self._echoes.put(at, mark.name)

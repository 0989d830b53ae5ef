"""What the far end has heard.

Frames leave ahead of time and wait at the carrier, so "sent" is not "heard". Until a mark comes
back the clock says what can have been played; an echoed mark proves it, and moves the clock in
both directions. The echo itself needs time for its way back, which is half of the shortest round
trip that was seen: those of marks sent into an empty buffer, and of those that a `clear` sets
free. An echo is late by chance, so the earliest of the last few counts, unless playing has stalled.

How exact that can be: two ways that differ look like two that are equal, so half their difference
stays unknown, and so does what chance adds to every echo seen. With equal ways whose delay varies
by j the error is at most j once the first echo of a run is back, and falls with every further one.
Before it nobody can know how long a carrier fills its buffer: the last run's delay is believed.

When the carrier's buffer is cleared a new generation begins, and echoes of an older one prove
nothing but the round trip. A carrier that echoes marks before their audio can have been played is
not believed again. Positions are milliseconds of a generation, moments are seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

MARK_EVERY_MS = 200
UNKNOWN_DELAY = 0.1
"""From sending into a dry buffer to hearing, before anything is known about the line."""
LONGEST_WAY = 0.15
STALLED = 0.1
"""By how much an echo must be later than those before it to show that playing stood still."""
MISSING_MS = 1000
"""By how much a mark must be overdue to show that it will not come."""
_TOLERANCE = 0.02
_ECHOES = 4


@dataclass(slots=True)
class Run:
    """Playing without a break, from a position on: when that left, and when it was heard."""

    position: int
    sent_at: float
    heard_at: float


@dataclass(slots=True)
class Ledger:
    """Frames sent and marks echoed, in one generation."""

    generation: int = 0
    sent: int = 0
    acked: int = 0
    marked: int = 0
    unreliable: bool = False
    runs: list[Run] = field(default_factory=list[Run])
    marks: dict[str, int] = field(default_factory=dict[str, int])
    _probes: int = 0
    _delay: float = UNKNOWN_DELAY
    _round_trip: float | None = None
    _excess: float | None = None
    _offsets: deque[float] = field(default_factory=lambda: deque[float](maxlen=_ECHOES))
    _stale: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def way_back(self) -> float:
        """How long an echo is believed to travel."""
        trip = self._round_trip if self._round_trip is not None else self._excess
        return min(LONGEST_WAY, (trip or 0.0) / 2)

    def probe(self, now: float) -> str:
        """Return the name of a mark for the empty buffer; its echo tells the round trip."""
        self._probes += 1
        name = f"p{self._probes}"
        self._stale[name] = now
        return name

    def dry(self, now: float) -> bool:
        """Tell whether the carrier has nothing left to play."""
        return not self.runs or self.heard(now) >= self.sent

    def send(self, now: float, milliseconds: int) -> None:
        """Note audio that left for the carrier."""
        if self.dry(now):
            # The clock starts again, once the carrier plays.
            self.runs.append(Run(self.sent, now, now + self._delay))
            self._offsets.clear()
        self.sent += milliseconds

    def mark_due(self) -> bool:
        """Tell whether enough was sent for the next mark; the first of a run is due at once."""
        fresh = bool(self.runs) and self.marked <= self.runs[-1].position < self.sent
        return fresh or self.sent - self.marked >= MARK_EVERY_MS

    def mark(self) -> str:
        """Return the name of a mark behind everything sent so far."""
        name = f"g{self.generation}:{self.sent}"
        self.marks[name] = self.marked = self.sent
        return name

    def echo(self, now: float, name: str) -> None:
        """Take a mark that came back; one of another generation, or a late one, proves nothing."""
        position = self.marks.pop(name, None)
        if position is None:
            self._returned(now, name)
            return
        run = self.runs[-1]
        excess = now - run.sent_at - (position - run.position) / 1000
        if excess < -_TOLERANCE:
            self.unreliable = True
        if self.unreliable or position <= self.acked:
            return
        self.acked = position
        self._excess = excess if self._excess is None else min(self._excess, excess)
        offset = now - (position - run.position) / 1000
        if position > run.position:
            self._anchor(run, offset)
        else:
            # It belongs to the run before, which lasts longer than the clock believed.
            run.heard_at = max(run.heard_at, offset - self.way_back)

    def heard(self, now: float) -> int:
        """Return how far the far end has listened."""
        if not self.runs:
            return self.acked
        return max(self.acked, min(self._clock(now), self._bound(), self.sent))

    def estimated(self, now: float) -> bool:
        """Tell whether nothing but the clock says what was heard: no mark proves it."""
        return self.unreliable or self._knows_no_marks or self._overdue(now)

    def remaining(self, now: float) -> float:
        """Return how many seconds it takes, by the clock, until all that was sent was heard."""
        return max(0, self.sent - self._clock(now)) / 1000 if self.runs else 0.0

    def since(self, position: int) -> list[tuple[int, float]]:
        """Return where and when playing began from a position on, once for every break in it."""
        before = max(0, bisect_right(self.runs, position, key=_position) - 1)
        return [
            (at, run.heard_at + (at - run.position) / 1000)
            for run in self.runs[before:]
            for at in [max(position, run.position)]
        ]

    def clear(self, now: float) -> int:
        """Forget what was not played, begin a new generation, and return what had been heard."""
        heard = self.heard(now)
        last = max(self.marks, key=self.marks.__getitem__, default=None)
        # What may have been played already is perhaps on its way; the rest the clear sets free.
        if last is not None and self.marks[last] > heard + LONGEST_WAY * 1000:
            self._stale[last] = now
        self.generation += 1
        self.sent = self.acked = self.marked = 0
        self.runs.clear()
        self.marks.clear()
        self._offsets.clear()
        return heard

    @property
    def _knows_no_marks(self) -> bool:
        """Whether not one mark has ever come back."""
        return self._excess is None and self._round_trip is None

    def _clock(self, now: float) -> int:
        """Return how far playing has come, if nothing holds it up."""
        run = self.runs[-1]
        return run.position + round((now - run.heard_at) * 1000)

    def _awaited(self) -> int | None:
        """Return where the first mark is that has to come back."""
        return min((p for p in self.marks.values() if p > self.acked), default=None)

    def _overdue(self, now: float) -> bool:
        """Tell whether a mark is so late that it will not come."""
        awaited = self._awaited()
        return awaited is not None and self._clock(now) - awaited > MISSING_MS

    def _bound(self) -> int:
        """Return what cannot have been passed, since the mark there would be back by now."""
        awaited = self._awaited()
        if self.unreliable or self._knows_no_marks or awaited is None:
            return self.sent
        return awaited + round((self.way_back + _TOLERANCE) * 1000)

    def _returned(self, now: float, name: str) -> None:
        """Learn the round trip from a mark that waited for nothing."""
        sent_at = self._stale.pop(name, None)
        if sent_at is not None:
            trip = now - sent_at
            self._round_trip = trip if self._round_trip is None else min(self._round_trip, trip)

    def _anchor(self, run: Run, offset: float) -> None:
        if self._offsets and offset - min(self._offsets) > STALLED:
            self._offsets.clear()
        self._offsets.append(offset)
        run.heard_at = min(self._offsets) - self.way_back
        self._delay = max(0.0, run.heard_at - run.sent_at)


def _position(run: Run) -> int:
    return run.position

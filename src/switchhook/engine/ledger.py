"""What the far end has heard.

Frames leave ahead of time and wait at the carrier, so "sent" is not "heard". Until a mark comes
back the clock says what can have been played; an echoed mark proves it, and moves the clock in
both directions. The echo itself needs time for its way back, which is half of the shortest round
trip that was seen: that of a mark sent into an empty buffer, or of those that a `clear` sets free.
An echo is late by chance, so the earliest of the last few counts, unless playing has stalled.

When the carrier's buffer is cleared a new generation begins, and echoes of an older one prove
nothing but the round trip. A carrier that echoes marks before their audio can have been played is
not believed again. Positions are milliseconds of a generation, moments are seconds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

MARK_EVERY_MS = 200
UNKNOWN_DELAY = 0.1
"""From sending into a dry buffer to hearing, before anything is known about the line."""
LONGEST_WAY = 0.15
STALLED = 0.1
"""By how much an echo must be later than those before it to show that playing stood still."""
MISSING_MS = 1000
"""By how much the first mark of all must be overdue to show that the carrier knows none."""
_TOLERANCE = 0.02
_ECHOES = 4


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment at which the playing position was known."""

    at: float
    position: int


@dataclass(slots=True)
class Ledger:
    """Frames sent and marks echoed, in one generation."""

    generation: int = 0
    sent: int = 0
    acked: int = 0
    marked: int = 0
    unreliable: bool = False
    anchor: Anchor | None = None
    marks: dict[str, int] = field(default_factory=dict[str, int])
    _run: Anchor = Anchor(0.0, 0)
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
        name = f"p{self.generation}"
        self._stale[name] = now
        return name

    def send(self, now: float, milliseconds: int) -> None:
        """Note audio that left for the carrier."""
        if self.anchor is None or self.heard(now) >= self.sent:
            # The buffer had run dry: the clock starts again, once the carrier plays.
            self._run = Anchor(now, self.sent)
            self.anchor = Anchor(now + self._delay, self.sent)
            self._offsets.clear()
        self.sent += milliseconds

    def mark_due(self) -> bool:
        """Tell whether enough was sent since the last mark for the next one."""
        return self.sent - self.marked >= MARK_EVERY_MS

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
        excess = now - self._run.at - (position - self._run.position) / 1000
        if excess < -_TOLERANCE:
            self.unreliable = True
        if self.unreliable or position <= self.acked:
            return
        self.acked = position
        self._excess = excess if self._excess is None else min(self._excess, excess)
        self._anchor(now, position)

    def heard(self, now: float) -> int:
        """Return how far the far end has listened."""
        if self.anchor is None:
            return self.acked
        clock = self.anchor.position + round((now - self.anchor.at) * 1000)
        bound = self._bound()
        if self._knows_no_marks and clock - bound > MISSING_MS:
            bound = self.sent
        return max(self.acked, min(clock, bound, self.sent))

    def remaining(self, now: float) -> float:
        """Return how many seconds it takes, by the clock, until all that was sent was heard."""
        if self.anchor is None:
            return 0.0
        ends = self.anchor.at + (self.sent - self.anchor.position) / 1000
        return max(0.0, ends - now)

    def clear(self, now: float) -> int:
        """Forget what was not played, begin a new generation, and return what had been heard."""
        heard = self.heard(now)
        last = max(self.marks, key=self.marks.__getitem__, default=None)
        # What may have been played already is perhaps on its way; the rest the clear sets free.
        if last is not None and self.marks[last] > heard + LONGEST_WAY * 1000:
            self._stale[last] = now
        self.generation += 1
        self.sent = self.acked = self.marked = 0
        self.anchor = None
        self.marks.clear()
        self._offsets.clear()
        return heard

    @property
    def _knows_no_marks(self) -> bool:
        """Whether not one mark has ever come back."""
        return self._excess is None and self._round_trip is None

    def _bound(self) -> int:
        """Return what cannot have been passed, since the mark there would be back by now."""
        if self.unreliable:
            return self.sent
        on_its_way = round((self.way_back + _TOLERANCE) * 1000)
        return min((p for p in self.marks.values() if p > self.acked), default=self.sent) + (
            on_its_way
        )

    def _returned(self, now: float, name: str) -> None:
        """Learn the round trip from a mark that waited for nothing."""
        sent_at = self._stale.pop(name, None)
        if sent_at is not None:
            trip = now - sent_at
            self._round_trip = trip if self._round_trip is None else min(self._round_trip, trip)

    def _anchor(self, now: float, position: int) -> None:
        offset = now - position / 1000
        if self._offsets and offset - min(self._offsets) > STALLED:
            self._offsets.clear()
        self._offsets.append(offset)
        start = min(self._offsets) - self.way_back
        self.anchor = Anchor(start, 0)
        self._delay = max(0.0, start - (self._run.at - self._run.position / 1000))

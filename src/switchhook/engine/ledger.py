"""What the far end has heard.

Frames leave ahead of time and wait at the carrier, so "sent" is not "heard". The clock says what
can have been played since the buffer last started; an echoed mark proves it, and moves the clock
in both directions. A mark that is still out bounds the clock: what lies behind it was not played.
When the carrier's buffer is cleared a new generation begins, and echoes of an older one, which
the carrier then sends all at once, prove nothing. Positions are milliseconds of a generation.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MARK_EVERY_MS = 200


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
    anchor: Anchor | None = None
    marks: dict[str, int] = field(default_factory=dict[str, int])

    def send(self, now: float, milliseconds: int) -> None:
        """Note audio that left for the carrier."""
        if self.anchor is None or self.heard(now) >= self.sent:
            # The buffer had run dry: the clock starts again.
            self.anchor = Anchor(now, self.sent)
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
        if position is None or position <= self.acked:
            return
        self.acked = position
        self.anchor = Anchor(now, position)

    def heard(self, now: float) -> int:
        """Return how far the far end has listened."""
        if self.anchor is None:
            return self.acked
        clock = self.anchor.position + round((now - self.anchor.at) * 1000)
        bound = min((p for p in self.marks.values() if p > self.acked), default=self.sent)
        return max(self.acked, min(clock, bound, self.sent))

    def clear(self, now: float) -> int:
        """Forget what was not played, begin a new generation, and return what had been heard."""
        heard = self.heard(now)
        self.generation += 1
        self.sent = self.acked = self.marked = 0
        self.anchor = None
        self.marks.clear()
        return heard

"""What was measured, and how it is shown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """How long each of some equal things took, and how long all of them took together."""

    seconds: tuple[float, ...]
    elapsed: float

    @property
    def median(self) -> float:
        """The time that half of them stayed under."""
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        """The time that all but one in a hundred stayed under."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]

    @property
    def rate(self) -> float:
        """How many were done per second."""
        return len(self.seconds) / self.elapsed

    def __add__(self, other: Timings) -> Timings:
        return Timings(self.seconds + other.seconds, self.elapsed + other.elapsed)


NOTHING = Timings((), 0.0)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows and columns under a sentence that says what they are."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remark: str = ""

    def text(self) -> str:
        """Return the table as Markdown that is also readable as it stands."""
        columns = zip(self.columns, *self.rows, strict=True)
        widths = [max(map(len, column)) for column in columns]
        lines = [
            f"## {self.title}",
            "",
            _line(self.columns, widths),
            _line(["-" * width for width in widths], widths),
            *(_line(row, widths) for row in self.rows),
        ]
        return "\n".join([*lines, "", self.remark] if self.remark else lines) + "\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(map(str.ljust, cells, widths)) + " |"


def milliseconds(seconds: float) -> str:
    """Return a time as people compare it."""
    return f"{seconds * 1000:.2f} ms"


def times(ours: float, other: float) -> str:
    """Return how many times the other figure ours is."""
    return f"{ours / other:.2f}x"

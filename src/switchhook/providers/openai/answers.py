"""An answer of the vendor's in the making, item by item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

BYTES_PER_MS: Final = 8
"""Of mu-law at 8 kHz."""


@dataclass(slots=True)
class Item:
    """A piece of the agent's speech: what was received, and whether its fate is sealed."""

    received: int = 0
    complete: bool = False
    settled: bool = False

    @property
    def ms(self) -> int:
        """How long it is, as far as it came."""
        return self.received // BYTES_PER_MS


@dataclass(slots=True)
class Answer:
    """An answer of the vendor, from the wish for it; without an id it was not begun yet."""

    generation: int = 0
    asked: str = ""
    id: str | None = None
    cancelled: bool = False
    over: bool = False
    items: dict[str, Item] = field(default_factory=dict[str, Item])
    results: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

"""A way for things to travel: they take time, and some are lost, doubled or overtaken."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wire:
    """What a way does to what travels on it; times in seconds, the rest shares from 0 to 1."""

    delay: float = 0.0
    jitter: float = 0.0
    """Up to so much more, anew for every item; what was sent first still arrives first."""
    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    """The share that arrives `late` more, behind what was sent after it."""
    late: float = 0.3


INSTANT = Wire()
"""A way on which nothing happens."""


def chance(seed: int) -> Random:
    """Return a source of chance; the same seed gives the same."""
    return Random(seed)  # noqa: S311 - nothing secret is drawn from it


class Transit(Generic[T]):
    """What is on its way; the same seed gives the same fate to the same items."""

    def __init__(self, wire: Wire, random: Random) -> None:
        self._wire = wire
        self._random = random
        self._items: list[tuple[float, int, T]] = []
        self._last = 0.0
        self._number = 0

    @property
    def due(self) -> float | None:
        """When the next item arrives."""
        return self._items[0][0] if self._items else None

    def put(self, now: float, item: T) -> None:
        """Send an item off."""
        wire, chance = self._wire, self._random.random
        if wire.drop and chance() < wire.drop:
            return
        arrives = now + wire.delay
        if wire.jitter:
            arrives += chance() * wire.jitter
        if wire.reorder and chance() < wire.reorder:
            self._push(arrives + wire.late, item)
            return
        self._last = max(self._last, arrives)
        self._push(self._last, item)
        if wire.duplicate and chance() < wire.duplicate:
            self._push(self._last, item)

    def take(self, now: float) -> Iterator[tuple[float, T]]:
        """Return what has arrived, and when it did."""
        while self._items and self._items[0][0] <= now:
            at, _, item = heapq.heappop(self._items)
            yield at, item

    def _push(self, at: float, item: T) -> None:
        self._number += 1
        heapq.heappush(self._items, (at, self._number, item))

"""What may go wrong with a voice, ears, a mind or a store, and how often: drawn from a seed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum

from switchhook.testing.wires import chance

FOREVER = 24 * 3600.0
"""Seconds that something takes which hangs: longer than any call."""


class Trouble(Enum):
    """How one request to a provider fares."""

    NONE = "it is answered"
    ERROR = "it is refused"
    HANG = "it is never answered"
    NOTHING = "the answer is empty"
    GARBAGE = "the answer makes no sense"


@dataclass(frozen=True, slots=True)
class Faults:
    """How a provider misbehaves: seconds it takes, and the share of requests for each trouble.

    The first `after` requests fare well, at most `times` then do not; a share of 1.0 is certain.
    """

    latency: float = 0.0
    jitter: float = 0.0
    error: float = 0.0
    hang: float = 0.0
    nothing: float = 0.0
    garbage: float = 0.0
    after: int = 0
    times: int | None = None
    seed: int = 0


NO_FAULTS = Faults()


class Fortune:
    """Draws how request after request fares; the same seed draws the same."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._random = chance(faults.seed)
        self._good = faults.after
        self._left = faults.times

    def next(self) -> Trouble:
        """Return how the next request fares."""
        faults = self._faults
        if self._good > 0:
            self._good -= 1
            return Trouble.NONE
        if self._left == 0:
            return Trouble.NONE
        drawn = self._random.random()
        for trouble, share in (
            (Trouble.ERROR, faults.error),
            (Trouble.HANG, faults.hang),
            (Trouble.NOTHING, faults.nothing),
            (Trouble.GARBAGE, faults.garbage),
        ):
            if drawn < share:
                self._left = None if self._left is None else self._left - 1
                return trouble
            drawn -= share
        return Trouble.NONE

    def delay(self) -> float:
        """Return how many seconds the next answer takes."""
        jitter = self._faults.jitter
        return self._faults.latency + (self._random.random() * jitter if jitter else 0.0)

    async def pass_on(self, name: str) -> Trouble:
        """Let a request fare as it is drawn: late, never, refused, or with the trouble told."""
        trouble = self.next()
        if (delay := self.delay()) > 0:
            await asyncio.sleep(delay)
        if trouble is Trouble.HANG:
            await asyncio.sleep(FOREVER)
        if trouble in (Trouble.HANG, Trouble.ERROR):
            raise OSError(f"{name} is out of order")
        return trouble

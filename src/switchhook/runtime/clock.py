"""The time, as fast as one likes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock; with a speed other than one a rehearsal takes less than its time.

    `seconds` is where the time comes from, so that a test can hand in its own.
    """

    def __init__(
        self,
        speed: float = 1.0,
        seconds: Callable[[], float] = time.monotonic,
        epoch: datetime | None = None,
    ) -> None:
        self._speed = speed
        self._seconds = seconds
        self._zero = seconds()
        self._wall = speed == 1.0 and epoch is None
        self._epoch = epoch or datetime.now(UTC)

    def now(self) -> datetime:
        """Return the wall time in UTC."""
        if self._wall:
            return datetime.now(UTC)
        return self._epoch + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return (self._seconds() - self._zero) * self._speed

    async def sleep_until(self, moment: float) -> None:
        """Wait until `monotonic()` has reached the moment."""
        await asyncio.sleep(max(0.0, moment - self.monotonic()) / self._speed)

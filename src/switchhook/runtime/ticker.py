"""One beat of 20 ms for all calls of an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from switchhook.ports import FRAME_MS, Clock

Tick = Callable[[float], None]
PERIOD = FRAME_MS / 1000


class Ticker:
    """Calls its subscribers on an absolute schedule; without any it sleeps.

    Beat n is due at `start + n * period`, so that nothing adds up. A beat that comes late is
    given once, with the time it is: subscribers do what is due by then, and the beats in between
    are gone.
    """

    def __init__(self, clock: Clock, period: float = PERIOD) -> None:
        self._clock = clock
        self._period = period
        self._subscribers: dict[int, Tick] = {}
        self._next = 0
        self._wanted = asyncio.Event()
        self.slips = 0

    def __len__(self) -> int:
        return len(self._subscribers)

    def subscribe(self, tick: Tick) -> Callable[[], None]:
        """Call it on every beat until the returned function is called; it must not raise."""
        number = self._next = self._next + 1
        self._subscribers[number] = tick
        self._wanted.set()

        def stop() -> None:
            self._subscribers.pop(number, None)

        return stop

    async def run(self) -> None:
        """Beat until cancelled; one task runs this, for all calls."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self._beat()

    async def _beat(self) -> None:
        due = self._clock.monotonic()
        while self._subscribers:
            due += self._period
            await self._clock.sleep_until(due)
            now = self._clock.monotonic()
            missed = int((now - due) / self._period)
            self.slips += missed
            due += missed * self._period
            for tick in list(self._subscribers.values()):
                tick(now)

"""An event loop on which waiting costs no time, so that a ten-minute call takes milliseconds.

Real sockets work as long as both of their ends live on the same loop. Work for a thread is done
at once, on the loop itself, because a thread would need real time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from switchhook.runtime.clock import SystemClock

T = TypeVar("T")
EPOCH = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class _Jump(selectors.DefaultSelector):
    """Serves ready sockets first; otherwise jumps to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, or let the time pass at once."""
        # The loop's own wake-up socket is always there; to ask the system about it alone is dear.
        if len(self.get_map()) > 1 and (ready := super().select(0)):
            return ready
        if timeout is None:
            raise RuntimeError("deadlock: everything waits, and no timer or socket will end it")
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a time of its own."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        """Return virtual seconds."""
        return self._jump.now

    def stall(self, seconds: float) -> None:
        """Stand still, as when something blocks."""
        self._jump.now += seconds

    def run_in_executor(  # type: ignore[override] # pyright: ignore[reportIncompatibleMethodOverride] - the base class promises a thread, which has no virtual time
        self, executor: object, func: Callable[..., T], *args: object
    ) -> asyncio.Future[T]:
        """Do a thread's work at once."""
        del executor
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as failure:  # noqa: BLE001 - it belongs to whoever awaits the work
            done.set_exception(failure)
        return done


def virtual_clock() -> SystemClock:
    """Return a clock that follows the running loop."""
    return SystemClock(seconds=asyncio.get_running_loop().time, epoch=EPOCH)


def stall(seconds: float) -> None:
    """Block the running virtual loop for so long: time passes and nothing happens in it."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualLoop):
        raise TypeError("only a virtual loop can be stalled; run it with run_virtually")
    loop.stall(seconds)


def run_virtually(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run to the end in virtual time, and insist that no task was left behind."""

    async def watched() -> T:
        result = await main()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            raise AssertionError(f"tasks were left behind: {left}")
        return result

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(watched())

"""What keeps a call connected to its vendors: a task for each, none of which outlives the call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

PARTING = 0.5
"""Seconds that a connection may take to say goodbye."""

STOP_ROUNDS = 20
STOP_PATIENCE = 0.1
"""How often, and how many seconds apart, a task that does not stop is told to."""


class Connections:
    """The tasks that keep the connections of one call."""

    def __init__(self) -> None:
        self._kept: set[asyncio.Task[None]] = set()

    def keep(
        self, running: Coroutine[Any, Any, None], lost: Callable[[Exception], None]
    ) -> asyncio.Task[None]:
        """Let it run, and tell when it fails."""
        task = asyncio.get_running_loop().create_task(running)
        self._kept.add(task)
        task.add_done_callback(partial(self._over, lost))
        return task

    async def close(self) -> None:
        """Let what was told to close say goodbye, then stop whatever is left."""
        if self._kept:
            await asyncio.wait(self._kept, timeout=PARTING)
        await stop(self._kept)

    def _over(self, lost: Callable[[Exception], None], task: asyncio.Task[None]) -> None:
        self._kept.discard(task)
        failure = None if task.cancelled() else task.exception()
        if isinstance(failure, Exception):
            lost(failure)


async def stop(tasks: set[asyncio.Task[None]]) -> bool:
    """Stop every task, also one that does not want to at once; return whether all have."""
    for _ in range(STOP_ROUNDS):
        left = {task for task in tasks if not task.done()}
        if not left:
            return True
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=STOP_PATIENCE)
    return False

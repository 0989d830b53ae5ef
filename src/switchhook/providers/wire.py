"""What every socket to a vendor has in common: it sends what is due, and ends once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from switchhook.domain.errors import Unavailable

WRITE_SECONDS: Final = 5.0


class Wire:
    """One connection, until `close` or the first trouble."""

    def __init__(
        self,
        to_send: Callable[[], Iterable[str | bytes]],
        closed: Callable[[ConnectionClosed], Unavailable],
        hangs: Callable[[], Unavailable],
    ) -> None:
        self._to_send, self._closed, self._hangs = to_send, closed, hangs
        self._due = asyncio.Event()
        self._over = asyncio.Event()
        self.trouble: Unavailable | None = None

    def flush(self) -> None:
        """Send what is due."""
        self._due.set()

    def close(self) -> None:
        """End the connection, or the attempt at one."""
        self._over.set()

    def fail(self, trouble: Unavailable) -> None:
        """End the connection because of this."""
        self.trouble = self.trouble or trouble
        self._over.set()

    async def last(self, *works: Coroutine[None, None, None]) -> None:
        """Do all of this until the connection ends; raise the trouble, if there was any."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.guarded(work)) for work in works]
            await self._over.wait()
            for task in tasks:
                task.cancel()
        if self.trouble is not None:
            raise self.trouble

    async def guarded(self, work: Coroutine[None, None, None]) -> None:
        """Do this, and let its trouble be the end of the connection."""
        try:
            await work
        except Unavailable as trouble:
            self.fail(trouble)
        except ConnectionClosed as closed:
            self.fail(self._closed(closed))
        except TimeoutError:
            self.fail(self._hangs())

    async def send(self, socket: ClientConnection) -> None:
        """Send what is due, whenever something is."""
        while True:
            await self._due.wait()
            self._due.clear()
            for message in self._to_send():
                async with asyncio.timeout(WRITE_SECONDS):
                    await socket.send(message)

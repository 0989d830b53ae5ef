"""The engine of this machine as a pipe sees it: elsewhere, or here once there is no other."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from switchhook.domain.errors import Unavailable
from switchhook.faces.mcp.pipe import Endpoint
from switchhook.settings import Settings
from switchhook.work.engine_lock import EngineAddress, EngineLock

if TYPE_CHECKING:
    from switchhook.commands.local_engine import LocalEngine

LOOK_SECONDS = 0.1
WATCH_SECONDS = 0.5
PATIENCE_SECONDS = 20.0


class Nearby:
    """Finds the engine of this machine, and runs it in this process when nobody else does.

    `over` is called when the engine in this process has ended by a signal.
    """

    def __init__(
        self,
        settings: Settings,
        lock: EngineLock,
        tasks: asyncio.TaskGroup,
        *,
        over: Callable[[], object],
    ) -> None:
        self._settings = settings
        self._lock = lock
        self._tasks = tasks
        self._over = over
        self._engine: LocalEngine | None = None
        self._working: asyncio.Task[None] | None = None

    async def locate(self, lost: Endpoint | None) -> Endpoint:  # noqa: ARG002 - who does not answer is not returned
        """Return where the engine answers now; start it here if nobody runs it any more."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return self._endpoint(await self._answering())
        except TimeoutError:
            raise Unavailable(
                f"another process holds {self._settings.data}, but its engine does not answer",
                hint="end that process, or set SWITCHHOOK_DATA to another directory",
            ) from None

    async def gone(self, endpoint: Endpoint) -> None:  # noqa: ARG002 - there is only one
        """Return once the process that ran the engine has ended, with its lock in our hands."""
        if self._engine is not None:
            await self._engine.stop.wait()
        while not self._lock.acquire():  # noqa: ASYNC110 - no event comes from another process
            await asyncio.sleep(WATCH_SECONDS)

    def close(self) -> None:
        """End the engine if it runs in this process."""
        if self._engine is not None and self._working is not None:
            end(self._engine, self._working)

    async def _answering(self) -> EngineAddress:
        while not self._lock.acquire():
            address = self._lock.address()
            if address is not None and await _answers(address.url):
                return address
            await asyncio.sleep(LOOK_SECONDS)
        return await self._started()

    async def _started(self) -> EngineAddress:
        if self._engine is None:
            self._engine = new_engine(self._settings, self._lock)
            self._working = self._tasks.create_task(self._engine.run(engine_door(self._settings)))
            self._working.add_done_callback(lambda _: self._over())
        await self._engine.found.wait()
        assert self._engine.address is not None  # noqa: S101 - it is known before it is found
        return self._engine.address

    def _endpoint(self, address: EngineAddress) -> Endpoint:
        return Endpoint(mcp_address(address.url), pair_headers(self._settings) or address.headers)


def new_engine(settings: Settings, lock: EngineLock) -> LocalEngine:
    """Return an engine that can be run in this process."""
    from switchhook.app import Application  # noqa: PLC0415 - heavy, and a pipe rarely needs it
    from switchhook.commands.local_engine import LocalEngine  # noqa: PLC0415 - as above

    return LocalEngine(Application.build(settings), lock)


def engine_door(settings: Settings) -> socket.socket:
    """Return a socket that only this machine reaches: on any port, unless a carrier must find it.

    Whoever carries the public URL to this machine was told the port of the settings.
    """
    port = settings.port if settings.dials_by == "twilio" else 0
    return socket.create_server(("127.0.0.1", port))


def end(engine: LocalEngine, working: asyncio.Task[None]) -> None:
    """End an engine in good order; one that is not open yet has nothing to put in order."""
    if engine.found.is_set():
        engine.stop.set()
    else:
        working.cancel()


def mcp_address(url: str) -> str:
    """Return where a server speaks MCP, whether its URL says so or not."""
    return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}/mcp"


def pair_headers(settings: Settings) -> dict[str, str] | None:
    """Return the headers that identify the key in the settings, where there is one."""
    if settings.pair is None:
        return None
    key, secret = settings.pair
    return {"X-API-KEY": key, "X-API-SECRET": secret}


async def _answers(url: str) -> bool:
    address = urlsplit(url)
    try:
        _, writer = await asyncio.open_connection(address.hostname, address.port)
    except OSError:
        return False
    writer.close()
    return True

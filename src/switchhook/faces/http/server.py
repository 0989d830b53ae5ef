"""The process behind the port: uvicorn that lets calls finish and ends what dawdles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from socket import socket
from types import FrameType

import structlog
import uvicorn
from starlette.types import ASGIApp

from switchhook.faces.http.heads import protocol
from switchhook.faces.http.sockets import WebSocket

_log = structlog.get_logger(__name__)

_LARGEST_MESSAGE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and with how much patience."""

    host: str = "127.0.0.1"
    port: int = 8080
    connections: int = 1000
    header_seconds: float = 10.0
    drain_seconds: float = 300.0
    close_seconds: int = 5


def _nothing() -> None: ...


def _ignore(_port: int) -> None: ...


async def _at_once() -> None: ...


@dataclass(frozen=True, slots=True)
class Moments:
    """What others do at the turns of the server's life.

    `bound` learns the port. At the first signal `draining` is told, then `drained` is awaited
    until the last call has ended or the patience is over, then `closing` ends standing streams,
    because uvicorn waits for open responses before it shuts the application down.
    """

    bound: Callable[[int], None] = _ignore
    draining: Callable[[], None] = _nothing
    drained: Callable[[], Awaitable[None]] = _at_once
    closing: Callable[[], None] = _nothing


async def serve(
    app: ASGIApp, listening: Listening | None = None, moments: Moments | None = None
) -> None:
    """Serve until a signal comes and the calls have ended, or until a second signal comes."""
    await server_for(app, listening, moments).serve()


def server_for(
    app: ASGIApp, listening: Listening | None = None, moments: Moments | None = None
) -> DrainingServer:
    """Return the server, for somebody who binds its socket or ends it without a signal."""
    listening = listening or Listening()
    config = uvicorn.Config(
        app,
        host=listening.host,
        port=listening.port,
        http=protocol(listening.header_seconds),
        # Only carriers' media speak WebSocket here: small messages that deflate would only delay.
        ws=WebSocket,
        ws_per_message_deflate=False,
        ws_max_size=_LARGEST_MESSAGE,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=listening.connections,
        timeout_graceful_shutdown=listening.close_seconds,
    )
    return DrainingServer(config, moments or Moments(), drain_seconds=listening.drain_seconds)


class DrainingServer(uvicorn.Server):
    """Takes the first signal as a wish, and the second as an order."""

    def __init__(self, config: uvicorn.Config, moments: Moments, *, drain_seconds: float) -> None:
        super().__init__(config)
        self._moments = moments
        self._drain_seconds = drain_seconds
        self._asked_to_leave = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def serve(self, sockets: list[socket] | None = None) -> None:
        """Serve, and drain when asked to leave."""
        async with asyncio.TaskGroup() as tasks:
            draining = tasks.create_task(self._drain())
            try:
                await super().serve(sockets)
            finally:
                draining.cancel()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Open the port and tell which it is."""
        await super().startup(sockets)
        if self.started:
            self._moments.bound(self.servers[0].sockets[0].getsockname()[1])

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End standing streams, then let uvicorn wait for the rest."""
        self._moments.closing()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave; at once when told twice.

        The signal is not raised again afterwards, so that whoever runs the server can tidy up.
        """
        del sig, frame
        if self._asked_to_leave.is_set():
            self.should_exit = self.force_exit = True
        else:
            self._loop.call_soon_threadsafe(self._asked_to_leave.set)

    async def _drain(self) -> None:
        await self._asked_to_leave.wait()
        _log.info("server.draining", patience_seconds=self._drain_seconds)
        self._moments.draining()
        try:
            async with asyncio.timeout(self._drain_seconds):
                await self._moments.drained()
        except TimeoutError:
            _log.warning("server.drain_timeout")
        self.should_exit = True

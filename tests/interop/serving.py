"""A real server on a free port of this machine, for as long as a test needs it."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

PATIENCE = 10.0


class WithHeaders:
    """Adds headers to every request, for clients that cannot send any."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], *self._headers]}
        await self._app(scope, receive, send)


def free_socket() -> socket.socket:
    """Return a listening socket on a port that nobody uses."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening


@asynccontextmanager
async def serving(
    app: ASGIApp, server: type[uvicorn.Server] = uvicorn.Server
) -> AsyncGenerator[str]:
    """Serve the app and yield its address."""
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
    running = server(config)
    with free_socket() as listening:
        port = listening.getsockname()[1]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(running.serve, [listening])
            await listens(running)
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                running.should_exit = True


async def listens(server: uvicorn.Server) -> None:
    """Return when the server takes requests."""
    with anyio.fail_after(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag and no event
            await anyio.sleep(0.01)

"""Our server on a free port of this machine, in the process of the test."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from switchhook.app import Application
from switchhook.faces.http.server import DrainingServer, Moments, server_for
from switchhook.service import keys
from switchhook.settings import read_settings
from tests.interop.product import Credentials, settings

PATIENCE = 10.0


class WithHeaders:
    """Adds headers to every request, for clients that cannot send any."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], *self._headers]}
        await self._app(scope, receive, send)


def application(data: Path) -> Application:
    """Return everything put together, on a new data directory."""
    data.mkdir()
    return Application.build(read_settings(settings(data)))


@asynccontextmanager
async def serving(
    application: Application, credentials: Credentials, *, added: bool = True
) -> AsyncGenerator[str]:
    """Serve the application with one key, which is `added` to every request; yield its address."""
    app = WithHeaders(application.asgi(), credentials.headers if added else {})
    server = server_for(app, moments=Moments(closing=application.face.close))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        async with application.running(), anyio.create_task_group() as tasks:
            await keys.first_start(application.exchange, (credentials.key, credentials.secret))
            tasks.start_soon(server.serve, [listening])
            await _listens(server)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            server.should_exit = True


async def _listens(server: DrainingServer) -> None:
    with anyio.fail_after(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn offers a flag and no event
            await anyio.sleep(0.01)

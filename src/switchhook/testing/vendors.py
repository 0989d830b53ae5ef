"""A vendor's WebSocket on 127.0.0.1: who comes, what is said, and what goes wrong with it.

What a vendor says is the business of `testing.deepgram`, `testing.elevenlabs` and
`testing.cartesia`; how the connection fares is told here, once for all of them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mishap:
    """What goes wrong with one connection; counts are of messages that the vendor has sent.

    `status` refuses it, `wait` delays the answer to the handshake and `latency` every message.
    After `cut_after` it is closed with the code, or without a word where there is none; after
    `hang_after` nothing more comes; `garbage_after` sends what nobody understands, and goes on.
    """

    status: int | None = None
    detail: str = "refused"
    retry_after: int | None = None
    wait: float = 0.0
    latency: float = 0.0
    cut_after: int | None = None
    close_code: int | None = None
    reason: str = ""
    hang_after: int | None = None
    garbage_after: int | None = None


NONE = Mishap()


class Left(Exception):
    """The client has gone, and nothing needs to be made for it any more."""


class Visit:
    """One connection, as the vendor sees it."""

    def __init__(self, connection: ServerConnection, mishap: Mishap) -> None:
        self._connection, self._mishap = connection, mishap
        request = connection.request
        assert request is not None, "a connection begins with a request"  # noqa: S101
        parts = urlsplit(request.path)
        self.path = parts.path
        self.query: dict[str, list[str]] = parse_qs(parts.query)
        self.headers = request.headers
        self.received: list[Json | bytes] = []
        self.sent: list[Json | bytes] = []

    @property
    def messages(self) -> list[Json]:
        """What was received, without audio."""
        return [message for message in self.received if isinstance(message, dict)]

    async def receive(self, patience: float | None = None) -> Json | bytes:
        """Return what comes next; raise TimeoutError when nothing has come for so many seconds."""
        async with asyncio.timeout(patience):
            received = await self._connection.recv()
        message: Json | bytes = json.loads(received) if isinstance(received, str) else received
        self.received.append(message)
        return message

    async def send(self, message: Json | bytes) -> None:
        """Say something, as far as the mishap lets it."""
        await asyncio.sleep(self._mishap.latency)
        if len(self.sent) == self._mishap.garbage_after:
            await self._connection.send('{"type": "Resu')
        self.sent.append(message)
        text = message if isinstance(message, bytes) else json.dumps(message)
        await self._connection.send(text)
        await self.fare()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Say goodbye."""
        await self._connection.close(code, reason)

    async def fare(self) -> None:
        """Cut the connection, or let it hang, where it is time for that."""
        count = len(self.sent)
        if count == self._mishap.cut_after:
            if self._mishap.close_code is None:
                self._connection.transport.abort()
            else:
                await self._connection.close(self._mishap.close_code, self._mishap.reason)
        hang_after = self._mishap.hang_after
        if hang_after is not None and count >= hang_after:
            await self._connection.wait_closed()


@dataclass(slots=True)
class Reception:
    """Where a vendor is reached, who came, and what happens to whom.

    The first to come meets the first of the mishaps, and so on; `refuses` returns the status and
    the reason for which a request is not let in.
    """

    serve: Callable[[Visit], Awaitable[None]]
    refuses: Callable[[Request], tuple[int, str] | None]
    page: str = ""
    """The one that is read without a socket."""
    mishaps: list[Mishap] = field(default_factory=list[Mishap])
    visits: list[Visit] = field(default_factory=list[Visit])
    attempts: int = 0
    live: int = 0
    """Connections that are open now."""
    _met: dict[ServerConnection, Mishap] = field(default_factory=dict[ServerConnection, Mishap])

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str]:
        """Serve on a free port, and return the address."""
        async with serve(
            self._attend, "127.0.0.1", 0, process_request=self._answer, compression=None
        ) as server:
            _, port = next(iter(server.sockets)).getsockname()
            yield f"ws://127.0.0.1:{port}"

    async def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        self.attempts += 1
        mishap = self.mishaps.pop(0) if self.mishaps else NONE
        await asyncio.sleep(mishap.wait)
        refusal = (mishap.status, mishap.detail) if mishap.status else self.refuses(request)
        if refusal is not None:
            return _refusal(connection, refusal, mishap.retry_after)
        if self.page and urlsplit(request.path).path == self.page:
            return connection.respond(HTTPStatus.OK, "{}")
        self._met[connection] = mishap
        return None

    async def _attend(self, connection: ServerConnection) -> None:
        visit = Visit(connection, self._met.pop(connection))
        self.visits.append(visit)
        self.live += 1
        try:
            with suppress(ConnectionClosed):
                await visit.fare()
                await self.serve(visit)
        finally:
            self.live -= 1


def _refusal(
    connection: ServerConnection, refusal: tuple[int, str], retry_after: int | None
) -> Response:
    status, detail = refusal
    response = connection.respond(HTTPStatus(status), detail)
    response.headers["dg-error"] = detail
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response

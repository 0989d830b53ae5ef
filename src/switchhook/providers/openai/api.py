"""The way to OpenAI, or to a server that speaks like it: one pool of connections for all calls."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

import httpx2
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus

from switchhook.domain.errors import ProtocolBroken, Unavailable
from switchhook.providers.openai.sse import Events
from switchhook.providers.openai.trouble import broken_off, failure

URL: Final = "https://api.openai.com/v1"

CONNECT_SECONDS: Final = 3.0
FIRST_BYTE_SECONDS: Final = 4.0
"""How long an answer may take to begin before another one is asked."""
QUIET_SECONDS: Final = 10.0
"""How long a stream that has begun may be silent."""
IDLE_SECONDS: Final = 120.0
"""How long a connection is kept that nobody uses: longer than turns are apart."""
CLOSE_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)

_OK: Final = 200
_LARGEST_MESSAGE: Final = 16 * 1024 * 1024


class Api:
    """A server and our key to it; the key travels in a header only."""

    def __init__(self, key: str, url: str = URL, http: httpx2.AsyncClient | None = None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        # By default a connection is dropped between two turns, and the hundredth call waits.
        limits = httpx2.Limits(keepalive_expiry=IDLE_SECONDS)
        self._http = http or httpx2.AsyncClient(limits=limits)

    def under(self, key: str, url: str = URL) -> Api:
        """Return the way there under another key, through the same pool."""
        return Api(key, url, self._http)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def post(
        self, path: str, body: dict[str, Any], patience: float = FIRST_BYTE_SECONDS
    ) -> AsyncGenerator[AsyncIterator[bytes]]:
        """Ask, and give the answer piece by piece; to leave is to cancel. Nothing is sent twice."""
        quiet = httpx2.Timeout(max(patience, QUIET_SECONDS), connect=CONNECT_SECONDS)
        request = self._http.build_request(
            "POST", self._url + path, json=body, headers=self._headers, timeout=quiet
        )
        try:
            async with asyncio.timeout(patience):
                response = await self._http.send(request, stream=True)
            try:
                if response.status_code != _OK:
                    told = _object(await response.aread())
                    raise failure(told.get("error"), response.status_code).error()
                yield response.aiter_bytes()
            finally:
                await response.aclose()
        except (TimeoutError, httpx2.HTTPError) as trouble:
            raise broken_off(f"{type(trouble).__name__} at {path}") from trouble

    @asynccontextmanager
    async def events(
        self, path: str, body: dict[str, Any], patience: float = FIRST_BYTE_SECONDS
    ) -> AsyncGenerator[AsyncIterator[dict[str, Any]]]:
        """Ask, and give the answer event by event."""
        async with self.post(path, body, patience) as pieces:
            yield _events(pieces, path)

    async def ask(self, path: str, body: dict[str, Any], patience: float) -> dict[str, Any]:
        """Ask, and return the answer as a whole."""
        async with self.post(path, body, patience) as pieces:
            return _object(b"".join([piece async for piece in pieces]))

    async def warm(self, path: str, body: dict[str, Any], patience: float) -> None:
        """Ask for the sake of asking; that it failed is only noted."""
        try:
            async with self.events(path, body, patience) as events:
                async for _ in events:
                    pass
        except Unavailable as failed:
            _log.info("warming_failed", path=path, detail=failed.message)

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncGenerator[ClientConnection]:
        """Open a WebSocket, and close it in the end."""
        address = f"{self._url.replace('http', 'ws', 1)}{path}"
        try:
            socket = await connect(
                address,
                additional_headers=self._headers,
                open_timeout=CONNECT_SECONDS,
                close_timeout=CLOSE_SECONDS,
                max_size=_LARGEST_MESSAGE,
                compression=None,
            )
        except InvalidStatus as refused:
            told = _object(refused.response.body or b"")
            raise failure(told.get("error"), refused.response.status_code).error() from refused
        except (OSError, TimeoutError, InvalidHandshake) as trouble:
            raise broken_off(f"{type(trouble).__name__} at {path}") from trouble
        try:
            yield socket
        finally:
            await socket.close()


async def _events(pieces: AsyncIterator[bytes], path: str) -> AsyncIterator[dict[str, Any]]:
    events = Events()
    try:
        async for piece in pieces:
            for event in events.feed(piece):
                yield event
    except ProtocolBroken as broken:
        raise broken_off(f"{broken} at {path}") from broken


def _object(body: bytes | bytearray) -> dict[str, Any]:
    try:
        found: object = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

"""One JSON-RPC message over streamable HTTP, in the manner of its era of the protocol."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx2

from switchhook.domain.errors import NotAllowed, NotAuthenticated, SwitchhookError, Unavailable

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
SESSION_HEADER = "mcp-session-id"
VERSION_HEADER = "mcp-protocol-version"
UNKNOWN_SESSION = 404

# A modern request names what it is about in a header as well.
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}

_PLAIN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_ENCODED = re.compile(r"=\?base64\?.*\?=")

Body = dict[str, Any]
Forward = Callable[[Body], None]


class Unsent(Exception):
    """The engine was not reached, so nothing can have happened."""


class Lost(Exception):
    """The engine was reached, but its answer never came."""


class NoStream(Exception):
    """The engine offers no standing stream for this session."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.session_unknown = status == UNKNOWN_SESSION


class Message:
    """A JSON-RPC message as the host sent it."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.method: str = body.get("method") or ""
        self.id = body.get("id")
        self.params = _members(body.get("params"))

    @property
    def key(self) -> str:
        """The id as text that tells 1 from "1"."""
        return json.dumps(self.id)

    @property
    def asks(self) -> bool:
        """Whether somebody waits for an answer."""
        return bool(self.method) and self.id is not None

    @property
    def cancels(self) -> str:
        """The key of the request that this message takes back."""
        return json.dumps(self.params.get("requestId"))

    @property
    def version(self) -> str | None:
        """The revision that a modern request names in itself; nothing in the handshake era."""
        return _members(self.params.get("_meta")).get(VERSION_KEY)

    @property
    def headers(self) -> dict[str, str]:
        """What a modern request repeats in its headers."""
        if not self.asks or self.version is None:
            return {}
        headers = {VERSION_HEADER: self.version, "mcp-method": self.method}
        if name := self.params.get(NAMED_BY.get(self.method, "")):
            headers["mcp-name"] = in_header(str(name))
        return headers


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request, and the session that an `initialize` opened."""

    answer: Body
    session: str | None = None
    session_unknown: bool = False


def in_header(value: str) -> str:
    """Return the value as it is, or encoded where it would not survive in a header."""
    if _PLAIN.fullmatch(value) and not _ENCODED.fullmatch(value):
        return value
    return f"=?base64?{base64.b64encode(value.encode()).decode()}?="


async def ask(
    http: httpx2.AsyncClient,
    url: str,
    headers: Mapping[str, str],
    message: Message,
    forward: Forward,
) -> Reply:
    """Send a request and return its answer; forward what else arrives meanwhile."""
    async with _exchange(http, "POST", url, headers, message.body) as response:
        if response.status_code == UNKNOWN_SESSION and SESSION_HEADER in headers:
            return Reply({}, session_unknown=True)
        session = response.headers.get(SESSION_HEADER)
        if _is_stream(response):
            async for body in _events(response):
                if _is_answer(body, message):
                    return Reply(body, session)
                forward(body)
            raise Lost
        return Reply(_plain_answer(response, await response.aread()) | {"id": message.id}, session)


async def tell(
    http: httpx2.AsyncClient, url: str, headers: Mapping[str, str], message: Message
) -> None:
    """Send a message that nobody answers."""
    async with _exchange(http, "POST", url, headers, message.body) as response:
        await response.aread()


async def stand(
    http: httpx2.AsyncClient, url: str, headers: Mapping[str, str], forward: Forward
) -> None:
    """Forward what the engine says by itself until it closes the stream."""
    async with _exchange(http, "GET", url, headers, None) as response:
        if not _is_stream(response):
            raise NoStream(response.status_code)
        async for body in _events(response):
            forward(body)


@asynccontextmanager
async def _exchange(
    http: httpx2.AsyncClient, method: str, url: str, headers: Mapping[str, str], body: Body | None
) -> AsyncGenerator[httpx2.Response]:
    accept = "application/json, text/event-stream" if body is not None else "text/event-stream"
    try:
        async with http.stream(
            method, url, headers={**headers, "accept": accept}, json=body
        ) as got:
            yield got
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
        raise Unsent from None
    except (httpx2.TransportError, httpx2.StreamError, ValueError):
        raise Lost from None


async def _events(response: httpx2.Response) -> AsyncGenerator[Body]:
    async for event in httpx2.EventSource(response, max_event_size=None):
        if event.data:
            yield json.loads(event.data)


def _is_stream(response: httpx2.Response) -> bool:
    return response.headers.get("content-type", "").lower().startswith("text/event-stream")


def _is_answer(body: Body, message: Message) -> bool:
    return "method" not in body and body.get("id") in (message.id, None)


def _plain_answer(response: httpx2.Response, content: bytes) -> Body:
    try:
        body = _members(json.loads(content))
    except ValueError:
        body = {}
    if "jsonrpc" in body and ("result" in body or "error" in body):
        return body
    raise refusal(response.status_code, str(response.request.url))


def _members(value: object) -> Body:
    return cast("Body", value) if isinstance(value, dict) else {}


def refusal(status: int, url: str) -> SwitchhookError:
    """Return what an answer that is no JSON-RPC means, with the way out."""
    where = url.partition("?")[0]
    match status:
        case 401:
            return NotAuthenticated(
                f"{where} does not accept the key",
                hint="set SWITCHHOOK_API_KEY and SWITCHHOOK_API_SECRET to a pair of that server"
                " (there: switchhook keys create)",
            )
        case 403:
            return NotAllowed(
                f"{where} refuses this key or address",
                hint="ask its administrator for a key with the scopes you need",
            )
        case 404 | 405:
            return Unavailable(
                f"{where} is no Switchhook server", hint="check SWITCHHOOK_URL; it ends in /mcp"
            )
        case _:
            return Unavailable(
                f"{where} answered {status}", hint="ask again later, or look at that server's log"
            )

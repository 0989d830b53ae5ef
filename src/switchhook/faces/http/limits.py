"""What a request may weigh, how long it may take, and what its answer always says."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchhook.faces.http.answers import Problem, refusal, speaks_mcp
from switchhook.faces.http.origin import CARRIERS

API_BYTES = 1024 * 1024
MCP_BYTES = 4 * 1024 * 1024
CARRIER_BYTES = 64 * 1024
BODY_SECONDS = 30.0

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


class SafeHeaders:
    """Adds the headers that keep browsers from guessing, storing and framing."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, careful)


class BodyLimits:
    """Refuses bodies of the wrong kind, too large or too slow, before anybody works for them."""

    def __init__(self, app: ASGIApp, *, seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that keeps the limits, and refuse any other."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        cap = _cap(path)
        body = _Body(receive, cap=cap, seconds=self._seconds)
        answer = _Answer(send)
        try:
            _inspect(Headers(scope=scope), cap, FORM if path.startswith(CARRIERS) else JSON)
            await self._app(scope, body.receive, answer.send)
        except Problem as problem:
            if answer.started:
                raise
            await refusal(path, problem)(scope, receive, send)


def _cap(path: str) -> int:
    if path.startswith(CARRIERS):
        return CARRIER_BYTES
    return MCP_BYTES if speaks_mcp(path) else API_BYTES


def _inspect(headers: Headers, cap: int, wanted: str) -> None:
    length = headers.get("content-length")
    if length is None and "transfer-encoding" not in headers:
        return
    if length is not None and (not length.isascii() or not length.isdigit()):
        raise Problem(
            400, "invalid_input", "the Content-Length is no number", hint="send the body's size"
        )
    if length is not None and int(length) > cap:
        raise _too_large(cap)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if length != "0" and kind != wanted:
        raise Problem(
            415,
            "unsupported_media_type",
            f"the body is not declared as {'JSON' if wanted == JSON else 'a form'}",
            hint=f"send Content-Type: {wanted}",
        )


def _too_large(cap: int) -> Problem:
    return Problem(
        413,
        "too_large",
        f"the body is larger than {cap} bytes",
        hint="send less at once",
    )


class _Body:
    """Counts and times what comes in until the body is complete."""

    def __init__(self, receive: Receive, *, cap: int, seconds: float) -> None:
        self._receive = receive
        self._cap = cap
        self._seconds = seconds
        self._deadline: float | None = None
        self._size = 0
        self._complete = False

    async def receive(self) -> Message:
        """Return the next message of the request."""
        if self._complete:
            return await self._receive()
        message = await self._in_time()
        self._size += len(message.get("body", b""))
        if self._size > self._cap:
            raise _too_large(self._cap)
        self._complete = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Message:
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._deadline):
                return await self._receive()
        except TimeoutError:
            raise Problem(
                408,
                "request_timeout",
                f"the body did not arrive within {self._seconds:g} seconds",
                hint="send it again, faster",
            ) from None


class _Answer:
    """Remembers whether the answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass the message on."""
        self.started = True
        await self._send(message)

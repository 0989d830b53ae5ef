"""Who is asking: checked on every request, and on open streams for as long as they last."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switchhook.domain.errors import NotAuthenticated, SwitchhookError
from switchhook.faces.http.answers import refusal
from switchhook.faces.http.origin import CARRIERS, PROBES
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal

PUBLIC_PATHS = PROBES | {"/", "/openapi.json"}
WATCH_SECONDS = 1.0

InstallUser = Callable[[Scope, Principal], AbstractContextManager[object]]
"""Makes the principal known to another framework for the time of one request."""


def install_nobody(_scope: Scope, _principal: Principal) -> AbstractContextManager[object]:
    """Install nothing."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and its secret, however they were sent."""

    key: str
    secret: str


class Streams:
    """The open event streams, each with the credential that opened it."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._open: dict[anyio.CancelScope, Credential] = {}

    def add(self, scope: anyio.CancelScope, credential: Credential) -> None:
        """Watch the stream from now on."""
        self._open[scope] = credential

    def remove(self, scope: anyio.CancelScope) -> None:
        """Forget the stream."""
        self._open.pop(scope, None)

    async def watch(self) -> None:
        """End the streams of revoked keys, a second after the revocation at the latest."""
        clock = self._exchange.clock
        while True:
            await clock.sleep_until(clock.monotonic() + WATCH_SECONDS)
            for credential in set(self._open.values()):
                if await self._revoked(credential):
                    self._end(credential)

    async def _revoked(self, credential: Credential) -> bool:
        try:
            await keys.authenticate(self._exchange, credential.key, credential.secret)
        except NotAuthenticated:
            return True
        return False

    def _end(self, credential: Credential) -> None:
        for scope, theirs in list(self._open.items()):
            if theirs == credential:
                scope.cancel()


@asynccontextmanager
async def watched(streams: Streams) -> AsyncGenerator[None]:
    """Watch the streams for as long as the context lasts."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(streams.watch)
        yield
        tasks.cancel_scope.cancel()


class KeyAuth:
    """Lets nobody in without a key, except to the public paths."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        exchange: Exchange,
        streams: Streams,
        install_user: InstallUser = install_nobody,
        open_to: Callable[[], Awaitable[Principal]] | None = None,
    ) -> None:
        self._app = app
        self._exchange = exchange
        self._streams = streams
        self._install_user = install_user
        self._open_to = open_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that carries a key, and refuse any other."""
        if scope["type"] not in ("http", "websocket") or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            credential = credential_of(Headers(scope=scope))
            principal = await self._principal(credential)
        except SwitchhookError as error:
            await _refuse(error, scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        with self._install_user(scope, principal):
            await self._guarded(scope, receive, send, credential)

    async def _principal(self, credential: Credential | None) -> Principal:
        if credential is not None:
            return await keys.authenticate(self._exchange, credential.key, credential.secret)
        if self._open_to is not None:
            return await self._open_to()
        raise _missing()

    async def _guarded(
        self, scope: Scope, receive: Receive, send: Send, credential: Credential | None
    ) -> None:
        """Run the app; when an event stream's key is revoked, end the stream in good order."""
        if credential is None or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with anyio.CancelScope() as guard:

            async def watching(message: Message) -> None:
                if message["type"] == "http.response.start" and _is_stream(message):
                    self._streams.add(guard, credential)
                await send(message)

            try:
                await self._app(scope, receive, watching)
            finally:
                self._streams.remove(guard)
        if guard.cancelled_caught:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _is_open(path: str) -> bool:
    return path in PUBLIC_PATHS or path.startswith(CARRIERS)


def credential_of(headers: Headers) -> Credential | None:
    """Return what the request brings, in whichever of the three spellings; nothing if nothing."""
    key, secret = headers.get("x-api-key"), headers.get("x-api-secret")
    if key is not None or secret is not None:
        if not key or not secret:
            raise _missing()
        return Credential(key, secret)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "":
            return None
        case "bearer":
            return _pair(token.strip(), ".")
        case "basic":
            return _pair(_decoded(token.strip()), ":")
        case _:
            raise _missing()


def _pair(text: str, separator: str) -> Credential:
    key, _, secret = text.partition(separator)
    if not key or not secret:
        raise _missing()
    return Credential(key, secret)


def _decoded(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise _missing() from None


def _missing() -> NotAuthenticated:
    return NotAuthenticated(
        "the request carries no usable credential",
        hint="send the headers X-API-KEY and X-API-SECRET, or Authorization: Bearer KEY.SECRET",
    )


def _is_stream(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream")


async def _refuse(error: SwitchhookError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await refusal(scope["path"], error)(scope, receive, send)

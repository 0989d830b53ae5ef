"""Where the carrier connects its media: one WebSocket for each call."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from switchhook.domain.errors import ProtocolBroken
from switchhook.providers.twilio import relay
from switchhook.providers.twilio.admissions import Admission, Admissions, TwilioLine
from switchhook.providers.twilio.line import MediaLine
from switchhook.providers.twilio.media import Connected, Start, decode
from switchhook.providers.twilio.relay import Setup
from switchhook.providers.twilio.relay_line import RelayLine

_log = structlog.get_logger(__name__)

START_SECONDS: Final = 5.0
"""How long a socket may be silent about which call it is."""

PARAMETER: Final = "token"
"""The name of the `<Parameter>` that repeats the token of the path."""

_POLICY, _NORMAL = 1008, 1000


T = TypeVar("T")

Genuine = Callable[[str, Mapping[str, str]], bool]
"""Tells by its path and headers whether an upgrade comes from the carrier."""


def media_route(admissions: Admissions, path: str, genuine: Genuine) -> WebSocketRoute:
    """Return the route; the last part of its path is the token."""
    return WebSocketRoute(path, MediaDoor(admissions, genuine))


def relay_route(
    admissions: Admissions, path: str, genuine: Genuine, music_url: str
) -> WebSocketRoute:
    """Return the same for sockets over which words pass, and no audio but music by its address."""
    return WebSocketRoute(path, MediaDoor(admissions, genuine, greet=set_up, music_url=music_url))


@dataclass(frozen=True, slots=True)
class Asgi:
    """The server's half of a WebSocket."""

    receive: Receive
    send: Send


Greet = Callable[[Asgi, float], Awaitable[Start | Setup | None]]
"""Waits until a socket has said which call it carries."""


class MediaDoor:
    """Lets a socket in that brings a good token, and hands its line to whoever waits for it."""

    def __init__(
        self,
        admissions: Admissions,
        genuine: Genuine,
        start_seconds: float = START_SECONDS,
        *,
        greet: Greet | None = None,
        music_url: str = "",
    ) -> None:
        self._admissions = admissions
        self._genuine = genuine
        self._start_seconds = start_seconds
        self._greet = greet or greeted
        self._music_url = music_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket for as long as its line lasts."""
        # A stranger must not use up a token that it guessed or saw.
        genuine = self._genuine(scope["path"], Headers(scope=scope))
        token = scope["path_params"]["token"]
        admission = self._admissions.redeem(token) if genuine else None
        if admission is None:
            # Closing before accepting is answered with 403.
            await send({"type": "websocket.close"})
            return
        try:
            await self._serve(Asgi(receive, send), admission)
        finally:
            admission.give(None)

    async def _serve(self, socket: Asgi, admission: Admission) -> None:
        try:
            start = await self._greet(socket, self._start_seconds)
            line = self._admitted(start, socket, admission)
        except (ProtocolBroken, TimeoutError) as failure:
            _log.warning("media.refused", problem=str(failure) or "no start in time")
            await _close(socket, _POLICY)
            return
        except OSError:
            return  # It left again.
        if line is None:
            return
        await line.serve()
        await _close(socket, _NORMAL)

    def _admitted(
        self, start: Start | Setup | None, socket: Asgi, admission: Admission
    ) -> TwilioLine | None:
        """Return the line, once somebody has taken it."""
        if start is None:
            return None
        # Whoever saw the path in a log has not seen the parameter.
        repeated = start.parameters.get(PARAMETER, "")
        if not secrets.compare_digest(repeated.encode(), admission.token.encode()):
            raise ProtocolBroken("the parameter of the media stream is not the token of its path")
        line: TwilioLine
        if isinstance(start, Setup):
            line = RelayLine(start, socket, self._music_url)
        else:
            line = MediaLine(start, socket, carries_words=admission.carries_words)
        if not admission.give(line):
            raise ProtocolBroken("nobody waits for the media stream any more")
        return line


async def greeted(socket: Asgi, seconds: float = START_SECONDS) -> Start | None:
    """Accept the socket and return which call it carries, or nothing when it left."""
    return await _first(socket, seconds, _start)


async def set_up(socket: Asgi, seconds: float = START_SECONDS) -> Setup | None:
    """Return the same of a socket over which words pass."""
    return await _first(socket, seconds, _setup)


async def _first(socket: Asgi, seconds: float, read: Callable[[str], T | None]) -> T | None:
    async with asyncio.timeout(seconds):
        while True:
            message: Any = await socket.receive()
            if message["type"] == "websocket.connect":
                await socket.send({"type": "websocket.accept"})
                continue
            text = message.get("text")
            if text is None:
                return None
            start = read(text)
            if start is not None:
                return start


def _start(text: str) -> Start | None:
    match decode(text):
        case Start() as start:
            return start
        case Connected():
            return None
        case other:
            name = type(other).__name__.lower()
            raise ProtocolBroken(f"the media stream begins with {name!r}, not with a start")


def _setup(text: str) -> Setup:
    match relay.decode(text):
        case Setup() as setup:
            return setup
        case other:
            name = type(other).__name__.lower()
            raise ProtocolBroken(f"the relay begins with {name!r}, not with a setup")


async def _close(socket: Asgi, code: int) -> None:
    # Where the far end was first, there is nothing left to close.
    with suppress(OSError, RuntimeError):
        await socket.send({"type": "websocket.close", "code": code})

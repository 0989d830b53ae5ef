"""Where the carrier connects its media: one WebSocket for each call."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog
from starlette.datastructures import Headers
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from switchhook.domain.errors import ProtocolBroken
from switchhook.providers.twilio.admissions import Admission, Admissions
from switchhook.providers.twilio.line import MediaLine
from switchhook.providers.twilio.media import Connected, Start, decode

_log = structlog.get_logger(__name__)

START_SECONDS: Final = 5.0
"""How long a socket may be silent about which call it is."""

PARAMETER: Final = "token"
"""The name of the `<Parameter>` that repeats the token of the path."""

_POLICY, _NORMAL = 1008, 1000


Genuine = Callable[[str, Mapping[str, str]], bool]
"""Tells by its path and headers whether an upgrade comes from the carrier."""


def media_route(admissions: Admissions, path: str, genuine: Genuine) -> WebSocketRoute:
    """Return the route; the last part of its path is the token."""
    return WebSocketRoute(path, MediaDoor(admissions, genuine))


@dataclass(frozen=True, slots=True)
class Asgi:
    """The server's half of a WebSocket."""

    receive: Receive
    send: Send


class MediaDoor:
    """Lets a socket in that brings a good token, and hands its line to whoever waits for it."""

    def __init__(
        self, admissions: Admissions, genuine: Genuine, start_seconds: float = START_SECONDS
    ) -> None:
        self._admissions = admissions
        self._genuine = genuine
        self._start_seconds = start_seconds

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
            start = await greeted(socket, self._start_seconds)
            line = _admitted(start, socket, admission)
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


async def greeted(socket: Asgi, seconds: float = START_SECONDS) -> Start | None:
    """Accept the socket and return which call it carries, or nothing when it left."""
    async with asyncio.timeout(seconds):
        while True:
            message: Any = await socket.receive()
            if message["type"] == "websocket.connect":
                await socket.send({"type": "websocket.accept"})
                continue
            text = message.get("text")
            if text is None:
                return None
            match decode(text):
                case Start() as start:
                    return start
                case Connected():
                    pass
                case other:
                    name = type(other).__name__.lower()
                    raise ProtocolBroken(f"the media stream begins with {name!r}, not with a start")


def _admitted(start: Start | None, socket: Asgi, admission: Admission) -> MediaLine | None:
    """Return the line, once somebody has taken it."""
    if start is None:
        return None
    # Whoever saw the path in a log has not seen the parameter.
    repeated = start.parameters.get(PARAMETER, "")
    if not secrets.compare_digest(repeated.encode(), admission.token.encode()):
        raise ProtocolBroken("the parameter of the media stream is not the token of its path")
    line = MediaLine(start, socket, carries_words=admission.carries_words)
    if not admission.give(line):
        raise ProtocolBroken("nobody waits for the media stream any more")
    return line


async def _close(socket: Asgi, code: int) -> None:
    # Where the far end was first, there is nothing left to close.
    with suppress(OSError, RuntimeError):
        await socket.send({"type": "websocket.close", "code": code})

"""A realtime session and its socket: what a codec has to say is sent, what comes is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Final, Generic, Protocol, TypeVar

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from switchhook.domain.errors import Unavailable
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.trouble import broken_off
from switchhook.providers.wire import Wire

READY_SECONDS: Final = 6.0
"""How long greeting and configuration may take, three seconds each."""

Event = TypeVar("Event")
Event_co = TypeVar("Event_co", covariant=True)


class Codec(Protocol[Event_co]):
    """What a session says and understands, without a socket."""

    @property
    def open(self) -> bool:
        """Whether the session is configured."""
        ...

    def feed(self, message: str) -> Iterable[Event_co]:
        """Return what a message means."""
        ...

    def to_send(self) -> Iterable[str]:
        """Return the messages that are due, once."""
        ...


class Session(Generic[Event]):
    """One socket; `told` may raise, which ends the session."""

    def __init__(
        self, api: Api, path: str, codec: Codec[Event], told: Callable[[Event], None]
    ) -> None:
        self._api, self._path = api, path
        self._codec, self._told = codec, told
        self._wire = Wire(codec.to_send, _closed, lambda: broken_off("the session hangs"))
        self._ready = asyncio.Event()

    def flush(self) -> None:
        """Send what the codec has to say."""
        self._wire.flush()

    def close(self) -> None:
        """End the session."""
        self._wire.close()

    async def run(self) -> None:
        """Keep the session until it is closed; raise what ends it otherwise."""
        wire = self._wire
        async with self._api.socket(self._path) as socket:
            await wire.last(wire.send(socket), self._receive(socket), self._grow_ready())

    async def _grow_ready(self) -> None:
        async with asyncio.timeout(READY_SECONDS):
            await self._ready.wait()

    async def _receive(self, socket: ClientConnection) -> None:
        while True:
            message = await socket.recv(decode=True)
            for event in self._codec.feed(message):
                self._told(event)
            if self._codec.open:
                self._ready.set()
            self._wire.flush()


def _closed(closed: ConnectionClosed) -> Unavailable:
    return broken_off(f"the session was closed ({closed.rcvd or 'without a word'})")

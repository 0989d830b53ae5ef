"""A vendor's socket, from the connection to its loss.

What a codec has to say is sent, what comes is told, and every half a second it is asked whether
it is time for something.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.http11 import Response

from switchhook.domain.errors import Unavailable
from switchhook.ports import Clock
from switchhook.providers.vendor import Vendor
from switchhook.providers.wire import Wire

CONNECT_SECONDS: Final = 3.0
CLOSE_SECONDS: Final = 2.0

BEAT_SECONDS: Final = 0.5
"""How often a codec is asked whether it is time for something."""

_PING_SECONDS: Final = 20.0
_LARGEST_MESSAGE: Final = 16 * 1024 * 1024
_NOT_A_WORD: Final = 1006  # RFC 6455, 7.1.5: the connection is gone without a close frame

Event = TypeVar("Event")
Event_co = TypeVar("Event_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vendor listens; our key travels in a header only, and is never shown."""

    vendor: Vendor
    url: str
    headers: Mapping[str, str] = field(repr=False)


class Codec(Protocol[Event_co]):
    """What is said to a vendor, and what is understood of it, without a socket.

    An error among the events is what ends the connection.
    """

    def opened(self, now: float) -> None:
        """Take note of a connection, which knows nothing of those before it."""
        ...

    def feed(self, message: str | bytes) -> Iterable[Event_co | Unavailable]:
        """Return what a message means."""
        ...

    def beat(self, now: float) -> Iterable[Event_co | Unavailable]:
        """Return what has come to pass with time, and say what is due."""
        ...

    def closed(self, code: int, reason: str) -> Unavailable:
        """Return what it means that the vendor has closed the connection."""
        ...

    def to_send(self) -> Iterable[str | bytes]:
        """Return the messages that are due, once."""
        ...

    def goodbye(self) -> str | None:
        """Return the last message before we close the connection."""
        ...


class Session(Generic[Event]):
    """One connection, from `run` to `close` or its loss; `open` since it is made."""

    def __init__(
        self, place: Place, codec: Codec[Event], told: Callable[[Event], None], clock: Clock
    ) -> None:
        self._place, self._codec, self._told, self._clock = place, codec, told, clock
        self._wire = Wire(codec.to_send, self._closed, self._hangs)
        self.open = False

    def flush(self) -> None:
        """Send what the codec has to say."""
        self._wire.flush()

    def close(self) -> None:
        """End the connection, or the attempt at one."""
        self._wire.close()

    def fail(self, trouble: Unavailable) -> None:
        """End the connection because of this."""
        self._wire.fail(trouble)

    async def run(self) -> None:
        """Connect and stay connected until it is closed; raise what ends it otherwise."""
        await self._wire.last(self._converse())

    async def _converse(self) -> None:
        async with _connected(self._place) as socket:
            self.open = True
            self._codec.opened(self._clock.monotonic())
            self.flush()
            try:
                async with asyncio.TaskGroup() as group:
                    for work in (self._wire.send(socket), self._receive(socket), self._beat()):
                        group.create_task(self._wire.guarded(work))
            finally:
                if self._wire.trouble is None:
                    await self._take_leave(socket)

    async def _take_leave(self, socket: ClientConnection) -> None:
        last = self._codec.goodbye()
        with suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                if last is not None:
                    await socket.send(last)
                await socket.close()

    def _closed(self, closed: ConnectionClosed) -> Unavailable:
        said = closed.rcvd
        code, reason = (said.code, said.reason) if said is not None else (_NOT_A_WORD, "")
        return self._codec.closed(code, reason)

    def _hangs(self) -> Unavailable:
        return self._place.vendor.broken_off("it takes nothing in any more")

    async def _receive(self, socket: ClientConnection) -> None:
        while True:
            self._take(self._codec.feed(await socket.recv()))
            self.flush()

    async def _beat(self) -> None:
        while True:
            await self._clock.sleep_until(self._clock.monotonic() + BEAT_SECONDS)
            self._take(self._codec.beat(self._clock.monotonic()))
            self.flush()

    def _take(self, events: Iterable[Event | Unavailable]) -> None:
        for event in events:
            if isinstance(event, Unavailable):
                raise event
            self._told(event)


@asynccontextmanager
async def _connected(place: Place) -> AsyncGenerator[ClientConnection]:
    try:
        socket = await connect(
            place.url,
            additional_headers=place.headers,
            open_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
            ping_interval=_PING_SECONDS,
            max_size=_LARGEST_MESSAGE,
            compression=None,
        )
    except InvalidStatus as refused:
        raise _refusal(place.vendor, refused.response) from refused
    except (OSError, TimeoutError, InvalidHandshake) as trouble:
        raise place.vendor.broken_off(f"no connection: {type(trouble).__name__}") from trouble
    try:
        yield socket
    finally:
        # Whoever has not closed it in peace by now does not wait for the other side.
        socket.transport.abort()
        await socket.wait_closed()


def _refusal(vendor: Vendor, response: Response) -> Unavailable:
    # Deepgram repeats the reason in a header, since some clients never see the body.
    told = response.headers.get("dg-error") or bytes(response.body or b"").decode(errors="replace")
    wait = response.headers.get("Retry-After", "")
    return vendor.refused(response.status_code, told, int(wait) if wait.isdigit() else 0)

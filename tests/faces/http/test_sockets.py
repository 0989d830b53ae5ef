"""Our WebSocket beside uvicorn's own: whatever a client sends, both understand the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

import pytest
import uvicorn
from hypothesis import example, given, settings
from hypothesis import strategies as some
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from switchhook.faces.http.sockets import MOST_WAITING, WebSocket
from switchhook.testing import run_virtually

TEXT = b"x" * 300
LONGEST = 64 * 1024


@dataclass
class Wire(asyncio.Transport):
    """The server's end of a connection, with the client's eyes on it."""

    client: ClientProtocol
    closed: bool = False
    reading: bool = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self.closed:
            self.client.receive_data(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        del name
        return default


@dataclass
class Visit:
    """A connected client, and what the application was given."""

    client: ClientProtocol
    server: asyncio.Protocol
    wire: Wire
    received: list[Any] = field(default_factory=list[Any])
    send: Callable[[Any], Any] = print
    receiving: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False

    async def app(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        del scope
        await receive()
        self.send = send
        await send({"type": "websocket.accept"})
        message = {"type": ""}
        while message["type"] != "websocket.disconnect":
            await self.receiving.wait()
            message = await receive()
            self.received.append(message.get("text", message.get("bytes", message.get("code"))))

    def leave(self) -> None:
        self.wire.closed = True
        if not self.gone:
            self.gone = True
            self.server.connection_lost(None)

    @property
    def answers(self) -> list[tuple[Opcode, bytes]]:
        events = self.client.events_received()
        return [(f.opcode, bytes(f.data)) for f in events if isinstance(f, Frame)]


@asynccontextmanager
async def visiting(kind: type[WebSocketsSansIOProtocol]) -> AsyncGenerator[Visit]:
    client = ClientProtocol(parse_uri("ws://127.0.0.1/"))
    wire = Wire(client)
    visits: list[Visit] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await visits[0].app(scope, receive, send)

    config = uvicorn.Config(app, ws=kind, ws_max_size=LONGEST, lifespan="off", log_config=None)
    config.load()
    server = kind(config, ServerState(), {}, asyncio.get_running_loop())
    visits.append(Visit(client, server, wire))
    visits[0].receiving.set()
    server.connection_made(wire)
    client.send_request(client.connect())
    server.data_received(b"".join(client.data_to_send()))
    await asyncio.sleep(0.01)
    client.events_received()
    try:
        yield visits[0]
    finally:
        visits[0].leave()
        await asyncio.sleep(0.01)


Outcome = tuple[list[Any], list[tuple[Opcode, bytes]], bool]


def after(kind: type[WebSocketsSansIOProtocol], pieces: Sequence[bytes]) -> Outcome:
    """Return what was received and answered when these bytes came, and whether it was the end."""

    async def main() -> Outcome:
        async with visiting(kind) as visit:
            for piece in pieces:
                if not visit.wire.closed:
                    visit.server.data_received(piece)
            await asyncio.sleep(0.01)
            return [*visit.received], visit.answers, visit.wire.closed

    return run_virtually(main)


def framed(words: bytes = TEXT, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, words, fin).serialize(mask=True)


FRAMES = {
    "nothing": framed(b""),
    "longest of the short": framed(b"x" * 125),
    "shortest of the long": framed(b"x" * 126),
    "text": framed(),
    "text beyond ASCII": framed("\u00fc\u4f60".encode() * 40),
    "no text": framed(b"\xff" * 300),
    "long": framed(b"x" * LONGEST),
    "too long": framed(b"x" * (LONGEST + 1)),
    "begins": framed(fin=False),
    "goes on": framed(opcode=Opcode.CONT, fin=False),
    "ends": framed(opcode=Opcode.CONT),
    "bytes": framed(opcode=Opcode.BINARY),
    "ping": framed(b"still there?", Opcode.PING),
    "close": framed((1000).to_bytes(2), Opcode.CLOSE),
    "unmasked": Frame(Opcode.TEXT, TEXT).serialize(mask=False),
    "of another protocol": b"\xc1" + framed()[1:],
}


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.sampled_from([*FRAMES, *["text"] * 8]), max_size=8),
    some.lists(some.integers(1, 3000), max_size=12),
)
@example(["text"] * 3, [])
@example(["long"], [1] * 16)
def test_however_frames_are_cut_it_understands_them_as_uvicorns_own_does_whole(
    names: list[str], cuts: list[int]
) -> None:
    frames = [FRAMES[name] for name in names]
    stream = b"".join(frames)
    places = [0, *accumulate(cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(places) if stream[start:end]]

    same = after(WebSocket, pieces) == after(WebSocketsSansIOProtocol, frames)

    assert same, "the texts are too long to be shown"


def test_texts_arrive_in_their_order_and_whole() -> None:
    sent = ["short", "x" * 300, "\u00fc" * 200, "y" * (LONGEST - 1), ""]

    received, _, _ = after(WebSocket, [framed(words.encode()) for words in sent])

    assert received == sent


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_text_of_any_length_is_sent(size: int) -> None:
    async def main() -> list[tuple[Opcode, bytes]]:
        async with visiting(WebSocket) as visit:
            await visit.send({"type": "websocket.send", "text": "x" * size})
            return visit.answers

    assert run_virtually(main) == [(Opcode.TEXT, b"x" * size)]


def test_nothing_is_sent_to_a_connection_that_is_gone() -> None:
    async def main() -> None:
        async with visiting(WebSocket) as visit:
            visit.leave()
            with pytest.raises(ClientDisconnected):
                await visit.send({"type": "websocket.send", "text": "Hello?"})

    run_virtually(main)


def test_a_slow_connection_is_waited_for() -> None:
    async def main() -> tuple[bool, list[tuple[Opcode, bytes]]]:
        async with visiting(WebSocket) as visit, asyncio.TaskGroup() as group:
            visit.server.pause_writing()
            sending = group.create_task(visit.send({"type": "websocket.send", "text": "Hello?"}))
            await asyncio.sleep(0.01)
            waited = not sending.done()
            visit.server.resume_writing()
            await sending
            return waited, visit.answers

    assert run_virtually(main) == (True, [(Opcode.TEXT, b"Hello?")])


def test_who_receives_nothing_is_not_sent_more_than_can_wait() -> None:
    async def main() -> tuple[list[bool], int]:
        async with visiting(WebSocket) as visit:
            visit.receiving.clear()
            visit.server.data_received(framed())
            await asyncio.sleep(0.01)
            reading = [visit.wire.reading]
            for _ in range(MOST_WAITING):
                visit.server.data_received(framed())
            reading.append(visit.wire.reading)
            visit.receiving.set()
            await asyncio.sleep(0.01)
            return [*reading, visit.wire.reading], len(visit.received)

    assert run_virtually(main) == ([True, False, True], MOST_WAITING + 1)


def test_after_the_applications_close_nothing_is_received() -> None:
    async def main() -> list[Any]:
        async with visiting(WebSocket) as visit:
            await visit.send({"type": "websocket.close"})
            visit.server.data_received(framed())
            await asyncio.sleep(0.01)
            return visit.received

    assert run_virtually(main) == [1000]

"""The server on a real socket: slow clients, large bodies, signals."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from uvicorn.server import ServerState

from switchhook.faces.http.heads import MAX_HEAD_BYTES, protocol

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
PATIENCE = 20.0


@dataclass
class Served:
    """A running server and what it said so far."""

    process: Process
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def says(self) -> str:
        assert self.process.stdout
        return (await self.process.stdout.readline()).decode().strip()

    async def connect(self) -> tuple[StreamReader, StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def leaves(self) -> int:
        return await self.process.wait()


@asynccontextmanager
async def served(*arguments: str) -> AsyncGenerator[Served]:
    async with asyncio.timeout(PATIENCE):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faces.http.serving", *arguments, cwd=ROOT, stdout=PIPE
        )
        try:
            server = Served(process, 0)
            server.port = int((await server.says()).removeprefix("bound "))
            yield server
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def test_a_connection_that_never_finishes_its_headers_is_closed() -> None:
    async with served("--header", "0.2") as server:
        silent, writer = await server.connect()
        slow, slow_writer = await server.connect()
        slow_writer.write(b"GET /ready HTTP/1.1\r\nHost: 127.0")

        assert await silent.read() == b""
        assert await slow.read() == b""
        writer.close()
        slow_writer.close()


async def test_a_second_request_may_not_dawdle_either() -> None:
    async with served("--header", "0.2") as server:
        reader, writer = await server.connect()
        writer.write(b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\nok")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"GET /rea")

        assert await reader.read() == b""
        writer.close()


async def test_headers_without_end_are_cut_off() -> None:
    async with served() as server:
        reader, writer = await server.connect()
        writer.write(b"GET /ready HTTP/1.1\r\nX: " + b"x" * (MAX_HEAD_BYTES + 1))

        assert await _rest(reader) == b""
        writer.close()


async def _rest(reader: StreamReader) -> bytes:
    """Return what comes before the end, be it a friendly one or not."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_a_large_body_is_refused_before_it_is_read() -> None:
    async with served() as server:
        reader, writer = await server.connect()
        writer.write(
            b"POST /end HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 52428800\r\n\r\n{"
        )

        assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
        writer.close()


async def test_more_connections_than_are_served_get_503() -> None:
    async with served() as server:
        idle = [await server.connect() for _ in range(8)]
        async with httpx.AsyncClient(base_url=server.url) as client:
            answer = await client.get("/ready")

        assert answer.status_code == 503
        for _, writer in idle:
            writer.close()


async def test_a_signal_lets_the_call_end_before_the_server_leaves() -> None:
    async with served() as server, httpx.AsyncClient(base_url=server.url) as client:
        server.process.send_signal(signal.SIGTERM)
        assert await server.says() == "draining"

        assert (await client.get("/ready")).text == "draining"
        await client.post("/end", json={})

        assert [await server.says() for _ in range(3)] == ["drained", "closing", "left"]
        assert await server.leaves() == 0


async def test_a_second_signal_ends_the_wait() -> None:
    async with served() as server:
        server.process.send_signal(signal.SIGTERM)
        assert await server.says() == "draining"
        server.process.send_signal(signal.SIGINT)

        assert [await server.says() for _ in range(2)] == ["closing", "left"]
        assert await server.leaves() == 0


async def test_the_wait_for_calls_has_an_end() -> None:
    async with served("--drain", "0.05") as server:
        server.process.send_signal(signal.SIGINT)

        said = [await server.says() for _ in range(3)]

        assert said == ["draining", "closing", "left"]


async def test_standing_streams_are_ended_before_the_server_waits_for_them() -> None:
    async with served("--drain", "0.05") as server, httpx.AsyncClient() as client:
        async with client.stream("GET", f"{server.url}/stream") as stream:
            chunks = stream.aiter_bytes()
            assert await anext(chunks) == b": ping\n\n"
            server.process.send_signal(signal.SIGTERM)

            assert [chunk async for chunk in chunks] == []
        assert await server.leaves() == 0


class Transport(asyncio.Transport):
    """A connection that remembers how it was left."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5), "sockname": ("127.0.0.1", 80)})
        self.left = ""
        self.protocol: Any = None

    def abort(self) -> None:
        self.left = "aborted"

    def close(self) -> None:
        self.left = "closed"

    def is_closing(self) -> bool:
        return bool(self.left)

    def write(self, data: Any) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol


class Upgraded(asyncio.Protocol):
    """Takes a connection over after the handshake."""

    def __init__(self, **_facts: Any) -> None: ...


@pytest.mark.parametrize("pure_python", [False, True])
async def test_an_upgraded_connection_is_left_in_peace(*, pure_python: bool) -> None:
    connection, transport = _connection(pure_python=pure_python, seconds=0.01)

    connection.data_received(
        b"GET /media HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    )
    closed = asyncio.Event()
    asyncio.get_running_loop().call_later(0.03, closed.set)
    await closed.wait()

    assert isinstance(transport.protocol, Upgraded)
    assert transport.left == ""


@pytest.mark.parametrize("pure_python", [False, True])
async def test_both_parsers_lose_their_patience(*, pure_python: bool) -> None:
    connection, transport = _connection(pure_python=pure_python, seconds=60)

    connection.data_received(b"GET / HTTP/1.1\r\nX: ")
    for _ in range(MAX_HEAD_BYTES // 1024 + 1):
        if not transport.left:
            connection.data_received(b"x" * 1024)
    connection.connection_lost(None)

    assert transport.left


def _connection(*, pure_python: bool, seconds: float) -> tuple[Any, Transport]:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None: ...

    config = uvicorn.Config(app, ws=Upgraded, log_config=None)
    kind: Any = protocol(seconds, pure_python=pure_python)
    connection = kind(config=config, server_state=ServerState(), app_state={})
    transport = Transport()
    connection.connection_made(transport)
    return connection, transport

from __future__ import annotations

import asyncio
import socket

import pytest

from switchhook.faces.http.heads import send_at_once

pytestmark = pytest.mark.anyio


def holds_back(connection: socket.socket) -> bool:
    return not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


class Accepting(asyncio.Protocol):
    """Tells how the connection was before and after, on asyncio's own loop."""

    def __init__(self, told: asyncio.Future[tuple[bool, bool]]) -> None:
        self._told = told

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connection = transport.get_extra_info("socket")
        before = holds_back(connection)
        send_at_once(transport)
        self._told.set_result((before, holds_back(connection)))
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


async def test_answers_leave_at_once_through_a_door_that_we_have_opened_ourselves() -> None:
    loop = asyncio.get_running_loop()
    told: asyncio.Future[tuple[bool, bool]] = loop.create_future()
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = await loop.create_server(lambda: Accepting(told), sock=door)
        async with server:
            _, writer = await asyncio.open_connection(*door.getsockname())
            async with asyncio.timeout(5):
                assert await told == (True, False)
            writer.close()


def test_a_connection_without_a_socket_is_left_alone() -> None:
    send_at_once(asyncio.BaseTransport())

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from tests.interop.product import Credentials
from tests.interop.serving import application, serving

pytestmark = pytest.mark.anyio


async def test_white_space_around_a_header_is_no_part_of_its_value(tmp_path: Path) -> None:
    credentials = Credentials()
    head = (
        "GET /api/calls HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"X-API-KEY:\t {credentials.key} \t\r\nX-API-SECRET: {credentials.secret}  \r\n\r\n"
    )

    async with serving(application(tmp_path / "data"), credentials, added=False) as address:
        port = int(address.rpartition(":")[2])
        with anyio.fail_after(10):
            async with await anyio.connect_tcp("127.0.0.1", port) as wire:
                await wire.send(head.encode())
                answer = await wire.receive()

    assert answer.startswith(b"HTTP/1.1 200 ")

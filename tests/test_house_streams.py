from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from switchhook.faces.mcp.standard_streams import CHUNK, StandardStreams

pytestmark = pytest.mark.anyio

ECHO = """
import asyncio, os, subprocess, sys
from switchhook.faces.mcp.standard_streams import claimed_streams

async def main():
    with claimed_streams() as streams:
        async for line in streams.incoming():
            print("a stray print", flush=True)
            subprocess.run([sys.executable, "-c", "print('a child')"])
            streams.send(line.strip().upper())

asyncio.run(main())
"""


async def test_lines_arrive_until_the_other_side_closes() -> None:
    read, write = os.pipe()
    os.write(write, b"one\ntwo\nlast without a break")
    os.close(write)
    streams = StandardStreams(read, write)

    async with asyncio.timeout(5):
        assert [line async for line in streams.incoming()] == [
            b"one",
            b"two",
            b"last without a break",
        ]
    streams.close()
    os.close(read)


async def test_a_line_longer_than_a_read_stays_whole() -> None:
    read, write = os.pipe()
    line = b"x" * (3 * CHUNK)
    streams, echo = StandardStreams(read, write), StandardStreams(read, write)

    echo.send(line)
    async with asyncio.timeout(5):
        assert await anext(streams.incoming()) == line
    echo.close()
    os.close(write)
    streams.close()


async def test_what_was_queued_is_written_before_the_end() -> None:
    read, write = os.pipe()
    streams = StandardStreams(read, write)

    streams.send(b"one")
    streams.send(b"two")
    streams.close()

    assert os.read(read, 100) == b"one\ntwo\n"
    os.close(read)
    os.close(write)


async def test_a_reader_that_is_gone_harms_nobody() -> None:
    read, write = os.pipe()
    os.close(read)
    streams = StandardStreams(read, write)

    streams.send(b"one")
    streams.close()
    os.close(write)


def test_stray_prints_and_children_stay_off_the_wire() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ECHO],
        input=b"hello\nworld\n",
        capture_output=True,
        timeout=30,
        check=True,
    )

    assert done.stdout == b"HELLO\nWORLD\n"
    assert done.stderr.count(b"a stray print") == 2
    assert done.stderr.count(b"a child") == 2

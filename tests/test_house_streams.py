from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from switchhook.faces.mcp.standard_streams import StandardStreams

pytestmark = pytest.mark.anyio

ECHO = """
import asyncio, os, subprocess, sys
from switchhook.faces.mcp.standard_streams import claimed_streams

async def main():
    with claimed_streams() as streams:
        async for line in streams.incoming():
            print("a stray print", flush=True)
            subprocess.run([sys.executable, "-c", "print('a child', input() if 0 else '')"])
            streams.send(line.strip().upper())

asyncio.run(main())
"""


async def test_lines_arrive_until_the_other_side_closes() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as source, open(os.devnull, "wb") as sink:  # noqa: PTH123, ASYNC230
        os.write(write, b"one\ntwo\nlast without a break")
        os.close(write)
        streams = StandardStreams(source, sink)
        async with asyncio.timeout(5):
            assert [line async for line in streams.incoming()] == [
                b"one\n",
                b"two\n",
                b"last without a break",
            ]
        streams.close()


async def test_what_was_queued_is_written_before_the_end() -> None:
    read, write = os.pipe()
    with os.fdopen(write, "wb") as sink, open(os.devnull, "rb") as source:  # noqa: PTH123, ASYNC230
        streams = StandardStreams(source, sink)
        streams.send(b"one")
        streams.send(b"two")
        streams.close()
    assert os.read(read, 100) == b"one\ntwo\n"
    os.close(read)


async def test_a_reader_that_is_gone_harms_nobody() -> None:
    read, write = os.pipe()
    os.close(read)
    with open(os.devnull, "rb") as source:  # noqa: PTH123, ASYNC230
        sink = os.fdopen(write, "wb", buffering=0)
        streams = StandardStreams(source, sink)
        streams.send(b"one")
        streams.close()
        sink.close()


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

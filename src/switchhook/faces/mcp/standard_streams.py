"""The process's stdin and stdout as lines, served by threads that never hold it up."""

from __future__ import annotations

import asyncio
import os
import queue
import threading
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import contextmanager
from typing import Protocol

FLUSH_SECONDS = 1.0
CHUNK = 65536


class Lines(Protocol):
    """Where messages come from and go to, one a line."""

    def incoming(self) -> AsyncGenerator[bytes]:
        """Yield lines until the other side closes."""
        ...

    def send(self, line: bytes) -> None:
        """Queue one line, which has no line break in it."""
        ...


class StandardStreams:
    """Lines over two file descriptors.

    The threads are daemons without any lock: one that waits for input nobody will send keeps no
    process alive. A host that reads slowly holds up nothing but its own answers.
    """

    def __init__(self, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    async def incoming(self) -> AsyncGenerator[bytes]:
        """Yield lines until the other side closes."""
        arrived: asyncio.Queue[bytes | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        reader = threading.Thread(target=self._read, args=(loop, arrived), daemon=True)
        reader.start()
        while (line := await arrived.get()) is not None:
            yield line

    def send(self, line: bytes) -> None:
        """Queue one line, which has no line break in it."""
        self._outgoing.put(line)

    def close(self) -> None:
        """Wait a moment until what was queued is written."""
        self._outgoing.put(None)
        self._writer.join(FLUSH_SECONDS)

    def _read(self, loop: asyncio.AbstractEventLoop, arrived: asyncio.Queue[bytes | None]) -> None:
        try:
            for line in _lines(self._source):
                loop.call_soon_threadsafe(arrived.put_nowait, line)
            loop.call_soon_threadsafe(arrived.put_nowait, None)
        except RuntimeError:
            return  # the loop is closed: nobody listens any more

    def _write(self) -> None:
        while (line := self._outgoing.get()) is not None:
            try:
                _write_all(self._sink, line + b"\n")
            except OSError:
                return  # the host is gone; its closed stdin ends the process


@contextmanager
def claimed_streams() -> Generator[StandardStreams]:
    """Take stdin and stdout for messages alone: prints and child processes get other files."""
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    streams = StandardStreams(source, sink)
    try:
        yield streams
    finally:
        streams.close()


def _lines(source: int) -> Iterator[bytes]:
    unfinished = b""
    while chunk := os.read(source, CHUNK):
        *lines, unfinished = (unfinished + chunk).split(b"\n")
        yield from lines
    if unfinished:
        yield unfinished


def _write_all(sink: int, content: bytes) -> None:
    while content:
        content = content[os.write(sink, content) :]

"""Connections that do not get to the end of their request headers are closed.

uvicorn limits neither the time nor, with httptools, the size of the headers; httptools also leaves
white space behind a value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

MAX_HEAD_BYTES = 64 * 1024


class Patience:
    """How much longer, in time and in bytes, a connection may go on without a whole head."""

    def __init__(self, loop: asyncio.AbstractEventLoop, give_up: Callable[[], None]) -> None:
        self._loop = loop
        self._give_up = give_up
        self._timer: asyncio.TimerHandle | None = None
        self._bytes = 0

    def start(self, seconds: float) -> None:
        """Begin to wait for a head, unless that has begun."""
        if self._timer is None:
            self._bytes = 0
            self._timer = self._loop.call_later(seconds, self._give_up)

    def count(self, size: int) -> None:
        """Take note of what came without completing a head."""
        self._bytes += size
        if self._bytes > MAX_HEAD_BYTES:
            self._give_up()

    def stop(self) -> None:
        """Wait no more: the head is there, or the connection is another's."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def protocol(seconds: float, *, pure_python: bool = False) -> type[asyncio.Protocol]:
    """Return uvicorn's HTTP protocol with an end to its patience."""
    in_c = find_spec("httptools") and not pure_python
    name = "httptools_impl.HttpToolsProtocol" if in_c else "h11_impl.H11Protocol"
    module, _, member = name.partition(".")
    # Only one of the two can be imported on every platform.
    parent: Any = getattr(import_module(f"uvicorn.protocols.http.{module}"), member)

    class Impatient(parent):
        """Waits for a head when a connection opens, and whenever bytes come between requests."""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            parent.connection_made(self, transport)
            self._patience = Patience(self.loop, self.transport.abort)
            self._patience.start(seconds)

        def data_received(self, data: bytes) -> None:
            parent.data_received(self, data)
            # An upgraded or closed connection has left the set, and is not ours to watch.
            if self not in self.connections or not self._awaits_head():
                self._patience.stop()
            else:
                self._patience.start(seconds)
                self._patience.count(len(data))

        def on_header(self, name: bytes, value: bytes) -> None:
            # RFC 9110 5.5: white space around a value is no part of it. Only httptools calls this.
            parent.on_header(self, name, value.strip(b" \t"))

        def connection_lost(self, exc: Exception | None) -> None:
            self._patience.stop()
            parent.connection_lost(self, exc)

        def _awaits_head(self) -> bool:
            return self.cycle is None or self.cycle.response_complete

    return Impatient

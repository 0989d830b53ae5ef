"""Ours and the bare server, each in a process of its own, as they run for real."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.wire import Target
from tests.interop.product import Credentials, free_port, listening, served

BARE = str(Path(__file__).with_name("bare.py"))


@asynccontextmanager
async def bare() -> AsyncGenerator[Target]:
    """Run the bare server and yield how to reach it."""
    port = free_port()
    async with listening((sys.executable, BARE, "http", str(port)), port):
        yield Target(port)


@asynccontextmanager
async def ours(data: Path) -> AsyncGenerator[Target]:
    """Run our server on the data directory and yield how to reach it."""
    credentials = Credentials()
    async with served(data, credentials) as port:
        yield Target(port, credentials.headers)

"""Streams that a vendor writes, read for as long as somebody wants them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

T = TypeVar("T")


@asynccontextmanager
async def reading(stream: AsyncIterator[T]) -> AsyncGenerator[AsyncIterator[T]]:
    """Read a stream, and close it whatever happens, so that nothing more is made of it."""
    try:
        yield stream
    finally:
        if isinstance(stream, AsyncGenerator):
            await cast("AsyncGenerator[T, Any]", stream).aclose()

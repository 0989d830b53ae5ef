"""One door to SQLite and PostgreSQL.

A piece of work is a plain function of a connection. It runs as one transaction in one hop to a
worker thread, so that nothing of it waits on the loop between two statements; a glance at one row
of a file stays where it is. SQLite has one writer, so it gets one thread that writes in batches and
a few that read; PostgreSQL shares eight for both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from switchhook.store.batches import Batches, Done, Work

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.engines import Engine

T = TypeVar("T")

_READERS = 3
_POSTGRESQL_THREADS = 8
_BATCH = 32
"""Pieces of work in one commit: nobody shall wait long for the work of others."""


class Database:
    """Runs a function with a connection, in one transaction, away from the loop."""

    def __init__(self, url: str, *, inline: bool) -> None:
        self._url = url
        self._inline = inline
        self._beside_us = url.startswith("sqlite")
        self._opening = Lock()
        self._engine: Engine | None = None
        most = 1
        if self._beside_us:
            most = _BATCH
            self._writers = ThreadPoolExecutor(1, "store-writer")
            self._readers = ThreadPoolExecutor(_READERS, "store-reader")
        else:
            self._writers = self._readers = ThreadPoolExecutor(_POSTGRESQL_THREADS, "store")
        self._batches = Batches(self._writers, self._run, most=most)

    @classmethod
    def open(cls, url: str, *, inline: bool = False) -> Database:
        """Return the store behind the URL; it is connected and migrated at its first use.

        `inline` runs all work in the calling thread, for loops whose time is not the real one.
        """
        return cls(url, inline=inline)

    async def ready(self) -> None:
        """Connect and migrate now, so that what is wrong with the store comes to light."""
        await self.read(lambda _connection: None)

    async def write(
        self, work: Callable[[Connection], T], *, then: Callable[[T], None] | None = None
    ) -> T:
        """Run the work in a transaction that commits when it returns.

        `then` is told the result on the loop after the commit, even when the caller was cancelled
        meanwhile: what is committed must be known to everybody.
        """
        if self._inline:
            result = self._connected().write(work)
            if then:
                then(result)
            return result
        future = asyncio.wrap_future(self._batches.submit(work))
        if then:
            future.add_done_callback(_telling(then))
        return await asyncio.shield(future)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run the work on a consistent view of the store."""
        if self._inline:
            return self._connected().read(work)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._connected().read(work))

    async def glance(self, work: Callable[[Connection], T]) -> T:
        """Run work that reads one row by its key.

        In SQLite that takes less time than the hop to a thread, which moreover has to wait for the
        interpreter's lock, and readers never wait for the writer.
        """
        if self._beside_us and self._engine is not None:
            return self._engine.glance(work)
        return await self.read(work)

    def close(self) -> None:
        """Finish what runs and let go of every connection."""
        self._writers.shutdown()
        self._readers.shutdown()
        if self._engine:
            self._engine.close()
            self._engine = None

    def _run(self, works: Sequence[Work]) -> list[Done]:
        return self._connected().write_all(works)

    def _connected(self) -> Engine:
        if self._engine is None:
            with self._opening:
                if self._engine is None:
                    self._engine = _connect(self._url, single=self._inline)
        return self._engine


def _connect(url: str, *, single: bool) -> Engine:
    from switchhook.store import engines, schema  # noqa: PLC0415 - SQLAlchemy is heavy to import

    engine = engines.connect(url, single=single)
    try:
        engine.write(schema.prepare)
    except BaseException:
        engine.close()
        raise
    return engine


def _telling(then: Callable[[T], None]) -> Callable[[asyncio.Future[T]], Any]:
    def tell(done: asyncio.Future[T]) -> None:
        if not done.cancelled() and done.exception() is None:
            then(done.result())

    return tell

"""SQLite and PostgreSQL, each set up so that a commit means what it says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import sqlalchemy
from pydantic_core import from_json
from sqlalchemy import Connection, NullPool, event
from sqlalchemy.exc import DBAPIError, OperationalError

from switchhook.domain.errors import Unavailable
from switchhook.store.batches import Done, Work

T = TypeVar("T")

_PRAGMAS = (
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma busy_timeout = 5000",
    "pragma temp_store = memory",
)
_POOL = 8


class Engine(Protocol):
    """Runs work in a transaction, in the thread of the caller."""

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run the work and commit."""
        ...

    def write_all(self, works: Sequence[Work]) -> list[Done]:
        """Run each piece of work for itself, and commit as seldom as possible."""
        ...

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run the work on a snapshot."""
        ...

    def glance(self, work: Callable[[Connection], T]) -> T:
        """Run work that is a single query, which needs no transaction around it."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


def connect(url: str, *, single: bool = False) -> Engine:
    """Return the engine for the URL; `single` keeps to one connection and one thread."""
    parsed = sqlalchemy.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        in_memory = parsed.database in {None, "", ":memory:"}
        return Sqlite(parsed.set(drivername="sqlite+pysqlite"), single=single or in_memory)
    return Postgresql(parsed.set(drivername="postgresql+psycopg"))


class Sqlite:
    """One connection that writes, and one for each thread that reads."""

    def __init__(self, url: sqlalchemy.URL, *, single: bool) -> None:
        self._single = single
        self._lock = threading.Lock()
        self._local = threading.local()
        self._writing = _sqlite(url, "begin immediate")
        self._reading = _sqlite(url, "begin")
        self._glancing = _sqlite(url, None)
        self._open: list[Connection] = []
        with _translated():
            self._writer = self._connected(self._writing)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run the work while nobody else writes."""
        with self._lock, _translated(), self._writer.begin():
            return work(self._writer)

    def write_all(self, works: Sequence[Work]) -> list[Done]:
        """Run the works in one transaction; where it is lost as a whole, each in its own."""
        if len(works) > 1:
            try:
                with self._lock, self._writer.begin():
                    return [self._piece(work) for work in works]
            except DBAPIError:
                pass
        return [_attempt(self.write, work) for work in works]

    def _piece(self, work: Work) -> Done:
        self._writer.exec_driver_sql("savepoint piece")
        done = _attempt(lambda piece: piece(self._writer), work)
        if done.error is not None:
            self._writer.exec_driver_sql("rollback to piece")
        self._writer.exec_driver_sql("release piece")
        return done

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run the work beside the writer, on what is committed."""
        if self._single:
            return self.write(work)
        return self._run(work, self._reading, "reader")

    def glance(self, work: Callable[[Connection], T]) -> T:
        """Run a single query, which sees what is committed by itself."""
        if self._single:
            return self.write(work)
        return self._run(work, self._glancing, "glancer")

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._open:
            connection.close()
        for engine in (self._writing, self._reading, self._glancing):
            engine.dispose()

    def _run(self, work: Callable[[Connection], T], engine: sqlalchemy.Engine, name: str) -> T:
        with _translated():
            mine: Connection | None = getattr(self._local, name, None)
            if mine is None:
                mine = self._connected(engine)
                setattr(self._local, name, mine)
            with mine.begin():
                return work(mine)

    def _connected(self, engine: sqlalchemy.Engine) -> Connection:
        connection = engine.connect()
        self._open.append(connection)
        return connection


class Postgresql:
    """A pool of connections, read committed for work that takes its own locks."""

    def __init__(self, url: sqlalchemy.URL) -> None:
        self._engine = sqlalchemy.create_engine(
            url,
            json_deserializer=from_json,
            pool_size=_POOL,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"options": "-c timezone=utc", "connect_timeout": 10},
            isolation_level="READ COMMITTED",
        )
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ")

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run the work and commit."""
        with _translated(), self._engine.begin() as connection:
            return work(connection)

    def write_all(self, works: Sequence[Work]) -> list[Done]:
        """Run each piece of work in a transaction of its own."""
        return [_attempt(self.write, work) for work in works]

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run the work on one snapshot."""
        with _translated(), self._snapshots.begin() as connection:
            return work(connection)

    def glance(self, work: Callable[[Connection], T]) -> T:
        """Run a single query, which is its own snapshot."""
        return self.write(work)

    def close(self) -> None:
        """Close the pool."""
        self._engine.dispose()


def _sqlite(url: sqlalchemy.URL, begin: str | None) -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine(
        url,
        json_deserializer=from_json,
        poolclass=NullPool,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 5.0},
    )

    def prepare(raw: Any, _record: object) -> None:
        for pragma in _PRAGMAS:
            raw.execute(pragma)

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(str(begin))

    event.listen(engine, "connect", prepare)
    if begin:
        event.listen(engine, "begin", start)
    return engine


def _attempt(run: Callable[[Work], object], work: Work) -> Done:
    try:
        with _translated():
            return Done(result=run(work))
    except Exception as failed:  # noqa: BLE001 - it belongs to whoever waits for the work
        return Done(error=failed)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except OperationalError as failed:
        raise Unavailable(
            f"the store does not answer: {str(failed.orig)[:200]}",
            hint="switchhook doctor tells what is wrong with the database",
        ) from failed

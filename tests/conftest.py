"""What all tests share: the loop, and the store on both databases."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Generator
from pathlib import Path

import psycopg
import pytest

from switchhook.store import engines, schema
from switchhook.store.database import Database
from switchhook.store.tables import metadata
from tests import postgres

_numbers = itertools.count(1)

LONGEST = ("faults", "conformance", "simulation", "e2e", "scenarios")
"""Where whole calls are held."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql() -> Generator[str]:
    """The URL of a real PostgreSQL, which runs for as long as the tests do."""
    programs = postgres.binaries()
    if programs is None:
        missing = "PostgreSQL is not installed: neither initdb on PATH nor in /usr/lib/postgresql"
        if os.environ.get("CI") == "true":  # noqa: TID251 - a fact about the machine
            pytest.fail(missing)
        pytest.skip(missing)
    with postgres.cluster(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The URL of a database without a single table, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: str = request.getfixturevalue("postgresql")
    name = f"empty_{next(_numbers)}"
    _administer(server, f'create database "{name}"')
    yield f"{server.rpartition('/')[0]}/{name}"
    _administer(server, f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def postgresql_store(postgresql: str) -> str:
    """The URL of a store on PostgreSQL that the tests share, one after the other."""
    _administer(postgresql, "create database store")
    url = f"{postgresql.rpartition('/')[0]}/store"
    engine = engines.connect(url)
    engine.write(schema.prepare)
    engine.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store, on each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgresql_store")
    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    _administer(url, f"truncate {tables}")
    return url


@pytest.fixture
def open_store() -> Generator[Callable[[str], Database]]:
    """Open stores that are closed after the test."""
    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(Database.open(url))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def database(store_url: str, open_store: Callable[[str], Database]) -> Database:
    """A store on each database in turn."""
    return open_store(store_url)


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())

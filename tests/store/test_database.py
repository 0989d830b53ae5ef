"""One door to both databases: transactions, threads, failures."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from switchhook.domain.errors import Unavailable
from switchhook.store import accounts, engines
from switchhook.store.database import Database
from switchhook.store.tables import organizations

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def add(org_id: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        accounts.add(connection, org_id, name=org_id, salt="s", now=NOON)
        return org_id

    return work


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(organizations.c.id)).scalars())


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(add("a")) == "a"
    assert await database.read(names) == ["a"]


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        add("a")(connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await database.read(names) == []


async def test_work_leaves_the_loop_alone(database: Database) -> None:
    here = threading.get_ident()
    assert await database.write(lambda _: threading.get_ident()) != here
    assert await database.read(lambda _: threading.get_ident()) != here


async def test_a_glance_sees_what_is_committed(database: Database) -> None:
    assert await database.glance(names) == []
    await database.write(add("a"))
    assert await database.glance(names) == ["a"]


async def test_a_glance_at_a_file_costs_no_hop_to_a_thread(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'store.db'}")
    await database.ready()

    assert await database.glance(lambda _: threading.get_ident()) == threading.get_ident()
    database.close()


async def test_a_glance_into_memory_sees_the_one_store_there_is() -> None:
    database = Database.open("sqlite://")
    await database.write(add("a"))

    assert await database.glance(names) == ["a"]
    database.close()


async def test_many_write_at_once_and_nothing_is_lost(database: Database) -> None:
    await asyncio.gather(*(database.write(add(str(n))) for n in range(50)))
    assert len(await database.read(names)) == 50


async def test_a_moment_comes_back_exactly(database: Database) -> None:
    await database.write(add("a"))
    stored = await database.read(
        lambda connection: connection.execute(select(organizations.c.created_at)).scalar_one()
    )
    assert (stored, stored.tzinfo) == (NOON, UTC)


async def test_whoever_follows_is_told_even_if_the_caller_has_gone(database: Database) -> None:
    await database.ready()
    started, go_on = threading.Event(), threading.Event()
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def slow(connection: Connection) -> str:
        started.set()
        go_on.wait(5)
        return add("a")(connection)

    task = asyncio.create_task(database.write(slow, then=told.set_result))
    await asyncio.to_thread(started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    async with asyncio.timeout(5):
        assert await told == "a"
    assert await database.read(names) == ["a"]


async def test_nobody_is_told_of_what_failed(database: Database) -> None:
    told: list[Any] = []

    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail, then=told.append)
    assert told == []


async def test_inline_work_stays_in_the_calling_thread(store_url: str) -> None:
    database = Database.open(store_url, inline=True)
    here = threading.get_ident()
    told: list[str] = []
    try:
        assert await database.write(lambda _: threading.get_ident()) == here
        assert await database.write(add("a"), then=told.append) == "a"
        assert await database.read(names) == told == ["a"]
    finally:
        database.close()


async def test_a_store_in_memory_is_one_store() -> None:
    database = Database.open("sqlite://")
    await database.write(add("a"))
    assert await database.read(names) == ["a"]
    database.close()


def test_closing_what_was_never_used_is_fine() -> None:
    Database.open("sqlite://").close()


async def test_two_processes_share_a_store(
    database: Database, store_url: str, open_store: Callable[[str], Database]
) -> None:
    other = open_store(store_url)
    await asyncio.gather(database.write(add("a")), other.write(add("b")))
    assert sorted(await other.read(names)) == ["a", "b"]


async def test_many_may_open_a_new_store_at_once(
    empty_url: str, open_store: Callable[[str], Database]
) -> None:
    stores = [open_store(empty_url) for _ in range(4)]
    await asyncio.gather(*(store.ready() for store in stores))


# ---- failures -----------------------------------------------------------------------------------


async def test_sqlite_keeps_what_it_has_committed(tmp_path: Path) -> None:
    engine = engines.connect(f"sqlite:///{tmp_path / 'a.db'}")
    for run in (engine.write, engine.read):
        settings = run(
            lambda connection: [
                connection.execute(text(f"pragma {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        )
        assert settings == ["wal", 2, 1, 5000]
    engine.close()


async def test_a_full_disk_is_told_and_nothing_half_is_kept(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")

    def fill(connection: Connection) -> None:
        pages = connection.execute(text("pragma page_count")).scalar()
        connection.execute(text(f"pragma max_page_count = {pages}"))
        for number in range(1000):
            add(f"{number}{'x' * 1000}")(connection)

    await database.write(add("a"))
    with pytest.raises(Unavailable, match="full"):
        await database.write(fill)
    assert await database.read(names) == ["a"]
    database.close()


async def test_a_store_that_somebody_else_holds_is_told(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.write(lambda connection: connection.execute(text("select 1")))
    await database.write(add("a"))
    engine = database._engine  # pyright: ignore[reportPrivateUsage] - five seconds are too long here
    assert isinstance(engine, engines.Sqlite)
    engine._writer.connection.driver_connection.execute("pragma busy_timeout = 1")  # pyright: ignore[reportPrivateUsage, reportOptionalMemberAccess] - as above
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(Unavailable, match="locked"):
        await database.write(add("b"))
    other.execute("rollback")
    other.close()
    await database.write(add("b"))
    database.close()


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nowhere/at/all/a.db", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"],
)
async def test_a_store_that_is_not_there_is_told(url: str) -> None:
    database = Database.open(url)
    with pytest.raises(Unavailable, match="the store does not answer") as failed:
        await database.ready()
    assert "doctor" in (failed.value.hint or "")
    database.close()


async def test_a_connection_that_the_server_dropped_is_replaced(
    database: Database, store_url: str
) -> None:
    if store_url.startswith("sqlite"):
        return
    await database.write(add("a"))

    def drop_others(connection: Connection) -> None:
        connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        )

    await asyncio.gather(*(database.read(names) for _ in range(20)))
    await database.write(drop_others)
    for _ in range(20):
        assert await database.read(names) == ["a"]


def test_the_use_cases_do_not_import_sqlalchemy_before_they_need_it() -> None:
    program = (
        "import sys; import switchhook.service.calls, switchhook.service.keys,"
        " switchhook.service.agents, switchhook.service.status, switchhook.service.rules,"
        " switchhook.service.forms, switchhook.service.placing;"
        " from switchhook.store.database import Database; Database.open('sqlite://');"
        " heavy = {'sqlalchemy', 'alembic', 'psycopg', 'jsonschema'} & set(sys.modules);"
        " sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_store_names_only_its_modules() -> None:
    import switchhook.store as package  # noqa: PLC0415 - the module itself is tested

    with pytest.raises(AttributeError, match="nonsense"):
        _ = package.nonsense

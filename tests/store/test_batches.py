"""Work that is committed together succeeds and fails alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text

from switchhook.domain.errors import Unavailable
from switchhook.store import accounts, engines, schema
from switchhook.store.batches import Batches, Done, Work
from switchhook.store.database import Database
from switchhook.store.tables import organizations

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add(org_id: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        accounts.add(connection, org_id, name=org_id, salt="s", now=NOON)
        return org_id

    return work


def add_and_fail(connection: Connection) -> None:
    add("half")(connection)
    raise ZeroDivisionError


def names(connection: Connection) -> list[str]:
    return sorted(connection.execute(select(organizations.c.id)).scalars())


def test_each_piece_of_a_batch_succeeds_or_fails_alone(store_url: str) -> None:
    engine = engines.connect(store_url)
    engine.write(schema.prepare)
    done = engine.write_all([add("a"), add_and_fail, add("a"), add("b")])
    assert [piece.result for piece in done] == ["a", None, None, "b"]
    assert [type(piece.error).__name__ for piece in done] == [
        "NoneType",
        "ZeroDivisionError",
        "IntegrityError",
        "NoneType",
    ]
    assert engine.read(names) == ["a", "b"]
    engine.close()


def test_a_batch_that_the_disk_refuses_is_tried_piece_by_piece(tmp_path: Path) -> None:
    engine = engines.connect(f"sqlite:///{tmp_path / 'a.db'}")
    engine.write(schema.prepare)

    def too_much(connection: Connection) -> None:
        pages = connection.execute(text("pragma page_count")).scalar()
        connection.execute(text(f"pragma max_page_count = {pages}"))
        for number in range(1000):
            add(f"{number}{'x' * 1000}")(connection)

    def relieve(connection: Connection) -> str:
        connection.execute(text("pragma max_page_count = 1000000"))
        return add("b")(connection)

    done = engine.write_all([add("a"), too_much, relieve])
    assert isinstance(done[1].error, Unavailable)
    assert [piece.result for piece in done] == ["a", None, "b"]
    assert engine.read(names) == ["a", "b"]
    engine.close()


async def test_what_gathers_behind_a_slow_commit_is_committed_at_once(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.ready()
    commits: list[object] = []
    engine = database._engine  # pyright: ignore[reportPrivateUsage] - commits are counted below
    assert isinstance(engine, engines.Sqlite)
    event.listen(engine._writing, "commit", commits.append)  # pyright: ignore[reportPrivateUsage] - as above
    go_on = threading.Event()
    first = asyncio.create_task(database.write(lambda _: go_on.wait(5)))
    rest = [asyncio.create_task(database.write(add(str(n)))) for n in range(40)]
    await asyncio.sleep(0)
    go_on.set()
    async with asyncio.timeout(10):
        await asyncio.gather(first, *rest)
    assert len(commits) == 3
    database.close()


def test_whoever_waits_is_told_why_nothing_could_be_run() -> None:
    def broken(_works: Sequence[Work]) -> list[Done]:
        raise ZeroDivisionError

    with ThreadPoolExecutor(1) as writer:
        batches = Batches(writer, broken, most=8)
        with pytest.raises(ZeroDivisionError):
            batches.submit(add("a")).result(5)


def test_work_that_was_taken_back_in_time_is_not_run() -> None:
    ran: list[Any] = []

    def run(works: Sequence[Work]) -> list[Done]:
        ran.extend(works)
        return [Done() for _ in works]

    go_on = threading.Event()
    with ThreadPoolExecutor(1) as writer:
        writer.submit(go_on.wait, 5)
        batches = Batches(writer, run, most=8)
        unwanted = batches.submit(add("a"))
        assert unwanted.cancel()
        go_on.set()
    assert ran == []

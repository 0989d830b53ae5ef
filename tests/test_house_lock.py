from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from switchhook.work.engine_lock import EngineAddress, EngineLock, fresh_address

HOLD = """
import pathlib, sys
from switchhook.work.engine_lock import EngineLock
lock = EngineLock(pathlib.Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


Locks = Callable[[], EngineLock]


@pytest.fixture
def new_lock(tmp_path: Path) -> Iterator[Locks]:
    with ExitStack() as stack:

        def make() -> EngineLock:
            lock = EngineLock(tmp_path / "data")
            stack.callback(lock.release)
            return lock

        yield make


def test_the_first_to_come_gets_the_lock_and_the_second_does_not(new_lock: Locks) -> None:
    first, second = new_lock(), new_lock()

    assert first.acquire()
    assert not second.acquire()
    assert (first.held, second.held) == (True, False)


def test_who_has_the_lock_already_is_told_so_again(new_lock: Locks) -> None:
    lock = new_lock()

    assert lock.acquire()
    assert lock.acquire()


def test_a_lock_that_was_given_back_can_be_taken_by_another(new_lock: Locks) -> None:
    first, second = new_lock(), new_lock()
    first.acquire()

    first.release()
    first.release()

    assert second.acquire()


def test_a_data_directory_that_is_not_there_is_made_for_its_owner_only(
    new_lock: Locks, tmp_path: Path
) -> None:
    new_lock().acquire()

    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_lock_is_free_once_its_process_was_killed(new_lock: Locks, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "data")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not new_lock().acquire()
        holder.kill()
        holder.wait(timeout=10)

    assert new_lock().acquire()


def test_the_address_is_for_the_owner_of_the_machine_only(new_lock: Locks, tmp_path: Path) -> None:
    lock = new_lock()
    lock.acquire()

    lock.publish(fresh_address("http://127.0.0.1:4711"))

    assert stat.S_IMODE((tmp_path / "data" / "engine.json").stat().st_mode) == 0o600


def test_another_process_reads_where_the_engine_answers(new_lock: Locks) -> None:
    lock = new_lock()
    lock.acquire()
    address = fresh_address("http://127.0.0.1:4711")

    lock.publish(EngineAddress(1, "http://127.0.0.1:1", "old", "old"))
    lock.publish(address)

    assert new_lock().address() == address
    assert address.pid == os.getpid()
    assert address.headers == {"X-API-KEY": address.key, "X-API-SECRET": address.secret}


def test_two_engines_never_share_a_pair() -> None:
    one, other = fresh_address("http://127.0.0.1:1"), fresh_address("http://127.0.0.1:1")

    assert one.secret != other.secret
    assert one.secret not in repr(one)


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"pid": 1}', '{"surprise": 1}'])
def test_an_address_that_cannot_be_read_counts_as_none(
    new_lock: Locks, tmp_path: Path, text: str | None
) -> None:
    (tmp_path / "data").mkdir()
    if text is not None:
        (tmp_path / "data" / "engine.json").write_text(text)

    assert new_lock().address() is None


def test_an_old_address_is_gone_once_somebody_holds_the_lock_or_gave_it_back(
    new_lock: Locks, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    lock = new_lock()
    lock.publish(fresh_address("http://127.0.0.1:4711"))

    lock.acquire()
    assert lock.address() is None

    lock.publish(fresh_address("http://127.0.0.1:4712"))
    lock.release()
    assert lock.address() is None

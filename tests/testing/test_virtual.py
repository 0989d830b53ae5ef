from __future__ import annotations

import asyncio
import time

import pytest

from switchhook.testing import run_virtually, virtual_clock
from switchhook.testing.doors import local_door


def test_an_hour_takes_no_time() -> None:
    async def main() -> float:
        clock = virtual_clock()
        await asyncio.sleep(3600)
        return clock.monotonic()

    before = time.monotonic()
    assert run_virtually(main) == 3600
    assert time.monotonic() - before < 5


def test_real_sockets_work_when_both_ends_are_here() -> None:
    async def main() -> tuple[bytes, float]:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(5)
            writer.write(await reader.readline())
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello\n")
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.1)
        return line, asyncio.get_running_loop().time()

    line, took = run_virtually(main)
    assert line == b"hello\n"
    assert took == pytest.approx(5.1)


def test_an_answer_in_two_parts_takes_no_time_either() -> None:
    async def main() -> float:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.readline():
                writer.write(b"head ")
                writer.write(b"body\n")
            writer.close()
            await writer.wait_closed()

        with local_door() as door:
            server = await asyncio.start_server(answer, sock=door)
            reader, writer = await asyncio.open_connection(*door.getsockname())
            for _ in range(9):
                writer.write(b"again\n")
                async with asyncio.timeout(2):
                    assert await reader.readline() == b"head body\n"
            writer.close()
            await writer.wait_closed()
            server.close()
            await server.wait_closed()
            took = asyncio.get_running_loop().time()
            await asyncio.sleep(0.1)
        return took

    assert run_virtually(main) == 0


def test_a_deadlock_is_told_instead_of_waited_for() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="deadlock"):
        run_virtually(main)


def test_a_task_that_is_left_behind_fails_the_test() -> None:
    kept: list[asyncio.Task[None]] = []

    async def main() -> None:
        kept.append(asyncio.create_task(asyncio.sleep(9)))

    with pytest.raises(AssertionError, match="left behind"):
        run_virtually(main)


def test_the_work_of_threads_is_done_at_once() -> None:
    async def main() -> int:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return await asyncio.to_thread(lambda: 42)

    assert run_virtually(main) == 42

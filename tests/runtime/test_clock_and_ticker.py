from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from switchhook.runtime.clock import SystemClock
from switchhook.runtime.ticker import Ticker
from switchhook.testing import run_virtually, virtual_clock


def test_the_wall_clock_is_the_machines() -> None:
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert SystemClock().monotonic() <= time.monotonic()


def test_a_faster_clock_runs_faster_on_both_of_its_faces() -> None:
    seconds = [100.0]
    epoch = datetime(2026, 1, 1, tzinfo=UTC)
    clock = SystemClock(50.0, lambda: seconds[0], epoch)
    seconds[0] += 2

    assert clock.monotonic() == 100.0
    assert clock.now() == epoch + timedelta(seconds=100)


def test_waiting_takes_its_time_divided_by_the_speed() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        clock = SystemClock(50.0, loop.time)
        await clock.sleep_until(100.0)
        await clock.sleep_until(1.0)
        return loop.time()

    assert run_virtually(main) == pytest.approx(2.0)


def test_beats_do_not_drift() -> None:
    beats: list[float] = []

    async def main() -> None:
        ticker = Ticker(virtual_clock())
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(ticker.run())
            stop = ticker.subscribe(beats.append)
            await asyncio.sleep(120.001)
            stop()
            beating.cancel()

    run_virtually(main)

    assert len(beats) == 6_000
    assert beats[-1] == pytest.approx(120.0, abs=1e-6)


def test_a_late_beat_comes_once_and_the_schedule_is_kept() -> None:
    beats: list[float] = []
    seconds = [0.0]

    class Stalling(SystemClock):
        async def sleep_until(self, moment: float) -> None:
            seconds[0] = max(seconds[0], moment)
            if len(beats) == 2:
                seconds[0] += 0.13
            await asyncio.sleep(0)

    async def main() -> int:
        ticker = Ticker(Stalling(seconds=lambda: seconds[0]))
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(ticker.run())
            stop = ticker.subscribe(beats.append)
            for _ in range(6):
                await asyncio.sleep(0)
            stop()
            beating.cancel()
        return ticker.slips

    assert run_virtually(main) == 6
    assert beats[:4] == pytest.approx([0.02, 0.04, 0.19, 0.20])


def test_without_subscribers_the_ticker_sleeps_and_wakes_up_again() -> None:
    beats: list[float] = []

    async def main() -> None:
        ticker = Ticker(virtual_clock())
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(ticker.run())
            ticker.subscribe(beats.append)()
            await asyncio.sleep(10)
            stop = ticker.subscribe(beats.append)
            assert len(ticker) == 1
            await asyncio.sleep(0.05)
            stop()
            stop()
            beating.cancel()

    run_virtually(main)

    assert beats == pytest.approx([10.02, 10.04])

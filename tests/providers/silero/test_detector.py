from __future__ import annotations

import asyncio
import threading

import pytest

from switchhook.providers.silero.detector import Detector
from tests.providers.silero.scorers import Broken, Counting, Held
from tests.providers.silero.test_batch import LOUD, QUIET

pytestmark = pytest.mark.anyio


class Listening:
    """A call that can be waited for."""

    def __init__(self, detector: Detector) -> None:
        self.told: list[float] = []
        self._news = asyncio.Event()
        self.seat = detector.attach(lambda probability, _: self._tell(probability))

    def _tell(self, probability: float) -> None:
        self.told.append(round(probability, 3))
        self._news.set()

    async def until(self, windows: int) -> list[float]:
        async with asyncio.timeout(5):
            while len(self.told) < windows:
                self._news.clear()
                await self._news.wait()
        return self.told


async def test_all_calls_are_judged_in_one_thread_that_is_not_the_loops() -> None:
    scorer = Counting()
    with Detector(scorer) as detector:
        calls = [Listening(detector) for _ in range(3)]
        for call in calls:
            detector.feed(call.seat, LOUD)
        detector.tick()
        for call in calls:
            assert await call.until(1) == [1.0]
    assert scorer.batches == [3]
    assert scorer.threads == {"silero_0"}


async def test_what_comes_while_a_batch_is_judged_waits_for_the_next_tick() -> None:
    scorer = Held()
    with Detector(scorer) as detector:
        call, late = Listening(detector), Listening(detector)
        detector.feed(call.seat, LOUD)
        detector.tick()
        detector.feed(late.seat, LOUD)
        detector.tick()
        scorer.free.set()
        await call.until(1)
        assert late.told == []
        detector.tick()
        assert await late.until(1) == [1.0]
    assert scorer.batches == [1, 1]


async def test_a_backlog_does_not_wait_for_ticks() -> None:
    scorer = Counting()
    with Detector(scorer) as detector:
        calls = [Listening(detector) for _ in range(2)]
        for call in calls:
            detector.feed(call.seat, LOUD * 3)
        detector.tick()
        for call in calls:
            assert await call.until(3) == [1.0, 0.999, 0.998]
    assert scorer.batches == [2, 2, 2]


async def test_quiet_lines_never_reach_the_thread() -> None:
    scorer = Counting()
    with Detector(scorer) as detector:
        call = Listening(detector)
        detector.feed(call.seat, QUIET * 3)
        detector.tick()
        assert call.told == [0.0, 0.0, 0.0]
    assert scorer.batches == []


async def test_a_model_that_fails_hears_nobody_and_goes_on() -> None:
    with Detector(Broken()) as detector:
        call = Listening(detector)
        detector.feed(call.seat, LOUD * 2)
        detector.tick()
        assert await call.until(2) == [0.0, 1.0]


async def test_a_call_that_ends_while_it_is_judged_is_told_nothing() -> None:
    scorer = Held()
    with Detector(scorer) as detector:
        call, other = Listening(detector), Listening(detector)
        for each in (call, other):
            detector.feed(each.seat, LOUD)
        detector.tick()
        detector.detach(call.seat)
        scorer.free.set()
        await other.until(1)
        assert call.told == []


async def test_after_the_end_there_is_no_thread_and_nobody_is_told() -> None:
    scorer = Held()
    with Detector(scorer) as detector:
        call = Listening(detector)
        detector.feed(call.seat, LOUD)
        detector.tick()
        scorer.free.set()
    await asyncio.sleep(0)
    detector.feed(call.seat, LOUD)
    detector.tick()
    assert call.told == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("silero")]

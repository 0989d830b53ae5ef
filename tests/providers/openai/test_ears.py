from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from openai.types.realtime import RealtimeClientEvent
from pydantic import TypeAdapter

from switchhook.domain.errors import EarsLost, Misconfigured, Unavailable
from switchhook.engine.expectation import Expectation
from switchhook.ports import Frame, Heard, Listening
from switchhook.providers.openai.ears import OpenAIEars, OpenAIHearing
from switchhook.runtime.framing import QUIET
from switchhook.testing import run_virtually, sounds
from switchhook.testing.openai import FakeOpenAI, Mishap, Scribe
from tests.providers.openai.asking import reaching

CLIENT: TypeAdapter[object] = TypeAdapter(RealtimeClientEvent)


@asynccontextmanager
async def hearing(
    fake: FakeOpenAI, heard: list[Heard]
) -> AsyncGenerator[tuple[OpenAIHearing, asyncio.Task[None]]]:
    async with reaching(fake) as api:
        ear = OpenAIEars(api).open(Listening("en", ("Ava",)), heard.append)
        ear.expect(Expectation())
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(ear.run())
            yield ear, running
            ear.close()


class Mouth:
    """Speaks into an ear at the pace of a telephone."""

    def __init__(self, ear: OpenAIHearing) -> None:
        self._ear = ear
        self._at = 0

    async def speaks(self, milliseconds: int) -> None:
        for audio in sounds.syllables(milliseconds):
            await self._push(Frame(audio))
        for _ in range(40):
            await self._push(QUIET)

    async def _push(self, frame: Frame) -> None:
        self._ear.push(frame, self._at)
        self._at += 20
        await asyncio.sleep(0.02)


def test_a_call_is_heard_in_order_however_late_its_words_are() -> None:
    heard: list[Heard] = []
    fake = FakeOpenAI(scribe=Scribe(texts=["Good morning.", "It is Ava."], seconds=[2.0, 0.1]))

    async def main() -> None:
        async with hearing(fake, heard) as (ear, _):
            mouth = Mouth(ear)
            await mouth.speaks(600)
            await mouth.speaks(800)
            await asyncio.sleep(2)

    run_virtually(main)

    certain = [h for h in heard if h.certain]
    assert [h.text for h in certain] == ["Good morning.", "It is Ava."]
    assert certain[0].start_ms <= 60
    assert abs(certain[0].end_ms - 600) <= 60
    assert abs(certain[1].start_ms - 1400) <= 60
    assert [h.text for h in heard if not h.certain][:2] == ["Good", "Good morning."]
    assert heard[0].end_ms < certain[0].end_ms
    for message in fake.received:
        CLIENT.validate_python(message)


@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        (Mishap(status=401), Misconfigured),
        (Mishap(status=503), EarsLost),
        (Mishap(wait=4.0), EarsLost),
        (Mishap(hang_after=1), EarsLost),
        (Mishap(cut_after=3, close_code=1011), EarsLost),
        (Mishap(garbage_after=3), EarsLost),
    ],
)
def test_ears_that_are_lost_say_so(mishap: Mishap, error: type[Unavailable]) -> None:
    async def main() -> None:
        fake = FakeOpenAI(mishaps=[mishap])
        async with reaching(fake) as api:
            ear = OpenAIEars(api).open(Listening("en"), lambda _: None)
            async with asyncio.TaskGroup() as tasks:
                speaking = tasks.create_task(Mouth(ear).speaks(600))
                with pytest.raises(error):
                    await ear.run()
                speaking.cancel()

    run_virtually(main)


def test_ears_that_are_closed_leave_nothing_behind() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with hearing(fake, []) as (ear, running):
            await asyncio.sleep(1)
            assert fake.live == 1
            ear.close()
            await running
            assert fake.live == 0

    run_virtually(main)


def test_a_call_that_ends_cancels_its_ears() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with hearing(fake, []) as (_, running):
            await asyncio.sleep(1)
            running.cancel()
        await asyncio.sleep(1)
        assert fake.live == 0

    run_virtually(main)

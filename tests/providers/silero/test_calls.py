from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing

import numpy as np
import pytest

from switchhook.audio import g711
from switchhook.audio.activity import Change
from switchhook.domain.agent import AgentSpec
from switchhook.engine.events import Event, SpeechFades, SpeechStarted, SpeechStopped
from switchhook.ports import Frame
from switchhook.providers.silero.calls import Neural, Seated
from switchhook.providers.silero.model import Model, Scorer
from switchhook.runtime.listening import Listener, event_of
from switchhook.runtime.ticker import Ticker
from switchhook.testing import virtual_clock
from tests.audio.sounds import Wave, frames, noise, pcm, silence, voice
from tests.providers.silero.scorers import Counting, Held
from tests.providers.silero.test_model import needs_model

pytestmark = pytest.mark.anyio


class Beat(Ticker):
    """A beat that the test gives."""

    def __init__(self) -> None:
        super().__init__(virtual_clock())
        self.ticks: list[Callable[[float], None]] = []

    def subscribe(self, tick: Callable[[float], None]) -> Callable[[], None]:
        self.ticks.append(tick)
        return lambda: self.ticks.remove(tick)

    def __len__(self) -> int:
        return len(self.ticks)


class Stage:
    """Calls with a neural detector, and the beat that judges them."""

    def __init__(self, scorer: Scorer) -> None:
        self.beat = Beat()
        self.neural = Neural(scorer, self.beat)

    async def tick(self) -> None:
        """Beat, and let the thread tell what it found."""
        for tick in list(self.beat.ticks):
            tick(0.0)
        thread = self.neural._shared._thread  # pyright: ignore[reportPrivateUsage] - what it judged is told before the next job is done
        await asyncio.wrap_future(thread.submit(int))


@asynccontextmanager
async def stage(scorer: Scorer) -> AsyncGenerator[Stage]:
    scene = Stage(scorer)
    with closing(scene.neural):
        yield scene


async def sensed(scene: Stage, wave: Wave, own: int = 0) -> list[Event]:
    """Return what a listener of a call hears in a wave, while our own side is so loud."""
    late: list[Event] = []
    now = 0

    def told(change: Change) -> None:
        late.append(event_of(change, now))

    listener = Listener(AgentSpec(), scene.neural, told)
    for number, audio in enumerate(frames(pcm(wave))):
        now = number * 20
        _, events = listener.hear(Frame(g711.encode(audio)), now, own)
        late += events
        await scene.tick()
    listener.close()
    return late


@needs_model
async def test_a_call_is_told_when_a_voice_begins_pauses_and_ends() -> None:
    wave = np.concatenate((silence(400), voice(900), silence(600)))
    async with stage(Model()) as scene:
        events = await sensed(scene, wave)

    [start] = [event.at_ms for event in events if isinstance(event, SpeechStarted)]
    [stop] = [event.at_ms for event in events if isinstance(event, SpeechStopped)]
    assert abs(start - 400) <= 120
    assert abs(stop - 1300) <= 160
    order = [type(event) for event in events]
    assert order.index(SpeechFades) < order.index(SpeechStopped)
    assert events[-1] == SpeechFades(quiet=False)


@needs_model
async def test_our_own_voice_coming_back_is_nobody() -> None:
    echo = np.concatenate((silence(200), voice(1500, rms=150)))
    async with stage(Model()) as scene:
        assert await sensed(scene, echo, own=3000) == []
        assert [type(e) for e in await sensed(scene, echo)][:1] == [SpeechStarted]


async def test_who_speaks_over_us_is_heard() -> None:
    async with stage(Counting()) as scene:
        events = await sensed(scene, np.concatenate((silence(400), noise(600, 4000))), own=1500)

    assert SpeechStarted in [type(event) for event in events]


async def test_the_beat_rests_while_nobody_is_there_to_be_judged() -> None:
    async with stage(Counting()) as scene:
        assert len(scene.beat) == 0
        first, second = seat(scene), seat(scene)
        assert len(scene.beat) == 1
        first.close()
        first.close()
        assert len(scene.beat) == 1
        second.close()
        assert len(scene.beat) == 0
        seat(scene).close()


async def test_all_calls_share_one_inference() -> None:
    scorer = Counting()
    async with stage(scorer) as scene:
        seats = [seat(scene) for _ in range(3)]
        loud = list(frames(pcm(noise(200, 3000))))[:2]
        for audio in loud:
            for each in seats:
                each.feed(Frame(g711.encode(audio)), audio, 0)
        await scene.tick()
        assert scorer.batches == [3]


async def test_nobody_is_told_anything_after_the_end() -> None:
    told: list[Change] = []
    scorer = Held()
    scene = Stage(scorer)
    call = scene.neural(told.append, 0.0)
    for audio in frames(pcm(noise(400, 3000))):
        call.feed(Frame(g711.encode(audio)), audio, 0)
    scene.beat.ticks[0](0.0)
    scorer.free.set()
    scene.neural.close()
    await asyncio.sleep(0)
    assert told == []


def seat(scene: Stage) -> Seated:
    return scene.neural(lambda _: None, 0.0)

"""What must not wait for the next frame or the next beat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from switchhook.audio.activity import Change
from switchhook.domain.agent import AgentSpec, TurnSettings
from switchhook.engine.events import SpeechStarted
from switchhook.ports import Frame
from switchhook.runtime.booth import booth
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.call import RunningCall
from switchhook.runtime.casting import Troupe
from switchhook.runtime.framing import QUIET
from switchhook.runtime.listening import Listener, event_of
from switchhook.runtime.studio import Studio
from switchhook.runtime.ticker import Ticker
from switchhook.testing import (
    AT_ONCE,
    FakeLine,
    NotedJournal,
    PlainEars,
    PlainVoice,
    Waits,
    a_call,
    answered,
    run_virtually,
    virtual_clock,
)

BETWEEN = 2.013


class Elsewhere:
    """A detector whose findings come from somewhere else, at any moment."""

    fading = False

    def __init__(self) -> None:
        self.told: Callable[[Change], None] | None = None

    def open(self, told: Callable[[Change], None], min_volume: float) -> Elsewhere:
        del min_volume
        self.told = told
        return self

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        """Leave it to somebody else."""

    def close(self) -> None:
        """Let go of nothing."""

    def find(self, change: Change) -> None:
        assert self.told is not None
        self.told(change)


def test_what_is_found_between_two_frames_is_told_at_once() -> None:
    found: list[Change] = []
    detector = Elsewhere()
    listener = Listener(AgentSpec(), detector.open, found.append)

    detector.find(Change.STARTED)
    assert found == [Change.STARTED]
    assert listener.hear(QUIET, 20)[1] == []


def test_what_nobody_is_told_comes_with_the_next_frame() -> None:
    detector = Elsewhere()
    listener = Listener(AgentSpec(), detector.open)

    detector.find(Change.STARTED)
    assert listener.hear(QUIET, 200)[1] == [event_of(Change.STARTED, 200)]
    assert isinstance(event_of(Change.STARTED, 200), SpeechStarted)


def test_a_callee_heard_between_two_frames_silences_the_agent_within_two_beats() -> None:
    async def main() -> float:
        clock, detector = virtual_clock(), Elsewhere()
        call = a_call(
            first_message="I would like to tell you at some length about a great many things. " * 3,
            turns=TurnSettings(interruption_mode="immediate"),
        )
        ticker, line, journal = Ticker(clock), FakeLine([Waits(60)], clock), NotedJournal(call)
        troupe = Troupe(PlainEars(), PlainVoice())
        parts = (clock, ticker, troupe, journal, Path("recordings"))
        studio = Studio(*parts, detector.open, breakers=Breakers(clock))
        async with booth(call, studio) as own, asyncio.TaskGroup() as group:
            running = RunningCall(line, own)
            beating = group.create_task(ticker.run())
            ending = group.create_task(running.run())
            await clock.sleep_until(5 + BETWEEN)
            detector.find(Change.STARTED)
            await clock.sleep_until(8)
            line.hang_up()
            await ending
            beating.cancel()
        return line.cleared[0]

    assert run_virtually(main) - (5 + BETWEEN) <= 0.03


def test_the_first_frames_of_an_utterance_do_not_wait_for_a_beat() -> None:
    async def main() -> float:
        async with answered(a_call("book a table", turns=AT_ONCE), [Waits(60)]) as call:
            await asyncio.sleep(1)
            return call.line.outgoing[0].at - call.line.answered_at

    assert run_virtually(main) == 0.0

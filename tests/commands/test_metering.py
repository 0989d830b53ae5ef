"""The meter of a call: what passes is forwarded unchanged, and noted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from switchhook.audio import g711, tones
from switchhook.commands.metering import Meter, MeteredCarrier, MeteredLine, Side, loudness
from switchhook.domain.lifecycle import Reason
from switchhook.ports import (
    Dial,
    Frame,
    Leg,
    LegEvent,
    LineClosed,
    LineEvent,
    MarkEchoed,
    NotPickedUp,
    PickedUp,
    Ringing,
)

pytestmark = pytest.mark.anyio

QUIET = Frame(g711.silence(20))
LOUD = Frame(g711.encode(tones.sine(440.0, 20)), ("Hello?",))


@dataclass
class FakeLine:
    incoming: list[LineEvent]
    done: list[object] = field(default_factory=list[object])
    carries_words: bool = True
    reports_keys: bool = False

    async def events(self) -> AsyncIterator[LineEvent]:
        for event in self.incoming:
            yield event

    def send(self, frame: Frame) -> None:
        self.done.append(frame)

    def mark(self, name: str) -> None:
        self.done.append(f"mark {name}")

    def clear(self) -> None:
        self.done.append("clear")

    def send_digits(self, digits: str) -> None:
        self.done.append(f"keys {digits}")


@dataclass
class FakeLeg:
    progress: list[LegEvent]
    hung_up: bool = False

    async def events(self) -> AsyncIterator[LegEvent]:
        for event in self.progress:
            yield event

    async def hang_up(self) -> None:
        self.hung_up = True


@dataclass
class FakeCarrier:
    leg: FakeLeg
    dialled: list[Dial] = field(default_factory=list[Dial])
    name: str = "fake"
    simulated: bool = True

    async def dial(self, request: Dial) -> Leg:
        self.dialled.append(request)
        return self.leg


async def dialled(leg: FakeLeg, meter: Meter) -> Leg:
    carrier = MeteredCarrier.around(FakeCarrier(leg), meter)
    return await carrier.dial(Dial("call_1", "token", "+15550100001", None))


def test_a_metered_carrier_is_known_by_the_name_of_its_own() -> None:
    metered = MeteredCarrier.around(FakeCarrier(FakeLeg([])), Meter())

    assert (metered.name, metered.simulated) == ("fake", True)


async def test_an_attempt_goes_on_as_it_would_without_a_meter() -> None:
    fake = FakeLeg([Ringing(), NotPickedUp(Reason.BUSY)])

    leg = await dialled(fake, Meter())
    seen = [event async for event in leg.events()]
    await leg.hang_up()

    assert seen == [Ringing(), NotPickedUp(Reason.BUSY)]
    assert fake.hung_up


async def test_what_the_callee_sends_is_passed_on_and_noted() -> None:
    meter = Meter()
    incoming: list[LineEvent] = [QUIET, LOUD, MarkEchoed("m"), LineClosed()]
    leg = await dialled(FakeLeg([PickedUp(FakeLine(incoming))]), meter)

    lines = [e.line async for e in leg.events() if isinstance(e, PickedUp)]
    line = lines[0]
    assert isinstance(line, MeteredLine)
    seen = [event async for event in line.events()]

    assert seen == incoming
    assert (line.carries_words, line.reports_keys) == (True, False)
    assert meter.now_ms == 40
    assert meter.callee.saying(meter.now_ms) == "Hello?"
    assert meter.callee.glance() > 0
    assert meter.agent.glance() == 0


def test_what_the_agent_does_is_passed_on_and_its_sound_noted() -> None:
    inner, meter = FakeLine([]), Meter()
    line = MeteredLine(inner, meter)

    line.send(LOUD)
    line.mark("m1")
    line.clear()
    line.send_digits("12")

    assert inner.done == [LOUD, "mark m1", "clear", "keys 12"]
    assert meter.agent.saying(0) == "Hello?"
    assert meter.agent.glance() > 0.5


def test_silence_is_nothing_and_no_sound_is_more_than_all() -> None:
    full = Frame(g711.encode(b"\xff\x7f" * 160))

    assert loudness(QUIET) == 0.0
    assert loudness(full) == 1.0


def test_a_level_rises_at_once_and_falls_slowly_to_nothing() -> None:
    side = Side()
    side.note(LOUD, 0)
    levels = [side.glance() for _ in range(12)]

    assert levels == sorted(levels, reverse=True)
    assert levels[0] > levels[1] > 0
    assert levels[-1] == 0.0


def test_words_that_were_written_down_are_no_longer_being_said() -> None:
    side = Side()
    for at, word in enumerate(("one", "two", "three")):
        side.note(Frame(QUIET.audio, (word,)), at * 100)

    side.written(until_ms=150)

    assert side.saying(200) == "three"


def test_words_that_nobody_writes_down_are_forgotten() -> None:
    side = Side()
    side.note(LOUD, 0)

    assert side.saying(4000) == "Hello?"
    assert side.saying(4001) == ""

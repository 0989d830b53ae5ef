"""Vendors that fail over their own wires, whoever they are and however they do it.

Every connection meets the same mishap, so that trying again does not help, or only the first few,
so that it does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from switchhook.domain.lifecycle import TERMINAL, State
from switchhook.ports import Ears, Mind, Voice
from switchhook.providers.openai.ears import OpenAIEars
from switchhook.providers.openai.responses import ResponsesMind
from switchhook.providers.openai.voice import OpenAIVoice
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service.exchange import Exchange
from switchhook.store.database import Database
from switchhook.testing import (
    FakeCarrier,
    FakeLeg,
    HangsUp,
    Listens,
    PlainEars,
    PlainVoice,
    Said,
    Step,
    Waits,
    run_virtually,
    virtual_clock,
)
from switchhook.testing import openai as open_ai
from switchhook.testing.openai import FakeOpenAI, Scribe, when
from switchhook.testing.vendors import Mishap, Reception
from switchhook.work.placing import Placing
from tests.faults.judging import SILENCE, longest_silence
from tests.providers.openai.asking import reaching
from tests.providers.rigs import EARS, VOICES, EarsRig, VoiceRig
from tests.scenarios.exchanges import Calls

ALWAYS = 60
"""More connections than any call makes."""
LET_GO = 10.0
"""Seconds after the call in which the vendor has noticed that nobody is connected any more."""
SAID = ["Who is this?", "Yes, sure.", "No, thanks."]
POLITE: tuple[Step, ...] = (
    *(step for text in SAID for step in (Listens(), Said(text))),
    Waits(14.0),
    HangsUp(),
)

WIRE: dict[str, Mishap] = {
    "refuses with 429": Mishap(status=429, retry_after=1),
    "refuses with 500": Mishap(status=500),
    "refuses the key": Mishap(status=401),
    "never answers the handshake": Mishap(wait=10_000.0),
    "accepts, and is silent": Mishap(hang_after=0),
    "hangs midway": Mishap(hang_after=4),
    "is cut midway": Mishap(cut_after=4),
    "closes with an error": Mishap(cut_after=4, close_code=1011),
    "sends garbage": Mishap(garbage_after=2),
    "is slow": Mishap(latency=0.7),
}
HTTP: dict[str, open_ai.Mishap] = {
    "refuses with 429": open_ai.Mishap(status=429),
    "refuses with 500": open_ai.Mishap(status=500),
    "refuses the key": open_ai.Mishap(status=401),
    "begins after ten seconds": open_ai.Mishap(wait=10.0),
    "never ends": open_ai.Mishap(hang_after=3),
    "is cut midway": open_ai.Mishap(cut_after=3),
    "sends garbage": open_ai.Mishap(garbage_after=1),
}


PASSING = frozenset({"refuses with 500", "hangs midway", "is cut midway", "never ends"})
"""What is also tried once only, to see that the call goes on as if nothing had been."""


def each(mishaps: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    """Yield how each mishap happens, and how often."""
    for name in mishaps:
        yield name, ALWAYS
        if name in PASSING:
            yield name, 1


@dataclass
class Providers:
    """Who hears, speaks and thinks in the call."""

    ears: Ears
    voice: Voice
    minds: Mapping[str, Mind]


class Vendor(Protocol):
    """Opens a vendor, and tells how many connections it has."""

    def __call__(self) -> AbstractAsyncContextManager[tuple[Providers, Callable[[], int]]]: ...


async def call(vendor: Vendor) -> tuple[list[State], FakeLeg]:
    """Hold a call with what the vendor gives; return its states and its leg."""
    clock = virtual_clock()
    ticker, desk = Ticker(clock), Calls()
    desk.add("one", max_duration_seconds=60, idle_seconds=2)
    carrier = FakeCarrier(clock, POLITE)
    exchange = Exchange(
        database=Database.open("sqlite://", inline=True),
        clock=clock,
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={"fake": carrier},
        default_carrier="fake",
        recordings=Path("recordings"),
    )
    async with vendor() as (given, live):
        troupe = Troupe(given.ears, given.voice, given.minds)
        placing = Placing(exchange, ticker, troupe, desk=desk)
        async with placing.open():
            placing.wake("one")
            async with asyncio.timeout(3600):
                await placing.idle()
        async with asyncio.timeout(LET_GO):
            while live():  # noqa: ASYNC110 - the vendor's own count
                await asyncio.sleep(0.1)
    assert (len(ticker), len(exchange.switchboard)) == (0, 0)
    return desk.states(), carrier.legs["one"]


def suffer(vendor: Vendor) -> None:
    """Hold a call, and check what holds for every fault; that no task is left is checked too."""
    states, leg = run_virtually(lambda: call(vendor))

    assert sum(state in TERMINAL for state in states) == 1
    assert states[-1] in TERMINAL
    assert len(leg.hung_up) == 1
    assert longest_silence(leg) <= SILENCE


def connected(reception: Reception, mishaps: list[Mishap]) -> Callable[[], int]:
    """Return who counts the connections; a vendor that hangs does not notice that one is gone."""
    hangs = any(mishap.hang_after is not None for mishap in mishaps)
    return lambda: 0 if hangs else reception.live


def spoken_by(rig: VoiceRig, mishaps: list[Mishap]) -> Vendor:
    @asynccontextmanager
    async def vendor() -> AsyncGenerator[tuple[Providers, Callable[[], int]]]:
        fake = rig.fake()
        fake.reception.mishaps += mishaps
        async with fake.reception.serving() as url:
            voice = rig.voice(fake.key, virtual_clock(), url)
            yield Providers(PlainEars(), voice, {}), connected(fake.reception, mishaps)

    return vendor


def heard_by(rig: EarsRig, mishaps: list[Mishap]) -> Vendor:
    @asynccontextmanager
    async def vendor() -> AsyncGenerator[tuple[Providers, Callable[[], int]]]:
        fake = rig.fake(list(SAID))
        fake.reception.mishaps += mishaps
        async with fake.reception.serving() as url:
            ears = rig.ears(fake.key, virtual_clock(), url)
            yield Providers(ears, PlainVoice(), {}), connected(fake.reception, mishaps)

    return vendor


def by_openai(part: str, mishaps: list[open_ai.Mishap]) -> Vendor:
    """One part of the call by OpenAI, and the others by nobody who fails."""

    @asynccontextmanager
    async def vendor() -> AsyncGenerator[tuple[Providers, Callable[[], int]]]:
        brain = when({"": "I would like a table, is that possible?"})
        fake = FakeOpenAI(brain=brain, scribe=Scribe(texts=list(SAID)), mishaps=mishaps)
        async with reaching(fake) as api:
            parts: dict[str, Any] = {
                "ears": OpenAIEars(api) if part == "ears" else PlainEars(),
                "voice": OpenAIVoice(api) if part == "voice" else PlainVoice(),
                "minds": {"model": ResponsesMind(api)} if part == "mind" else {},
            }
            yield Providers(**parts), lambda: fake.live

    return vendor


@pytest.mark.parametrize(("name", "times"), [*each(WIRE)])
@pytest.mark.parametrize("rig", VOICES, ids=lambda rig: rig.name)
def test_a_voice_that_fails_leaves_nobody_in_silence(rig: VoiceRig, name: str, times: int) -> None:
    suffer(spoken_by(rig, [WIRE[name]] * times))


@pytest.mark.parametrize(("name", "times"), [*each(WIRE)])
@pytest.mark.parametrize("rig", EARS, ids=lambda rig: rig.name)
def test_ears_that_fail_leave_nobody_in_silence(rig: EarsRig, name: str, times: int) -> None:
    suffer(heard_by(rig, [WIRE[name]] * times))


@pytest.mark.parametrize(("name", "times"), [*each(HTTP)])
@pytest.mark.parametrize("part", ["ears", "voice", "mind"])
def test_a_vendor_of_everything_that_fails_leaves_nobody_in_silence(
    part: str, name: str, times: int
) -> None:
    suffer(by_openai(part, [HTTP[name]] * times))

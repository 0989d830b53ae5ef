"""Time that does not pass as it should: a loop that stands still, a wall clock that is put back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from switchhook.domain.lifecycle import TERMINAL
from switchhook.testing import FakeCarrier, HangsUp, Listens, Said, Step, Waits, stall
from tests.faults.judging import SILENCE, longest_silence
from tests.scenarios.exchanges import Calls, Office, answers, place

POLITE: tuple[Step, ...] = (
    Listens(),
    Said("Who is this?"),
    Listens(),
    Said("Yes, sure."),
    Listens(),
    Said("No, thanks."),
    Waits(14.0),
    HangsUp(),
)
MOMENTS = (0.5, 2.5, 4.0, 6.0, 9.0)
"""Seconds after which something happens to the time: ringing, greeting, listening, answering."""


def check(office: Office, stalled: float = 0.0) -> None:
    """Check that the call has an end, that nobody is on the line, and that there was a sound."""
    states = office.desk.states()
    leg = office.carrier.legs["one"]
    assert sum(state in TERMINAL for state in states) == 1
    assert states[-1] in TERMINAL
    assert len(leg.hung_up) == 1
    assert longest_silence(leg) <= SILENCE + stalled


def a_desk() -> Calls:
    desk = Calls()
    desk.add("one", max_duration_seconds=40, idle_seconds=2)
    return desk


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("seconds", [0.05, 0.5, 5.0])
def test_a_loop_that_stands_still_goes_on_with_every_call(moment: float, seconds: float) -> None:
    async def act(_office: Office) -> None:
        await asyncio.sleep(moment)
        stall(seconds)

    check(place(a_desk(), answers(POLITE), act), stalled=seconds)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_wall_clock_that_is_put_on_or_back_touches_no_call(
    moment: float, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = place(a_desk(), answers(POLITE))

    async def act(office: Office) -> None:
        await asyncio.sleep(moment)
        clock = office.exchange.clock
        before = clock.now

        def moved() -> datetime:
            return before() + timedelta(hours=hours)

        monkeypatch.setattr(clock, "now", moved)

    office = place(a_desk(), answers(POLITE), act)

    check(office)
    assert isinstance(office.carrier, FakeCarrier)
    assert office.seconds == pytest.approx(undisturbed.seconds)

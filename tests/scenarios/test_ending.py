"""S30-S42: every call ends, in time and in order, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Verdict
from switchhook.engine.effects import HangUp as HungUp
from switchhook.ports import HangUp
from switchhook.testing import (
    Conditions,
    Faults,
    HangsUp,
    Interrupts,
    Listens,
    Marks,
    Said,
    Vanishes,
    Waits,
)
from tests.scenarios.bugs import (
    breaks_with_the_line,
    ears_of_nobody,
    ending_never_ends,
    goodbye_cut_short,
    patience_without_end,
    silent_line_is_believed,
    stays_plugged_in,
    success_called_failure,
    ticker_goes_on,
)
from tests.scenarios.exchanges import Calls, Office, answers, errors, place
from tests.scenarios.stage import TELEPHONE, play
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import (
    call_not_hung_up,
    ear_left_open,
    task_left_behind,
)

FORESEEN = 7
"""How many lines are made while it rings."""

POLITE = [Listens(), Said("Yes, sure."), Listens(), Said("No, thanks.")]
NO_MARKS = Conditions(buffer=0.1, marks=Marks.NEVER)


def one(**spec: Any) -> Calls:
    """A desk with one call."""
    desk = Calls()
    desk.add("one", **spec)
    return desk


@pytest.mark.parametrize("conditions", [TELEPHONE, NO_MARKS], ids=["marks", "no marks"])
@fails_with(goodbye_cut_short)
def test_s30_goodbye_is_heard_before_hang_up(conditions: Conditions) -> None:
    scene = play(POLITE, conditions=conditions)

    ((hung_up, _),) = scene.effects(HungUp)
    heard, word = scene.played[-1]
    assert word == "Goodbye."
    assert heard < hung_up <= heard + 3.0
    assert scene.agent[-1] == "Thank you for your time. Goodbye."


def ended_by_us(voice: Faults, conditions: Conditions) -> tuple[Office, float]:
    """The assistant hangs up after nine seconds; return what followed, and how long it took."""
    asked: list[float] = []

    async def end_it(office: Office) -> None:
        await asyncio.sleep(9)
        call = office.exchange.switchboard.find("one")
        assert call is not None
        asked.append(office.exchange.clock.monotonic())
        await call.control(HangUp())

    desk = one(mind={"kind": "assistant"}, idle_seconds=60)
    office = place(desk, answers([], conditions=conditions), end_it, voice=voice)
    assert desk.end() == (State.ENDED, Reason.API_HANGUP)
    assert len(office.carrier.legs["one"].hung_up) == 1
    return office, office.seconds - asked[0]


@fails_with(ending_never_ends)
def test_s31_ending_always_ends() -> None:
    _, took = ended_by_us(Faults(), NO_MARKS)

    assert took <= 10


@fails_with(patience_without_end)
def test_s31_ending_always_ends_without_a_voice() -> None:
    _, took = ended_by_us(Faults(hang=1.0, after=2), TELEPHONE)

    assert took <= 10


@fails_with(breaks_with_the_line)
def test_s32_caller_hangs_up_while_agent_speaks() -> None:
    desk = one()
    office = place(desk, answers([Waits(until_heard="calling"), HangsUp()], conditions=TELEPHONE))

    leg = office.carrier.legs["one"]
    assert leg.line.outgoing[-1].at <= leg.hung_up[0]
    assert desk.end() == (State.ENDED, Reason.USER_HANGUP)
    assert errors(office) == []
    assert len(office.voice.asked) == FORESEEN


@pytest.mark.parametrize("after", [1.0, 4.999, 5.0, 5.001], ids=str)
@fails_with(call_not_hung_up)
def test_s35_ringing_is_cancelled(after: float) -> None:
    async def cancel(office: Office) -> None:
        await asyncio.sleep(after)
        call = office.exchange.switchboard.find("one")
        assert call is not None
        assert (await call.control(HangUp(Reason.CANCELED))).result == "done"

    desk = one()
    office = place(desk, answers([], rings=5.0), cancel)

    assert desk.end() in {
        (State.NOT_CONNECTED, Reason.CANCELED),
        (State.ENDED, Reason.CANCELED),
    }
    assert len(office.carrier.legs["one"].hung_up) == 1


@pytest.mark.parametrize("refusal", [Reason.BUSY, Reason.NO_ANSWER, Reason.DECLINED])
@fails_with(ears_of_nobody)
def test_s36_unanswered_call_leaves_nothing(refusal: Reason) -> None:
    desk = one()
    office = place(desk, answers([], refusal=refusal))

    assert desk.end() == (State.NOT_CONNECTED, refusal)
    assert office.ears.opened == office.ears.closed == 1
    assert office.carrier.legs["one"].line.sent == []
    assert len(office.carrier.legs["one"].hung_up) == 1


@pytest.mark.parametrize(
    "script",
    [POLITE, [Interrupts("Stop calling me.")], [HangsUp()]],
    ids=["to the end", "stopped", "at once"],
)
@fails_with(task_left_behind, ear_left_open, ticker_goes_on)
def test_s37_zero_after_hang_up(script: list[Said]) -> None:
    office = place(one(), answers(script, conditions=TELEPHONE))

    assert len(office.ticker) == len(office.exchange.switchboard) == 0


@fails_with(ticker_goes_on)
def test_s39_no_cpu_after_hang_up() -> None:
    scene = play(POLITE, conditions=TELEPHONE)

    assert len(scene.call.ticker) == 0


@fails_with(stays_plugged_in)
def test_s40_refused_by_limit_leaks_nothing() -> None:
    desk = one()
    desk.refused.add("one")

    office = place(desk, answers(POLITE))

    assert desk.journals["one"].entries == []
    assert office.carrier.legs == {}
    assert office.ears.opened == 0
    assert office.placing.live == ()


@fails_with(silent_line_is_believed)
def test_s41_peer_stops_media_without_goodbye() -> None:
    script = [Listens(), Said("Yes, sure."), Vanishes()]
    desk = one(idle_seconds=60)

    office = place(desk, answers(script, conditions=TELEPHONE))

    assert office.seconds <= 12 + 15
    assert len(office.carrier.legs["one"].hung_up) == 1
    assert desk.end()[1] is Reason.ERROR_NO_AUDIO


@fails_with(success_called_failure)
def test_s42_success_is_not_reported_as_failure() -> None:
    desk = one()
    place(desk, answers(POLITE, conditions=TELEPHONE))

    assert desk.end() == (State.ENDED, Reason.AGENT_HANGUP)
    last = desk.journals["one"].entries[-1]
    assert last.outcome is not None
    assert last.outcome.verdict is Verdict.ACHIEVED

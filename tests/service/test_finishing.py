"""What is still to be done about calls that are over, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switchhook.domain.analysis import Analysis, AnalysisStatus, Sentiment
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction, Recording
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Evidence, FieldResult, Outcome, Verdict
from switchhook.domain.transcript import Line
from switchhook.ports import Entry
from switchhook.service import calls, finishing, following, placing
from switchhook.service.finishing import LEASE
from switchhook.service.requests import CallRequest
from switchhook.store.finishing import Step
from tests.service.fakes import MOBILE, Town

pytestmark = pytest.mark.anyio

YES = Line(speaker="callee", text="Yes, seven.").fact()
HELLO = Line(speaker="agent", text="Hello?").fact()
DONE = Analysis(status=AnalysisStatus.DONE, sentiment=Sentiment.POSITIVE)


async def ended(
    town: Town, *facts: Fact, reason: Reason = Reason.USER_HANGUP, **entry: object
) -> Interaction:
    """Return a call that was answered, and is over."""
    wanted = CallRequest(to=MOBILE, task="Ask")
    call = (await calls.create_call(town.exchange, town.owner, wanted)).call
    await placing.begin_attempt(town.exchange, call.id)
    named = Entry(facts=facts, state=State.IN_PROGRESS, carrier_ref=f"CA_{call.id}")
    await placing.write(town.exchange, call.id, named)
    end = replace(Entry(state=State.ENDED, reason=reason), **entry)
    return await placing.write(town.exchange, call.id, end)


async def steps(town: Town, most: int = 10) -> list[Step]:
    return [due.claim.step for due in (await finishing.claim(town.exchange, most)).due]


async def test_nothing_is_pending_where_nobody_analyses(town: Town) -> None:
    call = await ended(town, YES)

    assert call.analysis is None
    assert await finishing.claim(town.exchange, 10) == finishing.Round((), None)


@pytest.mark.parametrize(
    ("facts", "reason", "pending"),
    [
        ((HELLO, YES), Reason.USER_HANGUP, True),
        ((HELLO,), Reason.INACTIVITY, False),
        ((HELLO, YES), Reason.VOICEMAIL_HANGUP, False),
    ],
)
async def test_an_analysis_is_pending_only_where_somebody_said_something(
    town: Town, facts: tuple[Fact, ...], reason: Reason, *, pending: bool
) -> None:
    town.exchange.analyses = True

    call = await ended(town, *facts, reason=reason)

    assert (call.analysis is not None) is pending
    assert await steps(town) == [Step.ANALYSIS] * pending


async def test_a_call_that_nobody_answered_is_owed_nothing(town: Town) -> None:
    town.exchange.analyses = True
    town.exchange.recorded_by_carrier = lambda _call: True
    wanted = CallRequest(to=MOBILE, task="Ask")
    call = (await calls.create_call(town.exchange, town.owner, wanted)).call
    await placing.begin_attempt(town.exchange, call.id)
    busy = Entry(state=State.NOT_CONNECTED, reason=Reason.BUSY)

    assert (await placing.write(town.exchange, call.id, busy)).analysis is None
    assert await steps(town) == []


async def test_the_carriers_recording_is_owed_where_we_have_none_of_our_own(town: Town) -> None:
    town.exchange.recorded_by_carrier = lambda _call: True

    await ended(town, recording=Recording(path="own.wav", seconds=1, bytes=44))
    assert await steps(town) == []
    await ended(town)
    assert await steps(town) == [Step.RECORDING]


async def test_a_call_that_the_engine_left_behind_is_finished_as_well(town: Town) -> None:
    town.exchange.analyses = True
    wanted = CallRequest(to=MOBILE, task="Ask")
    call = (await calls.create_call(town.exchange, town.owner, wanted)).call
    await placing.begin_attempt(town.exchange, call.id)
    await placing.write(town.exchange, call.id, Entry(facts=(YES,), state=State.IN_PROGRESS))

    await placing.recover(town.exchange)

    assert await steps(town) == [Step.ANALYSIS]


async def test_what_somebody_took_on_nobody_else_gets_until_the_lease_is_over(town: Town) -> None:
    town.exchange.analyses = True
    for _ in range(3):
        await ended(town, YES)

    first = await finishing.claim(town.exchange, 2)
    assert [due.claim.tries for due in first.due] == [1, 1]
    assert len(await steps(town)) == 1
    assert await steps(town) == []
    town.clock.advance(LEASE.total_seconds())
    again = await finishing.claim(town.exchange, 10)
    assert [due.claim.tries for due in again.due] == [2, 2, 2]
    assert not await finishing.settle(town.exchange, first.due[0], Entry(analysis=DONE))
    assert await finishing.settle(town.exchange, again.due[0], Entry(analysis=DONE))


async def test_what_was_found_out_is_added_to_the_record_and_told(town: Town) -> None:
    town.exchange.analyses = True
    seven = FieldResult(value=7, known=True, evidence=Evidence(line=0, quote="seven"))
    told = Outcome(verdict=Verdict.PARTIAL, fields={"guests": seven, "name": FieldResult()})
    call = await ended(town, YES, outcome=told)
    kim = FieldResult(value="Kim", known=True, evidence=Evidence(line=0, quote="yes"))
    judged = Outcome(
        verdict=Verdict.ACHIEVED,
        summary="A table for seven.",
        fields={"guests": FieldResult(value=8, known=True), "name": kim},
    )
    [due] = (await finishing.claim(town.exchange, 10)).due

    assert await finishing.settle(town.exchange, due, Entry(judged=judged, analysis=DONE))

    after = await calls.get_call(town.exchange, town.owner, call.id)
    assert (after.state, after.reason, after.analysis) == (State.ENDED, call.reason, DONE)
    assert after.outcome == Outcome(
        verdict=Verdict.ACHIEVED,
        summary="A table for seven.",
        fields={"guests": seven, "name": kim},
    )
    news = await following.happenings(town.exchange, town.owner, call.id, after=call.last_seq)
    assert [h.kind for h in news.happenings] == [Kind.OUTCOME, Kind.ANALYSIS]
    assert news.happenings[1].data["sentiment"] == "positive"
    assert (town.news[-1].call_id, town.news[-1].seq) == (call.id, after.last_seq)


async def test_a_step_that_is_put_off_comes_again_later_or_when_the_carrier_calls(
    town: Town,
) -> None:
    town.exchange.recorded_by_carrier = lambda _call: True
    call = await ended(town)
    [due] = (await finishing.claim(town.exchange, 10)).due
    await finishing.hasten_recording(town.exchange, str(call.carrier_ref))
    assert await steps(town) == []

    await finishing.postpone(town.exchange, due, seconds=300, problem="not ready")

    assert await steps(town) == []
    await finishing.hasten_recording(town.exchange, "CA_of_somebody_else")
    assert await steps(town) == []
    await finishing.hasten_recording(town.exchange, str(call.carrier_ref))
    assert await steps(town) == [Step.RECORDING]


async def test_nothing_is_done_about_a_call_that_was_deleted(town: Town) -> None:
    town.exchange.analyses = True
    call = await ended(town, YES)
    [due] = (await finishing.claim(town.exchange, 10)).due

    await calls.delete_call(town.exchange, town.owner, call.id)

    assert not await finishing.settle(town.exchange, due, Entry(analysis=DONE))
    town.clock.advance(LEASE.total_seconds())
    assert await finishing.claim(town.exchange, 10) == finishing.Round((), None)

"""The record of a call while it is placed, and after a restart."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from switchhook.domain.errors import CallNotFound
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction, Recording
from switchhook.domain.lifecycle import Reason, Stage, State
from switchhook.domain.outcome import Outcome, Verdict
from switchhook.domain.policy import Caps, Policy
from switchhook.domain.transcript import Line
from switchhook.ports import Entry
from switchhook.service import calls, following, placing, rules
from switchhook.service.requests import CallRequest
from tests.service.fakes import MOBILE, Town

pytestmark = pytest.mark.anyio


async def queued(town: Town, **changes: Any) -> Interaction:
    wanted = CallRequest.model_validate({"to": MOBILE, "task": "Ask"} | changes)
    return (await calls.create_call(town.exchange, town.owner, wanted)).call


async def moved(town: Town, call: Interaction, *states: State) -> Interaction:
    await placing.begin_attempt(town.exchange, call.id)
    for state in states:
        town.clock.advance(1)
        call = await placing.write(town.exchange, call.id, Entry(state=state))
    return call


async def texts(town: Town, call: Interaction) -> list[str]:
    news = await following.happenings(town.exchange, town.owner, call.id)
    return [happening.text for happening in news.happenings]


async def test_an_attempt_moves_the_call_to_dialing_and_has_a_token(town: Town) -> None:
    call = await queued(town)
    attempt = await placing.begin_attempt(town.exchange, call.id)

    assert attempt is not None
    assert attempt.call.state is State.DIALING
    assert attempt.call.started_at == town.clock.now()
    assert len(attempt.token) > 40
    assert await placing.begin_attempt(town.exchange, call.id) is None
    assert town.news[-1].seq == 3


async def test_only_one_of_many_gets_the_attempt(town: Town) -> None:
    call = await queued(town)
    attempts = await asyncio.gather(
        *(placing.begin_attempt(town.exchange, call.id) for _ in range(8))
    )
    assert sum(attempt is not None for attempt in attempts) == 1


async def test_the_gate_is_asked_again_and_the_record_says_why(town: Town) -> None:
    call = await queued(town)
    await rules.add_do_not_call(town.exchange, town.owner, MOBILE)
    assert await placing.begin_attempt(town.exchange, call.id) is None

    over = await calls.get_call(town.exchange, town.owner, call.id)
    assert (over.state, over.reason) == (State.NOT_CONNECTED, Reason.DNC_BLOCKED)
    assert "Not dialled (do_not_call): this person asked not to be called" in await texts(
        town, call
    )


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (Policy(calls_enabled=False), Reason.CANCELED),
        (Policy(simulated_caps=Caps(concurrent=0)), Reason.CONCURRENCY_LIMIT),
        (Policy(allowed_regions=("DE",)), Reason.INVALID_DESTINATION),
    ],
)
async def test_each_refusal_at_the_last_moment_has_its_reason(
    town: Town, policy: Policy, reason: Reason
) -> None:
    call = await queued(town)
    await rules.set_policy(town.exchange, town.owner, policy)
    assert await placing.begin_attempt(town.exchange, call.id) is None
    assert (await calls.get_call(town.exchange, town.owner, call.id)).reason is reason


async def test_a_carrier_that_is_gone_ends_the_call(town: Town) -> None:
    call = await queued(town, options={"carrier": "telephone"}, from_number=MOBILE)
    town.exchange.carriers = {"loopback": town.exchange.carriers["loopback"]}
    assert await placing.begin_attempt(town.exchange, call.id) is None
    stored = await calls.get_call(town.exchange, town.owner, call.id)
    assert stored.reason is Reason.PROVIDER_UNAVAILABLE


async def test_calls_accepted_later_do_not_push_an_earlier_one_over_the_cap(town: Town) -> None:
    caps = Caps(per_second=1, concurrent=None, per_callee_per_day=None)
    await rules.set_policy(town.exchange, town.owner, Policy(simulated_caps=caps))
    first = await queued(town)
    town.clock.advance(1.01)
    second = await queued(town)
    assert await placing.begin_attempt(town.exchange, first.id)
    assert await placing.begin_attempt(town.exchange, second.id)


async def test_a_whole_call_is_recorded_with_its_times(town: Town) -> None:
    call = await queued(town)
    await moved(town, call, State.RINGING, State.IN_PROGRESS)
    said = Line(speaker="agent", text="Good morning", start_ms=20, end_ms=900)
    town.clock.advance(30)
    over = await placing.write(
        town.exchange,
        call.id,
        Entry(
            facts=(said.fact(),),
            state=State.ENDED,
            reason=Reason.USER_HANGUP,
            outcome=Outcome(verdict=Verdict.ACHIEVED, summary="Open until six"),
            recording=Recording(path="a.wav", seconds=30.0, bytes=9),
            latency={"turns": [120]},
            carrier_ref="CA1",
        ),
    )

    stored = await calls.get_call(town.exchange, town.owner, call.id)
    assert stored == over
    assert (stored.stage, stored.duration_seconds, stored.carrier_ref) == (
        Stage.PICKED_UP,
        30.0,
        "CA1",
    )
    page = await following.transcript(town.exchange, town.owner, call.id)
    assert page.lines == (said,)
    assert (await texts(town, call))[2:] == [
        "Dialling",
        "The telephone rings",
        "Call answered",
        "Good morning",
        "Open until six",
        "Recording ready",
        "Latency measured",
        "Call ended: user hangup",
    ]


async def test_a_carrier_may_skip_the_ringing(town: Town) -> None:
    answered = await moved(town, await queued(town), State.IN_PROGRESS)
    assert answered.stage is Stage.PICKED_UP


async def test_a_late_report_is_noted_and_changes_nothing(town: Town) -> None:
    call = await queued(town)
    over = await moved(town, call, State.RINGING)
    busy = Entry(state=State.NOT_CONNECTED, reason=Reason.BUSY)
    over = await placing.write(town.exchange, call.id, busy)
    told = Fact(kind=Kind.STATE, text="Ringing", data={"state": "ringing"})
    for late in (
        Entry(state=State.RINGING, facts=(told,)),
        Entry(state=State.ENDED, reason=Reason.USER_HANGUP),
        Entry(state=State.NOT_CONNECTED, reason=Reason.NO_ANSWER),
    ):
        after = await placing.write(town.exchange, call.id, late)
        assert (after.state, after.reason, after.ended_at) == (
            over.state,
            over.reason,
            over.ended_at,
        )
    news = await following.happenings(town.exchange, town.owner, call.id, kinds=(Kind.NOTE,))
    assert [note.data["state"] for note in news.happenings] == [
        "ringing",
        "ended",
        "not_connected",
    ]


async def test_a_reason_of_another_end_does_not_pass(town: Town) -> None:
    call = await queued(town)
    live = await moved(town, call, State.IN_PROGRESS)
    after = await placing.write(
        town.exchange, live.id, Entry(state=State.ENDED, reason=Reason.BUSY)
    )
    assert after.state is State.IN_PROGRESS


async def test_a_number_that_the_network_answers_for_was_not_reached(town: Town) -> None:
    call = await queued(town)
    live = await moved(town, call, State.IN_PROGRESS)
    after = await placing.write(
        town.exchange, live.id, Entry(state=State.ENDED, reason=Reason.DIAL_FAILED)
    )
    assert (after.state, after.status) == (State.ENDED, "failed")


@pytest.mark.parametrize(
    ("state", "reason"),
    [(State.ENDED, Reason.AGENT_HANGUP), (State.ERROR, Reason.ERROR_INTERNAL)],
)
async def test_an_end_without_a_reason_gets_the_plainest_one(
    town: Town, state: State, reason: Reason
) -> None:
    call = await moved(town, await queued(town), State.IN_PROGRESS, state)
    assert call.reason is reason


async def test_what_is_learned_late_only_fills_what_is_missing(town: Town) -> None:
    call = await moved(town, await queued(town), State.IN_PROGRESS, State.ENDED)
    first = Outcome(verdict=Verdict.ACHIEVED, summary="yes")
    second = Outcome(verdict=Verdict.NOT_ACHIEVED)
    await placing.write(town.exchange, call.id, Entry(outcome=first, carrier_ref="one"))
    late = await placing.write(
        town.exchange, call.id, Entry(outcome=second, carrier_ref="two", open_question="q")
    )
    assert (late.outcome, late.carrier_ref, late.open_question) == (first, "one", None)


async def test_a_question_is_open_until_it_is_closed(town: Town) -> None:
    call = await moved(town, await queued(town), State.IN_PROGRESS)
    asked = await placing.write(town.exchange, call.id, Entry(open_question="q1"))
    closed = await placing.write(town.exchange, call.id, Entry(question_closed=True))
    assert (asked.open_question, closed.open_question) == ("q1", None)


async def test_who_asks_during_the_call_is_not_called_again(town: Town) -> None:
    call = await moved(town, await queued(town), State.IN_PROGRESS)
    wish = Entry(state=State.ENDED, reason=Reason.USER_REQUESTED_DNC)
    await placing.write(town.exchange, call.id, wish)
    await placing.write(town.exchange, call.id, wish)

    (entry,) = await rules.list_do_not_call(town.exchange, town.owner)
    assert entry.number == MOBILE
    assert call.id in entry.source


async def test_two_calls_to_one_person_may_both_hear_the_wish(town: Town) -> None:
    live = [await moved(town, await queued(town), State.IN_PROGRESS) for _ in range(2)]
    wish = Entry(state=State.ENDED, reason=Reason.USER_REQUESTED_DNC)
    await asyncio.gather(*(placing.write(town.exchange, call.id, wish) for call in live))
    assert len(await rules.list_do_not_call(town.exchange, town.owner)) == 1


async def test_happenings_have_no_hole_when_many_write_at_once(town: Town) -> None:
    call = await moved(town, await queued(town), State.IN_PROGRESS)
    facts = tuple(Fact(kind=Kind.NOTE, text=str(n)) for n in range(3))
    await asyncio.gather(
        *(placing.write(town.exchange, call.id, Entry(facts=facts)) for _ in range(40))
    )
    news = await following.happenings(town.exchange, town.owner, call.id, limit=500)
    assert [h.seq for h in news.happenings] == list(range(1, 125))
    assert news.call.last_seq == 124


async def test_an_unknown_call_cannot_be_written(town: Town) -> None:
    for reason in (None, Reason.USER_REQUESTED_DNC):
        with pytest.raises(CallNotFound):
            await placing.write(town.exchange, "call_none", Entry(reason=reason))


# ---- after a restart ----------------------------------------------------------------------------


async def test_a_restart_leaves_no_call_in_limbo(town: Town) -> None:
    waiting = await queued(town)
    live = [
        await moved(town, await queued(town), *states)
        for states in (
            (),
            (State.RINGING,),
            (State.IN_PROGRESS,),
            (State.IN_PROGRESS, State.ENDING),
        )
    ]
    over = await moved(town, await queued(town), State.IN_PROGRESS, State.ENDED)

    recovery = await placing.recover(town.exchange)

    assert set(recovery.ended) == {call.id for call in live}
    assert recovery.queued == (waiting.id,)
    for call in live:
        stored = await calls.get_call(town.exchange, town.owner, call.id)
        assert (stored.state, stored.reason) == (State.ERROR, Reason.ERROR_INTERNAL)
        assert "The engine stopped while the call was live" in await texts(town, call)
    assert (await calls.get_call(town.exchange, town.owner, over.id)).state is State.ENDED
    assert (await texts(town, waiting))[-1] == (
        "The call was accepted before a restart and is placed now"
    )
    assert await placing.begin_attempt(town.exchange, waiting.id)


async def test_what_a_carrier_may_have_dialled_is_never_dialled_again(town: Town) -> None:
    call = await queued(town, options={"carrier": "telephone"}, from_number=MOBILE)
    await moved(town, call)
    await placing.recover(town.exchange)

    stored = await calls.get_call(town.exchange, town.owner, call.id)
    assert (stored.state, stored.outcome_unknown) == (State.ERROR, True)
    assert any("may have dialled" in text for text in await texts(town, call))
    assert await placing.begin_attempt(town.exchange, call.id) is None
    assert (await placing.recover(town.exchange)).ended == ()


async def test_idempotency_keys_are_kept_for_two_days(town: Town) -> None:
    first = await queued(town, idempotency_key="k")
    town.clock.advance(47 * 3600)
    await placing.recover(town.exchange)
    assert (await queued(town, idempotency_key="k")).id == first.id
    town.clock.advance(2 * 3600)
    await placing.recover(town.exchange)
    assert (await queued(town, idempotency_key="k")).id != first.id


async def test_a_running_call_may_tell_of_a_state_itself(town: Town) -> None:
    call = await queued(town)
    told = Fact(kind=Kind.STATE, text="It rings at the dentist's", data={"state": "ringing"})
    await moved(town, call)
    await placing.write(town.exchange, call.id, Entry(state=State.RINGING, facts=(told,)))
    assert (await texts(town, call))[3:] == ["It rings at the dentist's"]

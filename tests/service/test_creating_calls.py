"""What becomes of a request for a call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from switchhook.domain.agent import AgentSpec, Prompt
from switchhook.domain.errors import (
    AgentNotFound,
    CallIdTaken,
    DialRefused,
    IdempotencyConflict,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotAuthenticated,
    SwitchedOff,
    SwitchhookError,
    Unavailable,
)
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import CallOptions, Channel, Direction
from switchhook.domain.lifecycle import State
from switchhook.domain.policy import Caps, Policy
from switchhook.service import agents, calls, following, rules
from switchhook.service.identity import Principal, Scope
from switchhook.service.requests import CallFilter, CallRequest
from tests.service.fakes import FICTIONAL, GERMAN, MOBILE, Town

pytestmark = pytest.mark.anyio


def request(**changes: Any) -> CallRequest:
    return CallRequest.model_validate({"to": MOBILE, "task": "Ask when they open"} | changes)


async def test_a_number_and_a_task_are_enough(town: Town) -> None:
    placed = await calls.create_call(town.exchange, town.owner, request(to="+1 (415) 555-2671"))

    call = placed.call
    assert (call.status, call.to_number, placed.replayed) == ("queued", MOBILE, False)
    assert call.agent.spec.prompt.content == "Ask when they open"
    assert call.simulated
    assert await calls.get_call(town.exchange, town.owner, call.id) == call


async def test_an_accepted_call_is_told_and_woken_after_the_commit(town: Town) -> None:
    call = (await calls.create_call(town.exchange, town.owner, request())).call

    assert town.woken == [call.id]
    assert [(change.call_id, change.seq) for change in town.news] == [(call.id, 2)]
    news = await following.happenings(town.exchange, town.owner, call.id)
    assert [(h.seq, h.kind, h.text) for h in news.happenings] == [
        (1, Kind.CREATED, "Call created via API"),
        (2, Kind.STATE, "Call queued"),
    ]


async def test_a_call_without_a_number_stays_registered(town: Town) -> None:
    placed = await calls.create_call(town.exchange, town.owner, CallRequest(task="later"))

    assert placed.call.state is State.REGISTERED
    assert town.woken == []


@pytest.mark.parametrize(
    "changes", [{"channel": Channel.WEB_CALL}, {"direction": Direction.INBOUND}]
)
async def test_what_nobody_dials_is_registered_and_takes_no_number(
    town: Town, changes: dict[str, Any]
) -> None:
    silent = request(to=None, **changes)
    assert (
        await calls.create_call(town.exchange, town.owner, silent)
    ).call.state is State.REGISTERED
    with pytest.raises(InvalidInput, match="number to dial"):
        await calls.create_call(town.exchange, town.owner, request(**changes))


async def test_an_agent_is_found_by_id_by_name_and_inline(town: Town) -> None:
    stored = await agents.create_agent(
        town.exchange, town.owner, AgentSpec(name="Front Desk", prompt=Prompt(content="Be kind"))
    )
    by_id = await calls.create_call(town.exchange, town.owner, request(agent=stored.id))
    by_name = await calls.create_call(town.exchange, town.owner, request(agent="front  desk"))
    inline = await calls.create_call(
        town.exchange, town.owner, request(agent=AgentSpec(name="Once"))
    )

    assert by_id.call.agent.id == by_name.call.agent.id == stored.id
    assert by_id.call.agent.spec.prompt.content == "Be kind"
    assert by_id.call.task == "Ask when they open"
    assert (inline.call.agent.id, inline.call.agent.spec.name) == (None, "Once")


async def test_what_the_request_says_replaces_what_the_agent_says(town: Town) -> None:
    schema = {"type": "object", "properties": {"time": {"type": "string"}}}
    options = CallOptions(max_duration_seconds=60, record=True)
    placed = await calls.create_call(
        town.exchange,
        town.owner,
        request(
            agent=AgentSpec(name="A", variables={"city": "Rome", "day": "Monday"}),
            result_schema=schema,
            mind="ASSISTANT",
            options=options,
            variables={"day": "Friday"},
        ),
    )

    spec = placed.call.agent.spec
    assert (spec.result_schema, spec.mind.kind) == (schema, "assistant")
    assert (spec.max_duration_seconds, spec.record) == (60, True)
    assert placed.call.variables == {"city": "Rome", "day": "Friday"}


async def test_a_call_keeps_the_agent_it_was_created_with(town: Town) -> None:
    await agents.create_agent(town.exchange, town.owner, AgentSpec(name="Desk"))
    call = (await calls.create_call(town.exchange, town.owner, request(agent="Desk"))).call
    await agents.update_agent(
        town.exchange, town.owner, "Desk", AgentSpec(name="Desk", first_message="New")
    )

    stored = await calls.get_call(town.exchange, town.owner, call.id)
    assert (stored.agent.version, stored.agent.spec.first_message) == (1, None)


async def test_missing_variables_are_all_named(town: Town) -> None:
    needy = AgentSpec(prompt=Prompt(required_variables=("First Name", "day", "hour")))
    with pytest.raises(InvalidInput, match="missing: First Name, hour"):
        await calls.create_call(
            town.exchange, town.owner, request(agent=needy, variables={"day": "Friday"})
        )
    filled = {"first_name": "Ann", "day": "", "HOUR": "9"}
    await calls.create_call(town.exchange, town.owner, request(agent=needy, variables=filled))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"task": None}, "task"),
        ({"mind": "human"}, "mind"),
        ({"options": {"carrier": "pigeon"}}, "options.carrier"),
        ({"channel": "sms"}, "channel"),
        ({"result_schema": {"type": "strange"}}, "result_schema.type"),
        ({"result_schema": {"properties": {"a": {"type": 7}}}}, "result_schema.properties.a.type"),
        ({"result_schema": {"type": "array"}}, "result_schema.type"),
        ({"metadata": {str(n): n for n in range(51)}}, "metadata"),
        ({"metadata": {"a": "x" * 17_000}}, "metadata"),
        ({"metadata": {"a": float("nan")}}, "metadata"),
        ({"variables": {"a": "x" * 17_000}}, "variables"),
        ({"task": "x" * 65_537}, "task"),
        ({"task": "half a \ud800 pair"}, "task"),
        ({"to": "+1\0"}, "to"),
        ({"call_id": "../../etc"}, "call_id"),
        ({"from_number": "0177"}, "from"),
        ({"agent": AgentSpec(extra={"a": "\0"})}, "agent"),
        ({"agent": AgentSpec(result_schema={"type": "array"})}, "result_schema.type"),
    ],
)
async def test_a_request_that_cannot_be_understood_names_the_field(
    town: Town, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await calls.create_call(town.exchange, town.owner, request(**changes))
    assert refused.value.field == field
    assert refused.value.hint


async def test_metadata_may_not_be_a_well(town: Town) -> None:
    well: dict[str, Any] = {}
    for _ in range(33):
        well = {"deeper": well}
    with pytest.raises(InvalidInput, match="levels deep"):
        await calls.create_call(town.exchange, town.owner, request(metadata=well))


async def test_an_unknown_agent_is_named(town: Town) -> None:
    with pytest.raises(AgentNotFound, match="nobody"):
        await calls.create_call(town.exchange, town.owner, request(agent="nobody"))


async def test_fictional_numbers_ring_on_the_loopback_line_whatever_is_asked(town: Town) -> None:
    town.exchange.default_carrier = "telephone"
    for changes in ({}, {"options": {"carrier": "telephone"}}):
        placed = await calls.create_call(
            town.exchange, town.owner, request(to=FICTIONAL, from_number=MOBILE, **changes)
        )
        assert (placed.call.carrier, placed.call.simulated) == ("loopback", True)
    real = await calls.create_call(town.exchange, town.owner, request(from_number=MOBILE))
    assert (real.call.carrier, real.call.simulated) == ("telephone", False)


async def test_the_policy_refuses_by_rule(town: Town) -> None:
    town.exchange.default_carrier = "telephone"
    for number, rule in (("911", "emergency"), ("+14155552671x5", "number"), (GERMAN, "region")):
        with pytest.raises(DialRefused) as refused:
            await calls.create_call(
                town.exchange, town.owner, request(to=number, from_number=MOBILE)
            )
        assert refused.value.facts()["code"] == f"policy_blocked.{rule}"
    assert town.woken == []


async def test_who_asked_not_to_be_called_is_not_called(town: Town) -> None:
    await rules.add_do_not_call(town.exchange, town.owner, "+1 415 555 2671")
    with pytest.raises(DialRefused, match="asked not to be called"):
        await calls.create_call(town.exchange, town.owner, request())
    await calls.create_call(town.exchange, await town.stranger(), request())


async def test_the_kill_switch_stops_everything_for_now(town: Town) -> None:
    await rules.set_policy(town.exchange, town.owner, Policy(calls_enabled=False))
    with pytest.raises(SwitchedOff) as refused:
        await calls.create_call(town.exchange, town.owner, request())
    assert refused.value.status == 503
    assert refused.value.facts()["code"] == "policy_blocked.calls_enabled"


async def test_a_draining_exchange_takes_no_calls(town: Town) -> None:
    town.exchange.draining = True
    with pytest.raises(Unavailable):
        await calls.create_call(town.exchange, town.owner, request())


async def test_a_key_without_the_scope_may_not_call(town: Town) -> None:
    reader = replace(town.owner, scopes=frozenset({Scope.CALLS_READ}))
    with pytest.raises(NotAllowed, match="calls:create"):
        await calls.create_call(town.exchange, reader, request())


async def test_an_account_that_is_gone_is_not_authenticated(town: Town) -> None:
    with pytest.raises(NotAuthenticated):
        await calls.create_call(town.exchange, Principal("org_nowhere"), request())


# ---- the same request again ---------------------------------------------------------------------


async def test_the_same_request_again_is_the_same_call_as_it_now_stands(town: Town) -> None:
    first = await calls.create_call(town.exchange, town.owner, request(idempotency_key="k"))
    await calls.end_call(town.exchange, town.owner, first.call.id)
    again = await calls.create_call(town.exchange, town.owner, request(idempotency_key="k"))

    assert (again.replayed, again.call.id, again.call.status) == (True, first.call.id, "canceled")
    assert town.woken == [first.call.id]


async def test_another_request_under_the_same_key_is_a_conflict(town: Town) -> None:
    await calls.create_call(town.exchange, town.owner, request(idempotency_key="k"))
    with pytest.raises(IdempotencyConflict):
        await calls.create_call(
            town.exchange, town.owner, request(idempotency_key="k", task="Something else")
        )


async def test_a_key_belongs_to_one_account(town: Town) -> None:
    first = await calls.create_call(town.exchange, town.owner, request(idempotency_key="k"))
    other = await calls.create_call(
        town.exchange, await town.stranger(), request(idempotency_key="k")
    )
    assert (other.replayed, other.call.id == first.call.id) == (False, False)


async def test_a_clients_own_call_id_finds_the_call_and_replays_it(town: Town) -> None:
    first = await calls.create_call(town.exchange, town.owner, request(call_id="order-7"))
    again = await calls.create_call(town.exchange, town.owner, request(call_id="order-7"))

    assert again.replayed
    assert first.call.public_id == "order-7"
    found = await calls.get_call(town.exchange, town.owner, "order-7")
    assert found.id == first.call.id != "order-7"
    with pytest.raises(CallIdTaken):
        await calls.create_call(
            town.exchange, town.owner, request(call_id="order-7", task="Something else")
        )
    with pytest.raises(CallIdTaken):
        await calls.create_call(town.exchange, town.owner, request(call_id=first.call.id))


async def test_two_accounts_may_use_the_same_call_id(town: Town) -> None:
    stranger = await town.stranger()
    mine = await calls.create_call(town.exchange, town.owner, request(call_id="order-7"))
    theirs = await calls.create_call(town.exchange, stranger, request(call_id="order-7"))

    assert not theirs.replayed
    assert (await calls.get_call(town.exchange, stranger, "order-7")).id == theirs.call.id
    assert (await calls.get_call(town.exchange, town.owner, "order-7")).id == mine.call.id


async def test_a_thousand_requests_with_one_key_make_one_call(town: Town) -> None:
    same = request(idempotency_key="once")
    placed = await asyncio.gather(
        *(calls.create_call(town.exchange, town.owner, same) for _ in range(1000))
    )

    assert len({each.call.id for each in placed}) == 1
    assert sum(not each.replayed for each in placed) == 1
    assert town.woken == [placed[0].call.id]


# ---- caps ---------------------------------------------------------------------------------------


async def attempt(town: Town, number: str = MOBILE) -> bool:
    try:
        await calls.create_call(town.exchange, town.owner, request(to=number))
    except LimitReached as reached:
        return reached.retry_after <= 0
    return True


@pytest.mark.parametrize(
    ("caps", "accepted"),
    [
        (Caps(concurrent=3, per_second=None, per_callee_per_day=None), 3),
        (Caps(concurrent=None, per_second=4, per_callee_per_day=None), 4),
        (Caps(concurrent=None, per_second=None, per_hour=5, per_callee_per_day=None), 5),
        (Caps(concurrent=None, per_second=None, per_day=6, per_callee_per_day=None), 6),
        (Caps(concurrent=None, per_second=None, per_callee_per_day=2), 2),
    ],
)
async def test_a_cap_is_exact_when_many_call_at_once(town: Town, caps: Caps, accepted: int) -> None:
    await rules.set_policy(town.exchange, town.owner, Policy(simulated_caps=caps))
    results = await asyncio.gather(*(attempt(town) for _ in range(40)))
    assert sum(results) == accepted


async def test_caps_forget_what_is_long_ago_and_free_what_is_over(town: Town) -> None:
    caps = Caps(concurrent=1, per_second=None, per_hour=2, per_callee_per_day=None)
    await rules.set_policy(town.exchange, town.owner, Policy(simulated_caps=caps))
    first = await calls.create_call(town.exchange, town.owner, request())
    assert not await attempt(town)
    await calls.end_call(town.exchange, town.owner, first.call.id)
    assert await attempt(town)
    town.clock.advance(3601)
    active = await calls.list_calls(town.exchange, town.owner, CallFilter(status=(State.QUEUED,)))
    await calls.end_call(town.exchange, town.owner, active.calls[0].id)
    assert await attempt(town)


async def test_deleting_a_call_does_not_free_its_caps(town: Town) -> None:
    caps = Caps(per_second=None, per_callee_per_day=1)
    await rules.set_policy(town.exchange, town.owner, Policy(simulated_caps=caps))
    call = (await calls.create_call(town.exchange, town.owner, request())).call
    await calls.end_call(town.exchange, town.owner, call.id)
    await calls.delete_call(town.exchange, town.owner, call.id)
    assert not await attempt(town)
    assert await attempt(town, "+14155552672")


async def test_simulated_calls_do_not_use_up_the_caps_of_real_ones(town: Town) -> None:
    caps = Caps(concurrent=1, per_second=None)
    await rules.set_policy(town.exchange, town.owner, Policy(caps=caps))
    for _ in range(3):
        assert await attempt(town)
    town.exchange.default_carrier = "telephone"
    await calls.create_call(town.exchange, town.owner, request(from_number=MOBILE))
    with pytest.raises(SwitchhookError, match="at the same time"):
        await calls.create_call(town.exchange, town.owner, request(from_number=MOBILE))


async def test_a_callee_whom_no_telephone_knows_is_refused_before_anything_is_stored(
    town: Town,
) -> None:
    def refuse(name: str) -> None:
        raise InvalidInput(f"there is no persona {name!r}", field="options.persona", hint="busy")

    town.exchange.check_persona = refuse
    wanted = request(options={"persona": "grumpy"})

    with pytest.raises(InvalidInput, match="grumpy") as refusal:
        await calls.create_call(town.exchange, town.owner, wanted)

    assert refusal.value.field == "options.persona"
    assert (await calls.list_calls(town.exchange, town.owner, CallFilter())).calls == ()

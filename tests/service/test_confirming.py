"""When a person has to agree, and what a confirm token is good for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from switchhook.domain.errors import ConfirmationRequired
from switchhook.service import calls
from switchhook.service.answers import Placed
from switchhook.service.exchange import ConfirmPolicy
from switchhook.service.requests import CallRequest
from tests.service.fakes import FICTIONAL, MOBILE, Town

pytestmark = pytest.mark.anyio


def request(**changes: Any) -> CallRequest:
    real = {"to": MOBILE, "from_number": MOBILE, "task": "Ask", "options": {"carrier": "telephone"}}
    return CallRequest.model_validate(real | changes)


async def ask(town: Town, **changes: Any) -> Placed:
    return await calls.create_call(town.exchange, town.owner, request(**changes), ask_first=True)


async def token_for(town: Town, **changes: Any) -> str:
    with pytest.raises(ConfirmationRequired) as refused:
        await ask(town, **changes)
    return refused.value.token


@pytest.fixture(autouse=True)
def no_caps(town: Town) -> None:
    caps = town.exchange.policy.simulated_caps
    town.exchange.policy = town.exchange.policy.model_copy(update={"caps": caps})


async def test_an_assistant_may_not_dial_a_real_number_before_somebody_agreed(town: Town) -> None:
    token = await token_for(town)
    assert town.woken == []
    placed = await ask(town, confirm_token=token)
    assert town.woken == [placed.call.id]


async def test_a_person_or_a_program_that_calls_itself_is_not_asked(town: Town) -> None:
    await calls.create_call(town.exchange, town.owner, request())
    await calls.create_call(town.exchange, town.owner, request(), confirmed=True, ask_first=True)


@pytest.mark.parametrize(
    ("policy", "simulated", "asked"),
    [
        (ConfirmPolicy.ALWAYS, True, True),
        (ConfirmPolicy.ALWAYS, False, True),
        (ConfirmPolicy.REAL_CALLS, True, False),
        (ConfirmPolicy.REAL_CALLS, False, True),
        (ConfirmPolicy.NEVER, False, False),
    ],
)
async def test_the_policy_says_which_calls_need_it(
    town: Town, policy: ConfirmPolicy, *, simulated: bool, asked: bool
) -> None:
    town.exchange.confirm = policy
    number = FICTIONAL if simulated else MOBILE
    preflight = await calls.check_call(
        town.exchange, town.owner, request(to=number), ask_first=True
    )
    assert preflight.confirmation_required is asked
    if asked:
        assert preflight.confirm_token
        await ask(town, to=number, confirm_token=preflight.confirm_token)
    else:
        await ask(town, to=number)


async def test_a_record_without_a_number_needs_no_confirmation(town: Town) -> None:
    await ask(town, to=None)


async def test_a_token_is_good_once(town: Town) -> None:
    token = await token_for(town)
    await ask(town, confirm_token=token)
    with pytest.raises(ConfirmationRequired, match="used already") as refused:
        await ask(town, confirm_token=token)
    await ask(town, confirm_token=refused.value.token)


async def test_two_requests_with_one_token_make_one_call(town: Town) -> None:
    token = await token_for(town)
    results = await asyncio.gather(
        *(ask(town, confirm_token=token) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(result, Placed) for result in results) == 1
    assert len(town.woken) == 1


async def test_a_token_runs_out_after_ten_minutes(town: Town) -> None:
    token = await token_for(town)
    town.clock.advance(600)
    with pytest.raises(ConfirmationRequired, match="expired"):
        await ask(town, confirm_token=token)


async def test_a_token_is_bound_to_the_exact_arguments(town: Town) -> None:
    token = await token_for(town)
    with pytest.raises(ConfirmationRequired, match="other arguments"):
        await ask(town, confirm_token=token, to="+14155552672")
    await ask(town, confirm_token=token)


async def test_a_token_of_another_account_is_unknown(town: Town) -> None:
    stranger = await town.stranger()
    with pytest.raises(ConfirmationRequired) as theirs:
        await calls.create_call(town.exchange, stranger, request(), ask_first=True)
    with pytest.raises(ConfirmationRequired, match="unknown"):
        await ask(town, confirm_token=theirs.value.token)


async def test_a_replayed_request_needs_no_new_confirmation(town: Town) -> None:
    token = await token_for(town, idempotency_key="k")
    first = await ask(town, idempotency_key="k", confirm_token=token)
    again = await ask(town, idempotency_key="k")
    assert (again.replayed, again.call.id) == (True, first.call.id)


async def test_a_refused_number_is_refused_before_anybody_is_asked(town: Town) -> None:
    preflight = await calls.check_call(town.exchange, town.owner, request(to="911"), ask_first=True)
    assert (preflight.allowed, preflight.confirm_token) == (False, None)
    assert [f.rule for f in preflight.findings if not f.passed] == ["emergency", "number"]


async def test_the_refusal_says_what_to_do(town: Town) -> None:
    with pytest.raises(ConfirmationRequired) as refused:
        await ask(town)
    facts = refused.value.facts()
    assert facts["code"] == "confirmation_required"
    assert facts["confirm_token"] == refused.value.token
    assert "confirm_token" in facts["hint"]


async def test_checking_tells_every_rule_and_dials_nothing(town: Town) -> None:
    preflight = await calls.check_call(town.exchange, town.owner, request())
    assert preflight.allowed
    assert (preflight.carrier, preflight.simulated) == ("telephone", False)
    assert {finding.rule for finding in preflight.findings} >= {
        "calls_enabled", "emergency", "number", "number_type", "region", "do_not_call",
        "concurrent_calls", "calls_per_second", "calls_per_hour", "calls_per_day",
        "calls_per_callee",
    }  # fmt: skip
    assert town.woken == []
    nothing = await calls.check_call(town.exchange, town.owner, request(to=None))
    assert (nothing.allowed, nothing.findings) == (True, ())

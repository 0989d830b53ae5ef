"""Agents, the account's rules, and the status."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from switchhook import __version__
from switchhook.domain.actions import (
    Action,
    CallApi,
    EndCall,
    OnPhrase,
    SendDigits,
    SetHold,
    TransferCall,
)
from switchhook.domain.agent import AgentSpec, Prompt
from switchhook.domain.errors import (
    AgentNotFound,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    UnsupportedParameter,
)
from switchhook.domain.policy import Caps, Policy
from switchhook.service import agents, calls, placing, rules
from switchhook.service.identity import Scope
from switchhook.service.requests import AgentFilter, CallRequest
from switchhook.service.status import get_status
from tests.service.fakes import MOBILE, Town

pytestmark = pytest.mark.anyio

BYE = OnPhrase(phrases=("goodbye",))
SLOTS = CallApi(
    name="slots",
    description="Find a free hour.",
    url="https://api.example.com/slots",
    input_schema={"type": "object", "required": ["day"]},
    trigger=BYE,
)


async def named(town: Town, name: str) -> str:
    return (await agents.create_agent(town.exchange, town.owner, AgentSpec(name=name))).id


async def test_an_agent_is_found_by_id_and_by_name_in_any_case(town: Town) -> None:
    spec = AgentSpec(name="Front Desk", prompt=Prompt(content="Be kind"), variables={"a": "b"})
    made = await agents.create_agent(town.exchange, town.owner, spec)
    assert (made.version, made.spec) == (1, spec)
    for reference in (made.id, "Front Desk", " front   desk", "FRONT DESK"):
        assert await agents.get_agent(town.exchange, town.owner, reference) == made


async def test_a_name_is_taken_once_per_account(town: Town) -> None:
    await named(town, "Desk")
    with pytest.raises(Conflict, match="already"):
        await named(town, "DESK")
    with pytest.raises(InvalidInput):
        await named(town, "  ")
    await agents.create_agent(town.exchange, await town.stranger(), AgentSpec(name="Desk"))


async def test_many_who_want_one_name_get_one_agent(town: Town) -> None:
    results = await asyncio.gather(*(named(town, "Desk") for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7


async def test_every_change_is_a_version(town: Town) -> None:
    made = await named(town, "Desk")
    await named(town, "Other")
    town.clock.advance(5)
    changed = await agents.update_agent(
        town.exchange, town.owner, "desk", AgentSpec(name="DESK", first_message="Hello")
    )
    assert (changed.id, changed.version, changed.updated_at) == (made, 2, town.clock.now())
    renamed = await agents.update_agent(town.exchange, town.owner, made, AgentSpec(name="New"))
    assert renamed.version == 3
    assert await agents.get_agent(town.exchange, town.owner, "new") == renamed
    with pytest.raises(Conflict):
        await agents.update_agent(town.exchange, town.owner, made, AgentSpec(name="other"))


@pytest.mark.parametrize(
    ("action", "field"),
    [
        (SendDigits(trigger=OnPhrase(phrases=("press one",))), "actions.trigger"),
        (SetHold(trigger=OnPhrase(phrases=("one moment",))), "actions.trigger"),
        (SLOTS, "actions.trigger"),
    ],
)
async def test_what_nobody_can_carry_out_is_refused_when_an_agent_is_stored(
    town: Town, action: Action, field: str
) -> None:
    with pytest.raises(UnsupportedParameter) as refused:
        await agents.create_agent(town.exchange, town.owner, AgentSpec(actions=(action,)))

    assert refused.value.field == field


async def test_a_phrase_without_a_word_is_refused_when_an_agent_is_stored(town: Town) -> None:
    silent = EndCall(trigger=OnPhrase(phrases=("goodbye", " … ")))
    with pytest.raises(InvalidInput, match="no word"):
        await agents.create_agent(town.exchange, town.owner, AgentSpec(actions=(silent,)))


@pytest.mark.parametrize(
    "action",
    [
        EndCall(trigger=BYE),
        TransferCall(phone_number="+14155550100", warm=True, trigger=BYE),
        SLOTS.model_copy(update={"input_schema": {"type": "object"}}),
    ],
)
async def test_a_phrase_may_start_what_needs_nothing_else_to_be_said(
    town: Town, action: Action
) -> None:
    made = await agents.create_agent(town.exchange, town.owner, AgentSpec(actions=(action,)))

    assert made.spec.actions == (action,)


async def test_a_result_schema_is_checked_when_an_agent_is_stored(town: Town) -> None:
    with pytest.raises(InvalidInput, match="result_schema"):
        await agents.create_agent(
            town.exchange, town.owner, AgentSpec(result_schema={"type": "array"})
        )


async def test_agents_are_listed_a_page_at_a_time(town: Town) -> None:
    for name in ("Beta", "alpha", "Gamma_ray"):
        await named(town, name)
        town.clock.advance(1)

    async def names(**wanted: object) -> list[str]:
        page = await agents.list_agents(
            town.exchange, town.owner, AgentFilter.model_validate(wanted)
        )
        return [agent.spec.name for agent in page.agents]

    assert await names() == ["Gamma_ray", "alpha", "Beta"]
    assert await names(sort_by="name", ascending=True) == ["alpha", "Beta", "Gamma_ray"]
    assert await names(name_contains="MA_") == ["Gamma_ray"]
    assert await names(name_contains="%") == []
    assert await names(offset=1, limit=1) == ["alpha"]
    with pytest.raises(InvalidInput, match="sorted by"):
        await names(sort_by="spec")


async def test_a_copy_gets_a_free_name(town: Town) -> None:
    await named(town, "x" * 80)
    names = [
        (await agents.duplicate_agent(town.exchange, town.owner, "x" * 80)).spec.name
        for _ in range(2)
    ]
    assert [name[-9:] for name in names] == [" (copy 1)", " (copy 2)"]
    chosen = await agents.duplicate_agent(town.exchange, town.owner, names[0], name="Chosen")
    assert (chosen.spec.name, chosen.version) == ("Chosen", 1)
    with pytest.raises(Conflict):
        await agents.duplicate_agent(town.exchange, town.owner, names[0], name="chosen")


async def test_a_deleted_agent_is_gone_and_its_calls_stay(town: Town) -> None:
    await named(town, "Desk")
    wanted = CallRequest(to=MOBILE, task="Ask", agent="Desk")
    call = (await calls.create_call(town.exchange, town.owner, wanted)).call
    await agents.delete_agent(town.exchange, town.owner, "desk")
    with pytest.raises(AgentNotFound):
        await agents.get_agent(town.exchange, town.owner, "desk")
    stored = await calls.get_call(town.exchange, town.owner, call.id)
    assert stored.agent.spec.name == "Desk"


async def test_a_stranger_sees_no_agent(town: Town) -> None:
    made = await named(town, "Desk")
    stranger = await town.stranger()
    for reference in (made, "Desk"):
        for attempt in (
            agents.get_agent(town.exchange, stranger, reference),
            agents.update_agent(town.exchange, stranger, reference, AgentSpec()),
            agents.duplicate_agent(town.exchange, stranger, reference),
            agents.delete_agent(town.exchange, stranger, reference),
            calls.create_call(
                town.exchange, stranger, CallRequest(to=MOBILE, task="x", agent=reference)
            ),
        ):
            with pytest.raises(AgentNotFound):
                await attempt
    assert (await agents.list_agents(town.exchange, stranger, AgentFilter())).total == 0


async def test_scopes_guard_agents_and_rules(town: Town) -> None:
    made = await named(town, "Desk")
    caller = replace(town.owner, scopes=frozenset({Scope.CALLS_CREATE}))
    assert (await agents.get_agent(town.exchange, caller, made)).id == made
    nobody = replace(town.owner, scopes=frozenset[Scope]())
    for attempt in (
        agents.create_agent(town.exchange, caller, AgentSpec()),
        agents.get_agent(town.exchange, nobody, made),
        agents.list_agents(town.exchange, nobody, AgentFilter()),
        rules.get_policy(town.exchange, nobody),
        rules.set_policy(town.exchange, caller, Policy()),
        rules.list_do_not_call(town.exchange, nobody),
        rules.add_do_not_call(town.exchange, nobody, MOBILE),
        rules.remove_do_not_call(town.exchange, caller, MOBILE),
        get_status(town.exchange, nobody),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_an_account_may_have_rules_of_its_own(town: Town) -> None:
    assert await rules.get_policy(town.exchange, town.owner) == town.exchange.policy
    own = Policy(allowed_regions=("DE", "FR"), caps=Caps(per_day=9))
    await rules.set_policy(town.exchange, town.owner, own)
    assert await rules.get_policy(town.exchange, town.owner) == own
    assert await rules.get_policy(town.exchange, await town.stranger()) == town.exchange.policy
    assert await rules.set_policy(town.exchange, town.owner, None) == town.exchange.policy


async def test_the_do_not_call_list_is_kept_and_cleared_by_an_administrator(town: Town) -> None:
    assert await rules.add_do_not_call(town.exchange, town.owner, "+1 415-555-2671") == MOBILE
    town.clock.advance(1)
    await rules.add_do_not_call(town.exchange, town.owner, MOBILE, source="again")
    (kept,) = await rules.list_do_not_call(town.exchange, town.owner)
    assert (kept.number, kept.source) == (MOBILE, "added by hand")
    stranger = await town.stranger()
    assert await rules.list_do_not_call(town.exchange, stranger) == ()
    with pytest.raises(NotFound):
        await rules.remove_do_not_call(town.exchange, stranger, MOBILE)
    assert await rules.remove_do_not_call(town.exchange, town.owner, MOBILE) == MOBILE
    assert await rules.list_do_not_call(town.exchange, town.owner) == ()


async def test_the_status_says_what_works_and_what_is_used(town: Town) -> None:
    town.exchange.voice_name, town.exchange.detector_name = "tones", "energy"
    town.exchange.breakers.of("voice", "tones")
    await rules.set_policy(town.exchange, town.owner, Policy(simulated_caps=Caps(per_second=None)))
    for number in (MOBILE, "+14155552672"):
        wanted = CallRequest(to=number, task="Ask")
        call = (await calls.create_call(town.exchange, town.owner, wanted)).call
    await placing.begin_attempt(town.exchange, call.id)

    status = await get_status(town.exchange, town.owner)
    assert (status["version"], status["voice"]) == (__version__, "tones")
    assert status["providers"] == [{"port": "voice", "name": "tones", "breaker": "closed"}]
    assert status["detector"] == "energy"
    assert (status["live_calls"], status["queued_calls"]) == (1, 1)
    assert (status["accepting_calls"], status["simulated"]) == (True, True)
    assert status["limits"]["concurrent"] == {"limit": 5, "used": 2}
    assert status["limits"]["per_second"] == {"limit": None, "used": None}
    assert [(c["name"], c["simulated"], c["default"]) for c in status["carriers"]] == [
        ("loopback", True, True),
        ("telephone", False, False),
    ]
    theirs = await get_status(town.exchange, await town.stranger())
    assert (theirs["live_calls"], theirs["queued_calls"]) == (0, 0)
    town.exchange.draining = True
    assert not (await get_status(town.exchange, town.owner))["accepting_calls"]

"""A person agrees before a call is placed: asked where that is possible, by token elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp.client import ClientRequestContext
from mcp.types import (
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitRequestParams,
    ElicitResult,
    InputRequiredResult,
)

from switchhook.faces.mcp.identity import carrying
from switchhook.service import keys
from switchhook.service.exchange import ConfirmPolicy
from switchhook.service.identity import Scope
from tests.faces.mcp.rig import (
    FICTION,
    FROM,
    REAL,
    Mode,
    Rig,
    agree,
    facts_of,
    failure_of,
    text_of,
)

pytestmark = pytest.mark.anyio

CALL: dict[str, Any] = {"to": REAL, "task": "book a table", "from": FROM}


class Person:
    """Somebody in front of the client, who notes what they are asked."""

    def __init__(self, answer: ElicitResult) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def __call__(
        self,
        context: ClientRequestContext,  # noqa: ARG002 - the SDK's signature
        params: ElicitRequestParams,
    ) -> ElicitResult:
        self.asked.append(params.message)
        return self.answer


def willing() -> Person:
    return Person(ElicitResult(action="accept", content={"confirm": True}))


async def ask_round(client: Client, arguments: dict[str, Any]) -> tuple[str, str, str]:
    """Send a call and return the question's key, its text, and the sealed state."""
    result = await client.session.call_tool("create_call", arguments, allow_input_required=True)
    assert isinstance(result, InputRequiredResult)
    assert result.input_requests is not None
    [(key, request)] = result.input_requests.items()
    assert isinstance(request, ElicitRequest)
    assert isinstance(request.params, ElicitRequestFormParams)
    assert result.request_state is not None
    return key, request.params.message, result.request_state


async def answer_round(
    client: Client, arguments: Mapping[str, Any], key: str, state: str, *, action: str = "accept"
) -> CallToolResult:
    """Send the call again with an answer to the question."""
    said = (
        ElicitResult(action="accept", content={"confirm": True})
        if action == "accept"
        else ElicitResult.model_validate({"action": action})
    )
    result = await client.session.call_tool(
        "create_call",
        dict(arguments),
        input_responses={key: said},
        request_state=state,
        allow_input_required=True,
    )
    assert isinstance(result, CallToolResult)
    return result


async def test_a_person_is_asked_once_and_told_what_is_about_to_happen(
    rig: Rig, mode: Mode
) -> None:
    person = willing()
    async with rig.client(mode, person) as client:
        facts = facts_of(await client.call_tool("create_call", CALL))

    [question] = person.asked
    for part in ("real", REAL, FROM, "book a table"):
        assert part in question
    assert (facts["status"], facts["simulated"]) == ("queued", False)
    assert rig.woken == [facts["call_id"]]


@pytest.mark.parametrize(
    "answer",
    [
        ElicitResult(action="decline"),
        ElicitResult(action="cancel"),
        ElicitResult(action="accept", content={"confirm": False}),
        ElicitResult(action="accept", content={}),
    ],
    ids=["declined", "cancelled", "not ticked", "empty"],
)
async def test_nothing_is_dialled_unless_the_person_agrees(
    rig: Rig, mode: Mode, answer: ElicitResult
) -> None:
    async with rig.client(mode, Person(answer)) as client:
        failure = failure_of(await client.call_tool("create_call", CALL))
        listed = facts_of(await client.call_tool("list_calls", {}))

    assert failure["code"] == "not_confirmed"
    assert failure["next_action"] == "none"
    assert listed["total"] == 0
    assert rig.woken == []


async def test_an_answer_that_is_none_is_refused(rig: Rig, mode: Mode) -> None:
    nonsense = Person(ElicitResult(action="accept", content={"confirm": "perhaps"}))
    async with rig.client(mode, nonsense) as client:
        failure = failure_of(await client.call_tool("create_call", CALL))

    assert failure["code"] == "invalid_input"
    assert rig.woken == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"to": "+14155552671 ext. 5"}, "policy_blocked.number"),
        ({"to": "+1911"}, "policy_blocked.emergency"),
        ({"to": "+4930901820"}, "policy_blocked.region"),
        ({"agent": "nobody"}, "agent_not_found"),
        ({"options": {"carrier": "pigeon"}}, "invalid_input"),
    ],
)
async def test_nobody_is_bothered_with_a_call_that_would_be_refused(
    rig: Rig, mode: Mode, arguments: dict[str, Any], code: str
) -> None:
    person = willing()
    async with rig.client(mode, person) as client:
        failure = failure_of(await client.call_tool("create_call", CALL | arguments))

    assert failure["code"] == code
    assert person.asked == []


async def test_a_key_that_may_not_call_bothers_nobody(rig: Rig, mode: Mode) -> None:
    pair = await keys.create_key(rig.exchange, scopes=[Scope.CALLS_READ])
    reader = await keys.authenticate(rig.exchange, pair.key, pair.secret)
    person = willing()
    async with rig.client(mode, person) as client:
        with carrying(reader):
            failure = failure_of(await client.call_tool("create_call", CALL))

    assert failure["code"] == "not_allowed"
    assert person.asked == []


async def test_simulated_calls_need_nobodys_agreement(rig: Rig, mode: Mode) -> None:
    person = Person(ElicitResult(action="decline"))
    async with rig.client(mode, person) as client:
        fiction = facts_of(await client.call_tool("create_call", CALL | {"to": FICTION}))
        loopback = facts_of(
            await client.call_tool("create_call", CALL | {"options": {"carrier": "loopback"}})
        )
        rehearsed = facts_of(await client.call_tool("simulate_call", {"task": "hello"}))

    assert person.asked == []
    assert fiction["simulated"]
    assert loopback["simulated"]
    assert rehearsed["simulated"]


async def test_the_policy_may_ask_always_or_never(rig: Rig, mode: Mode) -> None:
    person = willing()
    async with rig.client(mode, person) as client:
        rig.exchange.confirm = ConfirmPolicy.ALWAYS
        facts_of(await client.call_tool("create_call", CALL | {"to": FICTION}))
        facts_of(await client.call_tool("simulate_call", {"task": "hello"}))
        rig.exchange.confirm = ConfirmPolicy.NEVER
        facts_of(await client.call_tool("create_call", CALL))

    [question] = person.asked
    assert "simulated" in question


async def test_a_repeated_key_asks_nobody_again(rig: Rig, mode: Mode) -> None:
    person = willing()
    arguments = CALL | {"idempotency_key": "once"}
    async with rig.client(mode, person) as client:
        first = facts_of(await client.call_tool("create_call", arguments))
        again = facts_of(await client.call_tool("create_call", arguments))

    assert len(person.asked) == 1
    assert again["call_id"] == first["call_id"]
    assert again["replayed"] is True


@pytest.mark.parametrize("key", [None, "mine"])
async def test_a_confirmation_that_is_sent_again_places_no_second_call(
    rig: Rig, key: str | None
) -> None:
    arguments = CALL | ({"idempotency_key": key} if key else {})
    async with rig.client("auto", agree) as client:
        question, _, state = await ask_round(client, arguments)
        first = facts_of(await answer_round(client, arguments, question, state))
        again = facts_of(await answer_round(client, arguments, question, state))

    assert (first["replayed"], again["replayed"]) == (False, True)
    assert rig.woken == [first["call_id"]]
    assert again["call_id"] == first["call_id"]


async def test_two_confirmations_place_two_calls(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode, agree) as client:
        first = facts_of(await client.call_tool("create_call", CALL))
        second = facts_of(await client.call_tool("create_call", CALL))

    assert first["call_id"] != second["call_id"]


async def test_a_call_after_a_replay_is_a_call_of_its_own(rig: Rig) -> None:
    async with rig.client("auto", agree) as client:
        question, _, state = await ask_round(client, CALL)
        first = facts_of(await answer_round(client, CALL, question, state))
        fiction = facts_of(await client.call_tool("create_call", CALL | {"to": FICTION}))

    assert fiction["call_id"] != first["call_id"]
    assert fiction["replayed"] is False


async def test_a_confirmation_holds_for_its_own_arguments_only(rig: Rig) -> None:
    async with rig.client("auto", agree) as client:
        question, _, state = await ask_round(client, CALL)
        with pytest.raises(MCPError, match="requestState"):
            await answer_round(client, CALL | {"to": "+14155552672"}, question, state)

    assert rig.woken == []


async def test_a_confirmation_holds_for_its_own_account_only(rig: Rig) -> None:
    async with rig.client("auto", agree) as client:
        with carrying(rig.alice):
            question, _, state = await ask_round(client, CALL)
        with carrying(rig.bob), pytest.raises(MCPError, match="requestState"):
            await answer_round(client, CALL, question, state)

    assert rig.woken == []


async def test_a_forged_state_confirms_nothing(rig: Rig) -> None:
    async with rig.client("auto", agree) as client:
        question, _, state = await ask_round(client, CALL)
        with pytest.raises(MCPError, match="requestState"):
            await answer_round(client, CALL, question, state[:-2] + "AA")

    assert rig.woken == []


async def test_a_declined_round_dials_nothing(rig: Rig) -> None:
    async with rig.client("auto", agree) as client:
        question, text, state = await ask_round(client, CALL)
        declined = await answer_round(client, CALL, question, state, action="decline")

    assert text.startswith("Place a real phone call")
    assert failure_of(declined)["code"] == "not_confirmed"
    assert rig.woken == []


async def test_a_client_that_cannot_ask_gets_a_token_to_show(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        refused = await client.call_tool("create_call", CALL)
        failure = failure_of(refused)
        token = failure["confirm_token"]
        placed = facts_of(await client.call_tool("create_call", CALL | {"confirm_token": token}))
        again = failure_of(await client.call_tool("create_call", CALL | {"confirm_token": token}))

    assert failure["code"] == "confirmation_required"
    assert failure["next_action"] == f'create_call(confirm_token="{token}")'
    assert "show the call to your user" in failure["hint"]
    assert token in text_of(refused)
    assert rig.woken == [placed["call_id"]]
    assert again["code"] == "confirmation_required"


async def test_a_token_is_good_for_exactly_the_call_that_was_shown(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        with carrying(rig.alice):
            token = failure_of(await client.call_tool("create_call", CALL))["confirm_token"]
            swapped = CALL | {"to": "+14155552672", "confirm_token": token}
            failure_of(await client.call_tool("create_call", swapped))
        with carrying(rig.bob):
            failure_of(await client.call_tool("create_call", CALL | {"confirm_token": token}))

    assert rig.woken == []


async def test_a_check_hands_out_the_token_too(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        checked = facts_of(await client.call_tool("check_call", CALL))
        token = checked["confirm_token"]
        placed = facts_of(await client.call_tool("create_call", CALL | {"confirm_token": token}))

    assert checked["confirmation_required"] is True
    assert checked["next_action"] == f'create_call(confirm_token="{token}")'
    assert placed["status"] == "queued"


async def test_no_token_goes_around_a_person_who_can_be_asked(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode, agree) as client:
        checked = facts_of(await client.call_tool("check_call", CALL))

    assert checked["confirmation_required"] is True
    assert "confirm_token" not in checked
    assert checked["next_action"] == "create_call"


async def test_a_check_tells_every_rule_and_dials_nothing(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        good = await client.call_tool("check_call", CALL)
        bad = await client.call_tool("check_call", CALL | {"to": "+4930901820"})

    allowed, refused = facts_of(good), facts_of(bad)
    assert (allowed["status"], refused["status"]) == ("allowed", "refused")
    assert all(rule["passed"] for rule in allowed["rules"])
    [against] = [rule for rule in refused["rules"] if not rule["passed"]]
    assert against["rule"] == "region"
    assert against["hint"]
    assert refused["next_action"] == "none"
    assert "confirm_token" not in refused
    assert "would be refused" in text_of(bad)
    assert rig.woken == []

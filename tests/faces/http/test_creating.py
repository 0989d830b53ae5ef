"""POST /api/calls/create and its two relatives."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import httpx
import jsonschema
import pytest

from switchhook.service import keys
from switchhook.service.identity import Scope
from tests.faces.http.town import ANYBODY, CONTRACT, Town, made_agent, made_call, refused, said

pytestmark = pytest.mark.anyio


def conforms(answer: httpx.Response) -> None:
    """Check the answer against the contract, whose `nullable` is OpenAPI 3.0's."""
    operation = CONTRACT["paths"]["/api/calls/create"]["post"]
    documented = operation["responses"][str(answer.status_code)]
    schema = documented["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), _plain(schema | {"components": CONTRACT["components"]}))


def _plain(schema: Any) -> Any:
    match schema:
        case {"nullable": True, **rest}:
            return {"anyOf": [_plain(rest), {"type": "null"}]}
        case dict():
            members = cast("dict[str, Any]", schema)
            return {name: _plain(part) for name, part in members.items() if name != "example"}
        case list():
            return [_plain(part) for part in cast("list[Any]", schema)]
        case _:
            return schema


SEED = {
    "call_type": "PHONE_CALL",
    "direction": "OUTBOUND",
    "metadata": {"customer_id": "cust-001", "priority": "high", "campaign": "summer-2024"},
}


async def test_the_seeds_own_request_gets_the_seeds_own_answer(
    alice: httpx.AsyncClient, town: Town
) -> None:
    agent = await made_agent(alice)

    answer = await alice.post("/api/calls/create", json=SEED | {"agent_id": agent["agent_id"]})

    conforms(answer)
    data = said(answer)
    assert data["organization_id"] == town.alice.org_id
    call = data["call"]
    assert answer.json()["message"] == "Call created successfully"
    assert call["call_id"].startswith("call_")
    assert {name: call[name] for name in ("agent_id", "call_status", "call_type", "direction")} == {
        "agent_id": agent["agent_id"],
        "call_status": "registered",
        "call_type": "phone_call",
        "direction": "outbound",
    }
    assert call["metadata"] == SEED["metadata"]
    assert [(event["event"], event["session_time"]) for event in call["events"]] == [
        ("Call created via API", 0)
    ]
    nothing_yet = (
        "start_timestamp",
        "end_timestamp",
        "call_duration",
        "disconnection_reason",
        "recording_url",
        "public_log_url",
        "transcript",
        "latency",
        "call_analysis",
        "call_cost",
        "telephony_identifier",
    )
    assert all(call[name] is None for name in nothing_yet)
    assert call["transcript_object"] == call["transcript_with_tool_calls"] == []


async def test_every_member_of_the_contract_is_always_there(alice: httpx.AsyncClient) -> None:
    required = CONTRACT["components"]["schemas"]["Call"]["required"]

    call = await made_call(alice)

    assert len(required) == 21 or len(required) == 22
    assert set(required) <= set(call)


async def test_enums_are_read_in_any_case_and_written_in_lower_case(
    alice: httpx.AsyncClient,
) -> None:
    call = await made_call(alice, call_type="Web_Call", direction="inbound")

    assert (call["call_type"], call["direction"]) == ("web_call", "inbound")


async def test_a_number_makes_it_a_call_that_is_dialled(
    alice: httpx.AsyncClient, town: Town
) -> None:
    woken: list[str] = []
    town.exchange.wake = woken.append

    call = await made_call(alice, to_number="+1 (415) 555-0123", from_number="+14155550199")

    assert (call["to_number"], call["from_number"]) == (ANYBODY, "+14155550199")
    assert woken == [call["id"]]


async def test_a_call_without_any_number_stays_registered(
    alice: httpx.AsyncClient, town: Town
) -> None:
    woken: list[str] = []
    town.exchange.wake = woken.append

    call = await made_call(alice)

    assert (call["to_number"], call["from_number"], woken) == ("", "", [])


async def test_numbers_and_variables_may_come_in_the_metadata(alice: httpx.AsyncClient) -> None:
    metadata = {
        "to_number": ANYBODY,
        "from_number": "+14155550199",
        "dynamic_variables": {"party_size": 4, "vegan": True, "note": None},
    }

    call = await made_call(alice, metadata=metadata)

    assert (call["to_number"], call["from_number"]) == (ANYBODY, "+14155550199")
    assert call["retell_llm_dynamic_variables"] == {"party_size": "4", "vegan": "true", "note": ""}
    assert call["metadata"] == metadata


async def test_a_web_call_ignores_the_number_in_its_metadata(alice: httpx.AsyncClient) -> None:
    call = await made_call(alice, call_type="web_call", metadata={"to_number": ANYBODY})

    assert (call["to_number"], call["metadata"]) == ("", {"to_number": ANYBODY})


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"to_number": ANYBODY, "direction": "INBOUND"}, "to_number"),
        ({"to_number": ANYBODY, "call_type": "WEB_CALL"}, "to_number"),
        ({"metadata": {"to_number": 4155550123}}, "metadata.to_number"),
        ({"metadata": {"dynamic_variables": ["party_size"]}}, "metadata.dynamic_variables"),
        ({"metadata": {f"m{number}": 1 for number in range(51)}}, "metadata"),
        ({"metadata": {"long": "x" * 17_000}}, "metadata"),
        ({"call_type": "fax"}, "call_type"),
        ({"direction": 1}, "direction"),
        ({"call_id": "create"}, "call_id"),
        ({"call_id": "a/b"}, "call_id"),
        ({"agent_id": ""}, "agent_id"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    alice: httpx.AsyncClient, members: dict[str, Any], field: str
) -> None:
    answer = await alice.post("/api/calls/create", json={"agent_id": "anybody"} | members)

    conforms(answer)
    assert refused(answer, 400, "invalid_input")["field"] == field
    assert answer.json()["message"] == "Validation error"


async def test_an_unknown_member_is_refused_with_the_known_ones_beside(
    alice: httpx.AsyncClient,
) -> None:
    answer = await alice.post("/api/calls/create", json={"agent_id": "a", "to": ANYBODY})

    conforms(answer)
    details = refused(answer, 400, "unsupported_parameter")
    assert details["field"] == "to"
    assert "to_number" in details["hint"]


async def test_an_unknown_agent_is_404(alice: httpx.AsyncClient) -> None:
    answer = await alice.post("/api/calls/create", json={"agent_id": "agent-404"})

    conforms(answer)
    refused(answer, 404, "agent_not_found")
    assert answer.json()["message"] == "Agent not found"


async def test_the_same_call_id_and_body_give_the_same_call(alice: httpx.AsyncClient) -> None:
    agent = await made_agent(alice)
    body = {"agent_id": agent["agent_id"], "call_id": "order-17", "to_number": ANYBODY}

    first = await alice.post("/api/calls/create", json=body)
    second = await alice.post("/api/calls/create", json=body)

    assert said(first)["call"]["call_id"] == said(second)["call"]["call_id"] == "order-17"
    assert said(first)["call"]["id"] == said(second)["call"]["id"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"


async def test_a_call_id_with_another_body_is_a_conflict(alice: httpx.AsyncClient) -> None:
    await made_call(alice, call_id="order-17")
    agent_id = said(await alice.get("/api/agents"))["agents"][0]["agent_id"]

    answer = await alice.post(
        "/api/calls/create",
        json={"agent_id": agent_id, "call_id": "order-17", "metadata": {"a": 1}},
    )

    conforms(answer)
    refused(answer, 409, "call_id_taken")


async def test_an_idempotency_key_makes_one_call_of_many_requests(
    alice: httpx.AsyncClient,
) -> None:
    agent = await made_agent(alice)
    body = {"agent_id": agent["agent_id"], "to_number": ANYBODY}
    key = {"Idempotency-Key": "one-call-please"}

    answers = await asyncio.gather(
        *(alice.post("/api/calls/create", json=body, headers=key) for _ in range(20))
    )
    other = await alice.post("/api/calls/create", json=body | {"call_id": "b"}, headers=key)

    assert len({said(answer)["call"]["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 19
    refused(other, 409, "idempotency_conflict")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
async def test_an_unusable_idempotency_key_is_refused(alice: httpx.AsyncClient, key: str) -> None:
    answer = await alice.post(
        "/api/calls/create", json={"agent_id": "a"}, headers={"Idempotency-Key": key}
    )

    assert refused(answer, 400, "invalid_input")["field"] == "Idempotency-Key"


async def test_a_refusal_of_the_dial_policy_is_400_with_its_rule(alice: httpx.AsyncClient) -> None:
    agent = await made_agent(alice)

    answer = await alice.post(
        "/api/calls/create", json={"agent_id": agent["agent_id"], "to_number": "911"}
    )

    conforms(answer)
    assert refused(answer, 400, "policy_blocked.emergency")["next_action"] == "check_call"


async def test_a_draining_server_takes_no_calls_and_says_when_to_come_back(
    alice: httpx.AsyncClient, town: Town
) -> None:
    agent = await made_agent(alice)
    town.exchange.draining = True

    answer = await alice.post("/api/calls/create", json={"agent_id": agent["agent_id"]})

    refused(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_phone_call_is_created_and_initiated(alice: httpx.AsyncClient) -> None:
    agent = await made_agent(alice)

    answer = await alice.post(
        "/api/calls/create-phone-call",
        json={
            "from_number": "+14155550199",
            "to_number": ANYBODY,
            "override_agent_id": agent["agent_id"],
            "metadata": {"customer_id": "cust-001"},
        },
    )

    data = said(answer)
    assert answer.json()["message"] == "Phone call created and initiated successfully"
    assert (data["call_type"], data["status"]) == ("phone_call", "call_initiated")
    assert data["phone_call_info"] == {
        "from_number": "+14155550199",
        "to_number": ANYBODY,
        "direction": "outbound",
        "call_status": "registered",
    }


async def test_a_web_call_is_registered_and_admits_that_nobody_can_join(
    alice: httpx.AsyncClient,
) -> None:
    agent = await made_agent(alice)

    answer = await alice.post(
        "/api/calls/create-web-call", json={"agent_id": agent["agent_id"], "metadata": {"a": 1}}
    )

    data = said(answer)
    assert "no web line" in answer.json()["message"]
    assert data["web_call_info"] == {
        "room_name": None,
        "access_token": None,
        "call_status": "registered",
        "agent_id": agent["agent_id"],
    }
    assert data["livekit_connection"] is None
    assert data["call"]["call_type"] == "web_call"


async def test_a_key_that_may_only_create_is_shown_its_call_without_what_happened(
    alice: httpx.AsyncClient, town: Town
) -> None:
    agent = await made_agent(alice)
    pair = await keys.create_key(
        town.exchange, org_id=town.alice.org_id, scopes=[Scope.CALLS_CREATE]
    )

    async with town.client(pair) as creator:
        call = await made_call(creator, agent_id=agent["agent_id"])
        unreadable = await creator.get(f"/api/calls/{call['call_id']}")

    assert (call["events"], call["call_status"]) == ([], "registered")
    refused(unreadable, 403, "not_allowed")

"""The rules of an account over REST."""

from __future__ import annotations

import httpx
import pytest

from tests.faces.http.town import ANYBODY, Town, made_agent, refused, said

pytestmark = pytest.mark.anyio


async def test_the_rules_are_changed_member_by_member(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, town: Town
) -> None:
    before = said(await alice.get("/api/policy"))

    change = {"allowed_regions": ["US", "DE"], "caps": {"per_day": 10, "per_hour": None}}
    after = said(await alice.patch("/api/policy", json=change))

    assert before["organization_id"] == town.alice.org_id
    assert before["allowed_regions"] is None
    caps = before["caps"] | {"per_day": 10, "per_hour": None}
    assert after == before | {"allowed_regions": ["US", "DE"], "caps": caps}
    assert said(await alice.get("/api/policy")) == after
    assert said(await bob.get("/api/policy"))["allowed_regions"] is None
    assert said(await alice.patch("/api/policy", json={"allowed_regions": None})) == (
        after | {"allowed_regions": None}
    )


async def test_the_kill_switch_answers_503_and_says_when_to_ask_again(
    alice: httpx.AsyncClient,
) -> None:
    agent = await made_agent(alice)
    said(await alice.patch("/api/policy", json={"calls_enabled": False}))

    answer = await alice.post(
        "/api/calls/create", json={"agent_id": agent["agent_id"], "to_number": ANYBODY}
    )

    refused(answer, 503, "policy_blocked.calls_enabled")
    assert answer.headers["retry-after"] == "300"


async def test_a_used_up_cap_answers_429(alice: httpx.AsyncClient) -> None:
    agent = await made_agent(alice)
    said(await alice.patch("/api/policy", json={"simulated_caps": {"per_day": 1}}))
    body = {"agent_id": agent["agent_id"], "to_number": ANYBODY}

    said(await alice.post("/api/calls/create", json=body))
    answer = await alice.post("/api/calls/create", json=body)

    refused(answer, 429, "policy_blocked.calls_per_day")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "change", [{"allowed_regions": ["Mars"]}, {"caps": {"per_day": -1}}, {"calls_enabled": "no"}]
)
async def test_rules_that_cannot_be_are_refused(
    alice: httpx.AsyncClient, change: dict[str, object]
) -> None:
    refused(await alice.patch("/api/policy", json=change), 400, "invalid_input")


async def test_a_number_on_the_list_is_not_called(alice: httpx.AsyncClient) -> None:
    agent = await made_agent(alice)
    call = {"agent_id": agent["agent_id"], "to_number": ANYBODY}

    added = said(
        await alice.post(
            "/api/do-not-call", json={"number": "+1 415-555-0123", "source": "a letter"}
        )
    )
    listed = said(await alice.get("/api/do-not-call"))["numbers"]
    blocked = await alice.post("/api/calls/create", json=call)
    removed = said(await alice.delete("/api/do-not-call", params={"number": ANYBODY}))

    assert (added["operation"], added["number"]) == ("added", ANYBODY)
    assert listed == [
        {"number": ANYBODY, "source": "a letter", "created_at": "2026-03-02T12:00:00+00:00"}
    ]
    refused(blocked, 400, "policy_blocked.do_not_call")
    assert removed["operation"] == "removed"
    said(await alice.post("/api/calls/create", json=call))
    refused(await alice.delete("/api/do-not-call", params={"number": ANYBODY}), 404, "not_found")


async def test_a_number_to_remove_has_to_be_named(alice: httpx.AsyncClient) -> None:
    assert (
        refused(await alice.delete("/api/do-not-call"), 400, "invalid_input")["field"] == "number"
    )

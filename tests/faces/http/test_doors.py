"""Every route against every kind of caller."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from switchhook.faces.http.auth import PUBLIC_PATHS
from switchhook.faces.http.native.operations import Operation
from switchhook.faces.http.native.table import OPERATIONS
from switchhook.service import keys
from switchhook.service.identity import Scope
from tests.faces.http.town import ANYBODY, Town, made_agent, made_call, refused, said

pytestmark = pytest.mark.anyio

BODIES: dict[str, dict[str, Any]] = {
    "createCall": {"agent_id": "{agent}"},
    "createPhoneCall": {
        "override_agent_id": "{agent}",
        "to_number": ANYBODY,
        "from_number": "+14155550199",
    },
    "createWebCall": {"agent_id": "{agent}"},
    "updateCall": {"metadata": {"a": 1}},
    "transferCall": {"to_number": "+14155550100"},
    "addToConference": {"to_number": "+14155550100"},
    "createAgent": {"agent_name": "Another"},
    "updateAgent": {"language": "de"},
    "duplicateAgent": {"agent_name": "A copy"},
    "updatePolicy": {"calls_enabled": True},
    "addDoNotCall": {"number": "+14155550100"},
    "buyNumber": {"number": "+15550100999"},
    "createConnection": {"provider": "openai", "key": "sk-somebodys"},
}
QUERIES = {"removeDoNotCall": {"number": "+14155550177"}}

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
each_with_an_id = pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if "{id}" in one.path], ids=lambda one: one.name
)


async def ask(
    client: httpx.AsyncClient, operation: Operation[Any, Any], *, call: str = "c", agent: str = "a"
) -> httpx.Response:
    """Ask for the operation with a body that is good as long as the ids are."""
    body = BODIES.get(operation.name)
    if body is not None:
        body = {name: agent if value == "{agent}" else value for name, value in body.items()}
    reference = call if operation.path.startswith("/api/calls") else agent
    return await client.request(
        operation.method,
        operation.path.replace("{id}", reference),
        json=body,
        params=QUERIES.get(operation.name),
    )


def test_the_public_paths_are_these_four() -> None:
    assert {"/", "/livez", "/readyz", "/openapi.json"} == PUBLIC_PATHS


@each_operation
async def test_nobody_gets_in_without_a_good_key(
    town: Town, operation: Operation[Any, Any]
) -> None:
    revoked = await keys.create_key(town.exchange)
    await keys.revoke_key(town.exchange, revoked.key)
    guessed = keys.KeyPair(town.alice.key, "guess", "", ())

    for pair in (None, guessed, revoked):
        async with town.client(pair) as client:
            refused(await ask(client, operation), 401, "not_authenticated")


@each_operation
async def test_each_operation_wants_one_of_its_scopes_and_no_other(
    town: Town, alice: httpx.AsyncClient, operation: Operation[Any, Any]
) -> None:
    agent, call = await prepared(alice)
    for scope in Scope:
        pair = await keys.create_key(town.exchange, org_id=town.alice.org_id, scopes=[scope])
        async with town.client(pair) as client:
            answer = await ask(client, operation, call=call, agent=agent)
        enough = scope in (*operation.scopes, Scope.ADMIN)

        assert (answer.status_code != 403) is enough, (scope, answer.text)
        if not enough:
            assert refused(answer, 403, "not_allowed")["hint"].startswith("create a key with")


@each_with_an_id
async def test_what_belongs_to_somebody_else_does_not_exist(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, operation: Operation[Any, Any]
) -> None:
    agent, call = await prepared(alice)
    theirs = await ask(bob, operation, call=call, agent=agent)
    nobodys = await ask(bob, operation, call="call_404", agent="agent_404")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json()["details"]["code"] == nobodys.json()["details"]["code"]


@each_operation
async def test_nothing_of_one_account_shows_in_another(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, operation: Operation[Any, Any]
) -> None:
    agent, call = await prepared(alice)

    answer = await ask(bob, operation, call=call, agent=agent)

    for canary in ("canary", "+14155550177"):
        asked = operation.name == "removeDoNotCall" and canary.startswith("+")
        assert asked or canary not in answer.text


@pytest.mark.parametrize("name", ["createCall", "createPhoneCall", "createWebCall"])
async def test_nobody_calls_with_somebody_elses_agent(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient, name: str
) -> None:
    agent, _ = await prepared(alice)
    operation = next(one for one in OPERATIONS if one.name == name)

    refused(await ask(bob, operation, agent=agent), 404, "agent_not_found")


async def test_two_accounts_may_use_the_same_call_id_and_key(
    alice: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    hers = await made_call(alice, call_id="order-17", metadata={"whose": "hers"})
    his = await made_call(bob, call_id="order-17", metadata={"whose": "his"})

    assert hers["id"] != his["id"]
    assert said(await alice.get("/api/calls/order-17"))["metadata"] == {"whose": "hers"}
    assert said(await bob.get("/api/calls/order-17"))["metadata"] == {"whose": "his"}


async def test_a_path_that_is_not_there_is_404_in_the_envelope(alice: httpx.AsyncClient) -> None:
    for path in ("/api", "/api/nothing", "/api/calls/x/nothing", "/nowhere", "/api/calls/a/b/c"):
        refused(await alice.get(path), 404, "not_found")


async def test_a_method_that_is_not_there_is_405_with_those_that_are(
    alice: httpx.AsyncClient,
) -> None:
    answer = await alice.patch("/api/calls/x")

    refused(answer, 405, "method_not_allowed")
    assert {"GET", "PUT", "DELETE"} <= {word.strip() for word in answer.headers["allow"].split(",")}


async def test_a_head_is_a_read_without_its_body(alice: httpx.AsyncClient) -> None:
    answer = await alice.head("/api/calls")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


async def prepared(alice: httpx.AsyncClient) -> tuple[str, str]:
    """Return an agent and a call full of things that nobody else may see."""
    agent = await made_agent(alice, "canary agent")
    call = await made_call(alice, agent_id=agent["agent_id"], metadata={"note": "canary"})
    body = {"number": "+14155550177", "source": "canary"}
    said(await alice.post("/api/do-not-call", json=body))
    return agent["agent_id"], call["id"]

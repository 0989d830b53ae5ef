"""Who a request acts for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mcp.server.auth.middleware.auth_context import get_access_token

from switchhook.domain.errors import NotAuthenticated
from switchhook.faces.mcp.identity import Desk, as_user, carrying, install_user
from switchhook.faces.mcp.server import build_server
from switchhook.service.identity import Principal, Scope
from tests.faces.mcp.rig import Rig, agree, facts_of, failure_of
from tests.faces.mcp.test_confirmation import CALL, answer_round, ask_round

ALICE = Principal("org_a", "ck_a", frozenset({Scope.CALLS_READ}))


@pytest.mark.anyio
async def test_a_request_acts_for_who_signed_in_and_else_for_the_owner(rig: Rig) -> None:
    desk = Desk(rig.exchange, rig.alice)

    assert desk.caller() == rig.alice
    with carrying(ALICE):
        assert desk.caller() == ALICE
    assert desk.caller() == rig.alice


@pytest.mark.anyio
async def test_without_an_owner_everybody_has_to_sign_in(rig: Rig) -> None:
    with pytest.raises(NotAuthenticated, match="credential"):
        Desk(rig.exchange).caller()


def test_the_request_and_its_session_know_the_user() -> None:
    scope: dict[str, Any] = {"type": "http"}

    with install_user(scope, ALICE):
        token = get_access_token()

    assert token is not None
    assert (token.client_id, token.subject, token.scopes) == ("org_a", "ck_a", ["calls:read"])
    assert scope["user"].access_token == token
    assert get_access_token() is None


def test_the_owner_of_the_machine_is_a_user_without_a_key() -> None:
    token = as_user(Principal("org_a")).access_token

    assert (token.token, token.subject) == ("local", None)
    assert set(token.scopes) == {scope.value for scope in Scope}


@pytest.mark.anyio
async def test_a_shared_key_lets_a_question_outlive_the_process(rig: Rig) -> None:
    shared = ["k" * 32]
    rig.face = build_server(rig.exchange, local=rig.alice, request_state_keys=shared)
    async with rig.client("auto", agree) as client:
        question, _, state = await ask_round(client, CALL)
    rig.face = build_server(rig.exchange, local=rig.alice, request_state_keys=shared)
    async with rig.client("auto", agree) as client:
        placed = facts_of(await answer_round(client, CALL, question, state))

    assert placed["status"] == "queued"


@pytest.mark.anyio
async def test_a_key_that_may_only_dial_is_told_what_it_dialled(rig: Rig) -> None:
    dialler = replace(rig.alice, key_id="k", scopes=frozenset({Scope.CALLS_CREATE}))
    async with rig.client("auto") as client:
        with carrying(dialler):
            made = await client.call_tool("simulate_call", {"task": "x", "mind": "assistant"})
            read = await client.call_tool("get_call", {"call_id": facts_of(made)["call_id"]})

    assert facts_of(made)["status"] == "queued"
    assert failure_of(read)["code"] == "not_allowed"

"""The toolset `numbers`, as assistants meet it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from switchhook.domain.agent import AgentSpec
from switchhook.faces.mcp.server import build_server
from switchhook.providers.loopback import LoopbackNumbers
from switchhook.service import agents
from tests.faces.mcp.rig import REAL, Mode, Rig, facts_of, failure_of, text_of

pytestmark = pytest.mark.anyio

WANTED = "+15552000000"
TOOLS = {
    *("list_numbers", "search_numbers", "buy_number"),
    *("update_number", "release_number", "ring_number"),
}


@pytest.fixture
def numbered(rig: Rig) -> Rig:
    """Give a face with the toolset, and numbers to be had."""
    rig.exchange.numbers = {"trunk": LoopbackNumbers()}
    rig.face = build_server(rig.exchange, local=rig.alice, toolsets=("numbers",))
    return rig


async def test_the_tools_are_there_only_for_who_asked_for_the_set(
    rig: Rig, numbered: Rig, mode: Mode
) -> None:
    plain = build_server(rig.exchange, local=rig.alice)
    async with numbered.client(mode) as client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
    assert listed >= TOOLS
    assert not TOOLS & {tool.name for tool in await plain.server.list_tools()}


async def test_a_number_is_found_bought_bound_and_given_back(numbered: Rig, mode: Mode) -> None:
    await agents.create_agent(numbered.exchange, numbered.alice, AgentSpec(name="Host"))
    numbered.exchange.secrets = lambda _org, _url: b"hush"
    async with numbered.client(mode) as client:
        found = facts_of(await client.call_tool("search_numbers", {"kind": "LOCAL"}))
        asked = {"number": WANTED, "agent": "Host"}
        dry = await client.call_tool("buy_number", asked)
        proposal = facts_of(dry)
        assert facts_of(await client.call_tool("list_numbers", {}))["total"] == 0
        token = {"confirm_token": proposal["confirm_token"]}
        bought = facts_of(await client.call_tool("buy_number", asked | token))
        change = {"number": WANTED, "label": "Desk", "context_endpoint": "https://crm.example/c"}
        changed = facts_of(await client.call_tool("update_number", change))
        listed = facts_of(await client.call_tool("list_numbers", {}))
        release = facts_of(await client.call_tool("release_number", {"number": WANTED}))
        again = {"number": WANTED, "confirm_token": release["confirm_token"]}
        gone = facts_of(await client.call_tool("release_number", again))

    assert WANTED in {offer["number"] for offer in found["numbers"]}
    assert (proposal["status"], proposal["dry_run"]) == ("confirmation_required", True)
    assert proposal["monthly_price"] == "0.00 USD"
    assert "confirm_token=" in proposal["next_action"]
    assert "0.00 USD a month" in text_of(dry)
    assert (bought["number"], bought["state"]) == (WANTED, "active")
    assert (changed["label"], changed["signing_secret"]) == ("Desk", "aHVzaA==")
    assert [one["agent_id"] for one in listed["numbers"]] == [bought["agent_id"]]
    assert release["status"] == "confirmation_required"
    assert gone["status"] == "ok"


async def test_a_number_that_is_there_already_is_not_said_to_be_bought(
    numbered: Rig, mode: Mode
) -> None:
    class Owned(LoopbackNumbers):
        async def rented(self, number: str) -> str | None:
            return f"PN{number}"

    numbered.exchange.numbers = {"trunk": Owned()}
    async with numbered.client(mode) as client:
        dry = await client.call_tool("buy_number", {"number": WANTED})

    assert facts_of(dry)["already_owned"]
    assert "would come here" in text_of(dry)
    assert "bought" not in text_of(dry)


async def test_a_token_buys_no_other_number(numbered: Rig, mode: Mode) -> None:
    async with numbered.client(mode) as client:
        proposal = facts_of(await client.call_tool("buy_number", {"number": WANTED}))
        other = {"number": "+15552010007", "confirm_token": proposal["confirm_token"]}
        failure = failure_of(await client.call_tool("buy_number", other))

    assert failure["code"] == "conflict"
    assert "other arguments" in failure["message"]


async def test_a_simulated_person_can_be_told_to_call_and_a_real_one_cannot(
    numbered: Rig, mode: Mode
) -> None:
    callers = NotedCallers()
    async with numbered.client(mode) as client:
        token = facts_of(await client.call_tool("buy_number", {"number": WANTED}))["confirm_token"]
        await client.call_tool("buy_number", {"number": WANTED, "confirm_token": token})
        real = failure_of(await client.call_tool("ring_number", {"number": WANTED}))
        numbered.exchange.callers = {"trunk": callers}
        rings = facts_of(await client.call_tool("ring_number", {"number": WANTED, "from": REAL}))

    assert real["code"] == "conflict"
    assert callers.rang == [(REAL, WANTED)]
    assert rings["next_action"].startswith("list_calls")


@dataclass
class NotedCallers:
    """People who only note whom they would call."""

    rang: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    async def ring(self, caller: str, number: str) -> None:
        self.rang.append((caller, number))

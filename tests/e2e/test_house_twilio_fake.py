"""A whole server whose calls go by the fake of Twilio, over real sockets and in real time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from switchhook.testing.twilio import NUMBER
from tests.e2e.processes import Home, client_at, facts, serving, until_over

pytestmark = pytest.mark.anyio


async def test_a_call_by_the_fake_carrier_is_held_to_its_end(tmp_path: Path) -> None:
    home = Home(tmp_path, {"SWITCHHOOK_LOOPBACK_SPEED": "1", "SWITCHHOOK_CARRIER": "twilio-fake"})
    async with serving(home) as served, client_at(served, "http", served.pair) as client:
        wish = {"to": "+14155550123", "task": "say that the order is ready"}
        placed = facts(await client.call_tool("create_call", wish))
        end = await until_over(client, placed["call_id"])
        wanted = {"call_id": placed["call_id"], "include": ["transcript"]}
        told = facts(await client.call_tool("get_call", wanted))

    assert end["status"] == "ended"
    assert "Hello?" in str(told)


async def test_the_number_of_the_fake_carrier_is_answered_by_its_agent(tmp_path: Path) -> None:
    environment = {
        "SWITCHHOOK_LOOPBACK_SPEED": "1",
        "SWITCHHOOK_CARRIER": "twilio-fake",
        "SWITCHHOOK_TOOLSETS": "numbers",
    }
    async with (
        serving(Home(tmp_path, environment)) as served,
        client_at(served, "http", served.pair) as client,
    ):
        host = {"name": "Host", "first_message": "Trattoria Roma, hello."}
        facts(await client.call_tool("create_agent", host | {"max_duration_seconds": 10}))
        wish = {"number": NUMBER, "agent": "Host"}
        token = facts(await client.call_tool("buy_number", wish))["confirm_token"]
        facts(await client.call_tool("buy_number", wish | {"confirm_token": token}))
        facts(await client.call_tool("ring_number", {"number": NUMBER}))
        async with asyncio.timeout(10):
            while not (listed := facts(await client.call_tool("list_calls", {})))["calls"]:  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.1)
        [call] = listed["calls"]
        end = await until_over(client, call["call_id"])
        wanted = {"call_id": call["call_id"], "include": ["transcript"]}
        told = facts(await client.call_tool("get_call", wanted))

    assert (call["direction"], end["status"]) == ("inbound", "ended")
    assert "Trattoria Roma, hello." in str(told)

"""A whole server whose calls go by the fake of Twilio, over real sockets and in real time."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from itertools import pairwise
from pathlib import Path

import anyio
import pytest

from switchhook.testing.twilio import NUMBER
from tests.e2e.processes import PATIENCE, Home, client_at, facts, serving, until_over

pytestmark = pytest.mark.anyio

EXAMPLE = Path(__file__).parents[2] / "examples" / "call_a_telephone.py"
FAKE = {"SWITCHHOOK_LOOPBACK_SPEED": "1", "SWITCHHOOK_CARRIER": "twilio-fake"}


@pytest.mark.parametrize("media", ["stream", "relay"])
async def test_a_call_by_the_fake_carrier_is_held_to_its_end(tmp_path: Path, media: str) -> None:
    home = Home(tmp_path, {**FAKE, "SWITCHHOOK_TWILIO_MEDIA": media})
    async with serving(home) as served, client_at(served, "http", served.pair) as client:
        asked = {"open": {"type": "boolean", "description": "Are you open on Sunday?"}}
        schema = {"type": "object", "properties": asked}
        wish = {"to": "+14155550123", "task": "ask about Sunday", "result_schema": schema}
        placed = facts(await client.call_tool("create_call", wish))
        end = await until_over(client, placed["call_id"])
        wanted = {"call_id": placed["call_id"], "include": ["transcript"]}
        told = facts(await client.call_tool("get_call", wanted))

    assert end["status"] == "ended"
    lines = told["transcript"]["lines"]
    assert [line["speaker"] for line in lines] == ["callee", "agent", "agent", "callee", "agent"]
    assert lines[0]["text"] == "Hello?"
    assert all(line["start_ms"] >= before["start_ms"] for before, line in pairwise(lines))


@pytest.mark.parametrize(("said", "tells"), [(b"y\n", b"ended "), (b"n\n", b"did not agree")])
async def test_the_example_rings_a_telephone_once_somebody_agreed(
    tmp_path: Path, said: bytes, tells: bytes
) -> None:
    home = Home(tmp_path, {**FAKE, "SWITCHHOOK_CONFIRM": "always"})
    async with serving(home) as served:
        made = served.facts["credential"]
        pair = (made["api_key"], made["api_secret"])
        words = (served.facts["mcp"], *pair, "+14155550123", "ask whether they are open")
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(EXAMPLE), *words, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        with anyio.fail_after(PATIENCE):
            out, err = await process.communicate(said)

    assert b"phone call to +14155550123" in out
    assert tells in out + err
    assert (process.returncode == os.EX_OK) is (said == b"y\n")


async def test_the_number_of_the_fake_carrier_is_answered_by_its_agent(tmp_path: Path) -> None:
    environment = {**FAKE, "SWITCHHOOK_TOOLSETS": "numbers"}
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

"""A whole server whose calls go by the fake of Twilio, over real sockets and in real time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.processes import Home, client_at, facts, serving, until_over

pytestmark = pytest.mark.anyio


async def test_a_call_by_the_fake_carrier_is_held_to_its_end(tmp_path: Path) -> None:
    home = Home(tmp_path, {"SWITCHHOOK_LOOPBACK_SPEED": "1", "SWITCHHOOK_CARRIER": "twilio-fake"})
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
    assert all(line["start_ms"] >= before["end_ms"] for before, line in pairwise(lines))

"""A whole server whose calls go by the fake of Twilio, over real sockets and in real time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.processes import Home, client_at, facts, serving, until_over

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("media", ["stream", "relay"])
async def test_a_call_by_the_fake_carrier_is_held_to_its_end(tmp_path: Path, media: str) -> None:
    chosen = {"SWITCHHOOK_CARRIER": "twilio-fake", "SWITCHHOOK_TWILIO_MEDIA": media}
    home = Home(tmp_path, {"SWITCHHOOK_LOOPBACK_SPEED": "1", **chosen})
    async with serving(home) as served, client_at(served, "http", served.pair) as client:
        wish = {"to": "+14155550123", "task": "say that the order is ready"}
        placed = facts(await client.call_tool("create_call", wish))
        end = await until_over(client, placed["call_id"])
        wanted = {"call_id": placed["call_id"], "include": ["transcript"]}
        told = facts(await client.call_tool("get_call", wanted))

    assert end["status"] == "ended"
    assert "Hello?" in str(told)

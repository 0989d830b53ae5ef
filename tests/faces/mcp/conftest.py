"""An exchange on a store of its own, two accounts, and the MCP face in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from switchhook.faces.mcp.server import build_server
from switchhook.service import keys
from tests.faces.mcp.rig import Mode, Rig, exchange_in


@pytest.fixture(params=["auto", "legacy"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """Give a face whose exchange dials nobody; who did not sign in acts for Alice."""
    woken: list[str] = []
    exchange = exchange_in(tmp_path, woken)
    alice = await keys.local_owner(exchange)
    pair = await keys.create_key(exchange, org_id="org_bob")
    bob = await keys.authenticate(exchange, pair.key, pair.secret)
    yield Rig(exchange, build_server(exchange, local=alice), alice, bob, woken)
    exchange.database.close()

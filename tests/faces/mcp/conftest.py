"""An exchange on a store of its own, two accounts, and the MCP face in front of it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from switchhook.faces.mcp.server import build_server
from switchhook.service import keys
from tests.faces.mcp.rig import Mode, Rig, exchange_in


@pytest.fixture(params=["auto", "legacy"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store that is migrated already; a copy of it takes a moment, a new one many."""
    folder = tmp_path_factory.mktemp("store")
    database = exchange_in(folder, []).database
    anyio.run(database.ready)
    database.close()
    return folder / "calls.db"


@pytest.fixture
async def rig(tmp_path: Path, empty_store: Path) -> AsyncIterator[Rig]:
    """Give a face whose exchange dials nobody; who did not sign in acts for Alice."""
    woken: list[str] = []
    shutil.copy(empty_store, tmp_path)
    exchange = exchange_in(tmp_path, woken)
    alice = await keys.local_owner(exchange)
    pair = await keys.create_key(exchange, org_id="org_bob")
    bob = await keys.authenticate(exchange, pair.key, pair.secret)
    yield Rig(exchange, build_server(exchange, local=alice), alice, bob, woken)
    exchange.database.close()

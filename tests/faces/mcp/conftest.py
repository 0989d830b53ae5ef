"""An exchange on a store of its own, two accounts, and the MCP face in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.faces.mcp.server import build_server
from switchhook.ports import Carrier
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import keys
from switchhook.service.exchange import ConfirmPolicy, Exchange
from switchhook.store.database import Database
from tests.faces.mcp.rig import Mode, Rig, Silent, TestClock


@pytest.fixture(params=["auto", "legacy"])
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """Give a face whose exchange dials nobody; who did not sign in acts for Alice."""
    woken: list[str] = []
    carriers: Mapping[str, Carrier] = {
        "loopback": Silent("loopback", simulated=True),
        "trunk": Silent("trunk", simulated=False),
    }
    database = Database.open(f"sqlite:///{tmp_path / 'calls.db'}")
    exchange = Exchange(
        database=database,
        clock=TestClock(),
        hub=Hub(),
        switchboard=Switchboard(),
        carriers=carriers,
        default_carrier="trunk",
        recordings=tmp_path,
        policy=Policy(allowed_regions=("US",), caps=UNCAPPED),
        confirm=ConfirmPolicy.REAL_CALLS,
        wake=woken.append,
    )
    alice = await keys.local_owner(exchange)
    pair = await keys.create_key(exchange, org_id="org_bob")
    bob = await keys.authenticate(exchange, pair.key, pair.secret)
    yield Rig(exchange, build_server(exchange, local=alice), alice, bob, woken)
    database.close()

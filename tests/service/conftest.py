"""An exchange on each database."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchhook.store.database import Database
from tests.service.fakes import Town, found_town
from tests.service.market import Market


@pytest.fixture
async def town(anyio_backend: str, database: Database, tmp_path: Path) -> Town:
    return await found_town(database, tmp_path / "recordings")


@pytest.fixture
def market(town: Town) -> Market:
    made = Market()
    town.exchange.numbers = {"loopback": made}
    return made

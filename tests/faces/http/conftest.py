"""A town with two accounts on a real store."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from switchhook.faces.http.app import Doors, build_asgi
from switchhook.store.database import Database
from tests.faces.http.town import ADDRESS, HandClock, Town, exchange_on, two_accounts


@pytest.fixture
async def town(anyio_backend: str, tmp_path: Path) -> AsyncGenerator[Town]:
    clock = HandClock()
    database = Database.open(f"sqlite:///{tmp_path / 'store.db'}")
    exchange = exchange_on(database, tmp_path / "recordings", clock)
    alice, bob = await two_accounts(exchange)
    yield Town(exchange, clock, alice, bob, build_asgi(exchange, Doors(public_url=ADDRESS)))
    database.close()


@pytest.fixture
async def alice(town: Town) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.client(town.alice) as client:
        yield client


@pytest.fixture
async def bob(town: Town) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.client(town.bob) as client:
        yield client


@pytest.fixture
async def stranger(town: Town) -> AsyncGenerator[httpx.AsyncClient]:
    async with town.client() as client:
        yield client

"""A town with two accounts on a real store."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from switchhook.faces.http.app import Doors, build_asgi
from switchhook.service.keys import KeyPair
from switchhook.store.database import Database
from tests.faces.http.town import ADDRESS, HandClock, Town, exchange_on, two_accounts


@dataclass(frozen=True)
class Ground:
    """A store with two accounts, to be copied because migrating one takes its time."""

    path: Path
    alice: KeyPair
    bob: KeyPair


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    path = tmp_path_factory.mktemp("ground") / "store.db"
    database = Database.open(f"sqlite:///{path}")
    alice, bob = asyncio.run(two_accounts(exchange_on(database, path.parent, HandClock())))
    database.close()
    return Ground(path, alice, bob)


@pytest.fixture
def town(ground: Ground, tmp_path: Path) -> Generator[Town]:
    clock = HandClock()
    path = shutil.copy(ground.path, tmp_path)
    database = Database.open(f"sqlite:///{path}")
    exchange = exchange_on(database, tmp_path / "recordings", clock)
    app = build_asgi(exchange, Doors(public_url=ADDRESS))
    yield Town(exchange, clock, ground.alice, ground.bob, app)
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

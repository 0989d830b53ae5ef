"""Exchanges on databases that live as long as a measurement."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from switchhook.app import LOOPBACK, Expected
from switchhook.runtime.clock import SystemClock
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.service.exchange import Exchange
from switchhook.store.database import Database
from tests import postgres


@asynccontextmanager
async def exchange_on(url: str, scratch: Path) -> AsyncGenerator[Exchange]:
    """Yield an exchange on the database, with nobody who dials what is queued."""
    database = Database.open(url)
    try:
        yield Exchange(
            database=database,
            clock=SystemClock(),
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={LOOPBACK: Expected(LOOPBACK, simulated=True)},
            default_carrier=LOOPBACK,
            recordings=scratch,
        )
    finally:
        database.close()


@contextmanager
def postgresql() -> Generator[str | None]:
    """Yield a PostgreSQL that makes every commit durable, or nothing where none is installed."""
    if (programs := postgres.binaries()) is None:
        yield None
        return
    with postgres.cluster(programs, postgres.DURABLE) as url:
        yield url

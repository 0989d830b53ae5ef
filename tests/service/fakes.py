"""A clock that stands still, carriers that only have a name, and an exchange of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from switchhook.ports import Command, Dial, Leg, Receipt
from switchhook.runtime.hub import Changed, Hub, Listener
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.store.database import Database

MOBILE = "+14155552671"
GERMAN = "+4915123456789"
FICTIONAL = "+15550100123"


class StandingClock:
    """Moves only when it is told to."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    async def sleep_until(self, moment: float) -> None:
        del moment
        await asyncio.sleep(0)


@dataclass
class NamedCarrier:
    """Has a name and never dials."""

    name: str
    simulated: bool

    async def dial(self, request: Dial) -> Leg:
        raise AssertionError(f"nobody may dial {request.to_number} in these tests")


@dataclass
class ObedientCall:
    """A running call that notes what it is told."""

    commands: list[Command] = field(default_factory=list[Command])

    async def control(self, command: Command) -> Receipt:
        self.commands.append(command)
        return Receipt("done")


class CountingHub(Hub):
    """Knows how many listen, and lets a test wait for one more."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners = 0
        self.somebody_listens = asyncio.Event()

    def listen(self, listener: Listener) -> Callable[[], None]:
        self.listeners += 1
        self.somebody_listens.set()
        stop = super().listen(listener)

        def counted() -> None:
            self.listeners -= 1
            stop()

        return counted


@dataclass
class Town:
    """An exchange, its clock, its owner, and what was woken and published."""

    exchange: Exchange
    hub: CountingHub
    clock: StandingClock
    owner: Principal
    woken: list[str]
    news: list[Changed]

    async def stranger(self) -> Principal:
        """Return the owner of another account."""
        pair = await keys.create_key(self.exchange, org_id="org_of_a_stranger")
        return Principal(pair.org_id, pair.key)


async def found_town(database: Database, recordings: Path) -> Town:
    """Return an exchange with a loopback line and a real carrier."""
    clock = StandingClock()
    woken: list[str] = []
    news: list[Changed] = []
    hub = CountingHub()
    exchange = Exchange(
        database=database,
        clock=clock,
        hub=hub,
        switchboard=Switchboard(),
        carriers={
            "loopback": NamedCarrier("loopback", simulated=True),
            "telephone": NamedCarrier("telephone", simulated=False),
        },
        default_carrier="loopback",
        recordings=recordings,
        wake=woken.append,
    )
    Hub.listen(hub, news.append)
    owner = await keys.local_owner(exchange)
    return Town(exchange, hub, clock, owner, woken, news)

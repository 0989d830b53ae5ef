"""An exchange without a store, a desk in memory, and calls that are placed in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import Carrier, Entry, Mind
from switchhook.providers.loopback import Hum, LoopbackCarrier, TextEars
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service.exchange import Exchange
from switchhook.service.placing import Attempt
from switchhook.store.database import Database
from switchhook.testing import NotedJournal, a_call, virtual_clock
from switchhook.work.placing import Placing


@dataclass
class MemoryDesk:
    """Lets every call be dialled, unless it is told otherwise, and keeps what is written."""

    refused: set[str] = field(default_factory=set[str])
    calls: dict[str, Interaction] = field(default_factory=dict[str, Interaction])
    journals: dict[str, NotedJournal] = field(default_factory=dict[str, NotedJournal])
    broken: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    written: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, call_id: str, persona: str | None = None, **spec: Any) -> str:
        call = a_call(name="Rosa", options=CallOptions(persona=persona), **spec)
        self.calls[call_id] = call.model_copy(update={"id": call_id, "to_number": "+15550100123"})
        self.journals[call_id] = NotedJournal(self.calls[call_id])
        return call_id

    async def begin(self, call_id: str) -> Attempt | None:
        self.begun.set()
        await asyncio.sleep(0)
        return None if call_id in self.refused else Attempt(self.calls[call_id], "attempt_x")

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        if self.broken:
            raise OSError("the disk is full")
        self.written.set()
        return await self.journals[call_id].write(call_id, entry)

    def end(self, call_id: str) -> tuple[State | None, Reason | None]:
        last = self.journals[call_id].entries[-1]
        return last.state, last.reason

    def states(self, call_id: str) -> list[State]:
        return [entry.state for entry in self.journals[call_id].entries if entry.state]


@dataclass
class Office:
    """Placing at work."""

    desk: MemoryDesk
    exchange: Exchange
    placing: Placing

    async def until(self, state: State, call_id: str = "one") -> None:
        async with asyncio.timeout(120):
            while state not in self.desk.states(call_id):
                await self.desk.written.wait()
                self.desk.written.clear()

    async def until_idle(self) -> None:
        async with asyncio.timeout(3600):
            await self.placing.idle()


@asynccontextmanager
async def office(
    desk: MemoryDesk,
    *,
    capacity: int = 100,
    carrier: Carrier | None = None,
    drain_seconds: float = 0.0,
    minds: Mapping[str, Mind] | None = None,
) -> AsyncGenerator[Office]:
    clock = virtual_clock()
    ticker = Ticker(clock)
    exchange = Exchange(
        database=Database.open("sqlite://", inline=True),
        clock=clock,
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={"loopback": carrier or LoopbackCarrier(Hum(), clock, ticker)},
        default_carrier="loopback",
        recordings=Path("recordings"),
    )
    troupe = Troupe(TextEars(), Hum(), minds or {})
    placing = Placing(exchange, ticker, troupe, capacity=capacity, desk=desk)
    async with placing.open(drain_seconds):
        yield Office(desk, exchange, placing)
    assert len(exchange.switchboard) == 0
    assert len(ticker) == 0

"""An exchange whose calls only end, so that one can see what is done about them afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook.domain.happenings import Happening
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.transcript import Line
from switchhook.ports import Entry
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import calls, following, keys, placing
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.requests import CallRequest
from switchhook.store.database import Database
from switchhook.testing import virtual_clock
from tests.service.fakes import NamedCarrier

SAID = (
    Line(speaker="agent", text="A table for four?").fact(),
    Line(speaker="callee", text="Yes.").fact(),
)
ENOUGH = 20_000.0
"""Seconds in which everything has been tried as often as it ever is."""


@dataclass
class Office:
    """An exchange whose calls only end."""

    exchange: Exchange
    owner: Principal

    async def ended(self, **request: Any) -> str:
        """Let a call be over, and return its id."""
        wanted = CallRequest(to="+15550100123", task="book a table for {{guests}}", **request)
        call = (await calls.create_call(self.exchange, self.owner, wanted)).call
        await placing.begin_attempt(self.exchange, call.id)
        answered = Entry(facts=SAID, state=State.IN_PROGRESS, carrier_ref="CA_one")
        await placing.write(self.exchange, call.id, answered)
        end = Entry(state=State.ENDED, reason=Reason.USER_HANGUP)
        await placing.write(self.exchange, call.id, end)
        return call.id

    async def record(self, call_id: str) -> Interaction:
        return await calls.get_call(self.exchange, self.owner, call_id)

    async def story(self, call_id: str) -> tuple[Happening, ...]:
        return (await following.happenings(self.exchange, self.owner, call_id)).happenings


@asynccontextmanager
async def office(folder: Path, database: Database, *, recorded: bool) -> AsyncGenerator[Office]:
    exchange = Exchange(
        database=database,
        clock=virtual_clock(),
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={"telephone": NamedCarrier("telephone", simulated=True)},
        default_carrier="telephone",
        recordings=folder,
        analyses=True,
        recorded_by_carrier=lambda _call: recorded,
    )
    yield Office(exchange, await keys.local_owner(exchange))

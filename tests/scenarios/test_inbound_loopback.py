"""A simulated person calls a number of the loopback line: whole calls, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import Conflict
from switchhook.domain.interaction import Direction
from switchhook.domain.lifecycle import Reason, State
from switchhook.providers.loopback import (
    Hum,
    LoopbackCallers,
    LoopbackCarrier,
    LoopbackNumbers,
    TextEars,
)
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service import agents, calls, following, keys, numbers
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.numbers import Binding, Proposal
from switchhook.service.requests import CallFilter
from switchhook.store.database import Database
from switchhook.testing import run_virtually, virtual_clock
from switchhook.work.placing import Placing
from switchhook.work.receiving import Receiving

WANTED = "+15552000000"
SCHEMA = {
    "type": "object",
    "properties": {"guests": {"type": "integer", "description": "How many guests?"}},
}


@dataclass
class House:
    exchange: Exchange
    placing: Placing
    owner: Principal


@asynccontextmanager
async def house(folder: Path, *, capacity: int = 10) -> AsyncGenerator[House]:
    """Open an exchange whose only number is bound to an agent that asks for a number of guests."""
    with closing(Database.open("sqlite://", inline=True)) as database:
        clock = virtual_clock()
        ticker = Ticker(clock)
        carrier = LoopbackCarrier(Hum(), clock, ticker)
        exchange = Exchange(
            database=database,
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"loopback": carrier},
            default_carrier="loopback",
            recordings=folder,
            numbers={"loopback": LoopbackNumbers()},
        )
        owner = await keys.local_owner(exchange)
        spec = AgentSpec(name="Host", first_message="Trattoria Roma.", result_schema=SCHEMA)
        await agents.create_agent(exchange, owner, spec)
        await buy(exchange, owner)
        placing = Placing(exchange, ticker, TextEars(), Hum(), capacity=capacity)
        receiving = Receiving(exchange, placing)
        exchange.callers = {"loopback": LoopbackCallers(carrier, receiving)}
        async with placing.open():
            yield House(exchange, placing, owner)


async def buy(exchange: Exchange, owner: Principal) -> None:
    wanted = Binding(agent="Host")
    proposal = await numbers.buy_number(exchange, owner, WANTED, wanted)
    assert isinstance(proposal, Proposal)
    token = proposal.confirm_token
    await numbers.buy_number(exchange, owner, WANTED, wanted, confirm_token=token)


def test_an_agent_can_be_called_without_any_account(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            await numbers.ring_number(at.exchange, at.owner, WANTED)
            await at.placing.idle()
            [call] = (await calls.list_calls(at.exchange, at.owner, CallFilter())).calls
            page = await following.transcript(at.exchange, at.owner, call.id)

        assert (call.direction, call.state) == (Direction.INBOUND, State.ENDED)
        assert (call.from_number, call.to_number) == (numbers.CALLER, WANTED)
        assert call.outcome is not None
        assert call.outcome.fields["guests"].value is not None
        assert "Trattoria Roma." in " ".join(line.text for line in page.lines)

    run_virtually(main)


def test_a_process_that_holds_all_it_can_takes_no_more(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path, capacity=1) as at:
            await numbers.ring_number(at.exchange, at.owner, WANTED)
            with pytest.raises(Conflict, match="busy"):
                await numbers.ring_number(at.exchange, at.owner, WANTED)
            await at.placing.idle()
            await numbers.ring_number(at.exchange, at.owner, WANTED)
            await at.placing.idle()
            assert (await calls.list_calls(at.exchange, at.owner, CallFilter())).total == 2

    run_virtually(main)


def test_a_call_that_goes_on_when_the_process_stops_is_ended(tmp_path: Path) -> None:
    async def main() -> None:
        async with house(tmp_path) as at:
            await numbers.ring_number(at.exchange, at.owner, WANTED)
            await asyncio.sleep(3)
            await at.placing.stop()
            [call] = (await calls.list_calls(at.exchange, at.owner, CallFilter())).calls
            assert (call.state, call.reason) == (State.ENDED, Reason.API_HANGUP)
            assert at.placing.live == ()

    run_virtually(main)

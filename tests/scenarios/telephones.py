"""Whole calls by Twilio: from the request to the record, over sockets, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.ports import Duplex, Mind
from switchhook.providers.loopback import Hum, TextEars
from switchhook.providers.twilio.conferences import Conferences
from switchhook.providers.twilio.numbers import TwilioNumbers
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service import calls, keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.placing import recover
from switchhook.service.requests import CallRequest
from switchhook.store.database import Database
from switchhook.testing import virtual_clock
from switchhook.testing.inscribed import ReadingEars, WritingVoice
from switchhook.testing.twilio import NUMBER, WELL, FakeTwilio, Mischief, Phone
from switchhook.work.placing import Placing
from switchhook.work.receiving import Receiving
from switchhook.work.sweeping import Sweeping
from tests.providers.twilio.town import TO, Town, town


@dataclass
class Telephones:
    """An engine whose carrier is Twilio, and the Twilio that it calls by."""

    town: Town
    exchange: Exchange
    placing: Placing
    sweeping: Sweeping
    owner: Principal
    ticker: Ticker

    @property
    def twilio(self) -> FakeTwilio:
        return self.town.twilio

    async def call(self, to: str = TO, **request: Any) -> str:
        """Ask for a call and return its id."""
        wanted = CallRequest(to=to, task="ask whether they are open", **request)
        placed = await calls.create_call(self.exchange, self.owner, wanted)
        return placed.call.id

    async def record(self, call_id: str) -> Interaction:
        return await calls.get_call(self.exchange, self.owner, call_id)

    async def until(self, call_id: str, *states: State) -> Interaction:
        """Return the record as soon as the call is in one of the states."""
        async with asyncio.timeout(3600):
            while (record := await self.record(call_id)).state not in states:  # noqa: ASYNC110 - another's call
                await asyncio.sleep(0.1)
        return record


@asynccontextmanager
async def telephones(
    folder: Path,
    phones: Mapping[str, Phone] | None = None,
    mischief: Mischief = WELL,
    minds: Mapping[str, Mind] | None = None,
    duplex: Duplex | None = None,
) -> AsyncGenerator[Telephones]:
    """Run an engine on the folder, beside a Twilio of its own."""
    with closing(Database.open("sqlite://", inline=True)) as database:
        async with (
            town(phones, mischief) as here,
            engine(folder, here, database, minds, duplex) as running,
        ):
            yield running


@asynccontextmanager
async def engine(
    folder: Path,
    here: Town,
    database: Database,
    minds: Mapping[str, Mind] | None = None,
    duplex: Duplex | None = None,
) -> AsyncGenerator[Telephones]:
    """Run an engine on the store, as it starts after whatever was before."""
    clock = virtual_clock()
    ticker = Ticker(clock)
    exchange = Exchange(
        database=database,
        clock=clock,
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={"twilio": here.carrier},
        default_carrier="twilio",
        own_numbers={"twilio": NUMBER},
        recordings=folder,
        switches={"twilio": Conferences(here.account)},
        policy=Policy(caps=UNCAPPED),
    )
    pair = await keys.local_owner(exchange)
    queued: Sequence[str] = (await recover(exchange)).queued
    troupe = Troupe(ReadingEars(TextEars()), WritingVoice(Hum()), minds or {}, duplex=duplex)
    placing = Placing(exchange, ticker, troupe, talks=lambda call: _talks(here, call))
    sweeping = Sweeping(exchange, {"twilio": here.account})
    here.carrier.stray = sweeping.wake
    exchange.wake = placing.wake
    exchange.numbers = {"twilio": TwilioNumbers(here.account, here.carrier.reach)}
    here.carrier.reception = Receiving(exchange, placing)
    async with sweeping.open(), placing.open():
        for call_id in queued:
            placing.wake(call_id)
        yield Telephones(here, exchange, placing, sweeping, pair, ticker)


def _talks(here: Town, call: Interaction) -> bool:
    return call.carrier == here.carrier.name and here.carrier.talks(call.options.model_dump())

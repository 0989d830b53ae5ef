"""An engine as the settings put it together, between vendors that are fakes, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from switchhook.app import exchange_of, placing_calls
from switchhook.domain.agent import AgentSpec
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.rehearsal import Step
from switchhook.service import calls, following, keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.requests import CallRequest
from switchhook.settings import Settings, read_settings
from switchhook.store.database import Database
from switchhook.testing import virtual_clock
from switchhook.testing.cartesia import FakeCartesia
from switchhook.testing.deepgram import FakeDeepgram
from switchhook.testing.elevenlabs import FakeElevenLabs
from switchhook.testing.openai import FakeOpenAI

SETTINGS = "SWITCHHOOK_"


@dataclass
class Vendors:
    """Every vendor, on this machine; which of them has our key is up to the test."""

    openai: FakeOpenAI = field(default_factory=FakeOpenAI)
    deepgram: FakeDeepgram = field(default_factory=FakeDeepgram)
    elevenlabs: FakeElevenLabs = field(default_factory=FakeElevenLabs)
    cartesia: FakeCartesia = field(default_factory=FakeCartesia)

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[dict[str, str]]:
        """Serve, and return the settings that lead here; they hold no key yet."""
        async with AsyncExitStack() as stack:
            addresses = {"OPENAI_BASE_URL": await stack.enter_async_context(self.openai.serving())}
            for name in ("deepgram", "elevenlabs", "cartesia"):
                reception = getattr(self, name).reception
                url = await stack.enter_async_context(reception.serving())
                addresses[f"{name.upper()}_BASE_URL"] = url.replace("ws", "http", 1)
            yield addresses | {"OPENAI_API": "whole"}

    def keys(self, *vendors: str) -> dict[str, str]:
        """Return the settings that hold the keys to these."""
        return {f"{name.upper()}_API_KEY": getattr(self, name).key for name in vendors}


def settings_of(folder: Path, given: dict[str, str]) -> Settings:
    named = {SETTINGS + name: value for name, value in given.items()}
    return read_settings(named | {"SWITCHHOOK_DATA": str(folder)})


@dataclass
class Engine:
    """A running engine, and who owns it."""

    exchange: Exchange
    owner: Principal

    async def call(self, agent: AgentSpec, *steps: Step) -> Interaction:
        """Hold a call to its end, and return the record."""
        wanted = CallRequest(
            to="+15550100001",
            agent=agent,
            task="book a table",
            options=CallOptions(steps=steps or None),
        )
        call = (await calls.create_call(self.exchange, self.owner, wanted)).call
        async with asyncio.timeout(3600):
            while not call.terminal:
                await asyncio.sleep(0.5)
                call = await calls.get_call(self.exchange, self.owner, call.id)
        return call

    async def spoken(self, call: Interaction) -> list[str]:
        """Return what was said in a call."""
        page = await following.transcript(self.exchange, self.owner, call.id)
        return [f"{line.speaker}: {line.text}" for line in page.lines]


@asynccontextmanager
async def engine(folder: Path, given: dict[str, str]) -> AsyncGenerator[Engine]:
    """Run an engine with these settings."""
    settings = settings_of(folder, given)
    with closing(Database.open("sqlite://", inline=True)) as database:
        exchange = replace(exchange_of(settings), database=database, clock=virtual_clock())
        owner = await keys.local_owner(exchange)
        async with placing_calls(exchange, settings):
            yield Engine(exchange, owner)

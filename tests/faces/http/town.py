"""An exchange with two accounts, a carrier that never rings anybody, and a clock by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml
from starlette.types import ASGIApp

from switchhook.ports import Dial, Leg, LegEvent
from switchhook.providers.loopback import LoopbackNumbers
from switchhook.runtime.hub import Hub
from switchhook.runtime.sealing import Seal
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.service.keys import KeyPair
from switchhook.store.database import Database

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8080"
ANYBODY = "+14155550123"
CONTRACT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "contracts" / "calls.openapi.yaml").read_text()
)


class HandClock:
    """Time that moves when the test says so."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep_until(self, moment: float) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._elapsed >= moment)

    async def advance(self, seconds: float) -> None:
        self._elapsed += seconds
        async with self._moved:
            self._moved.notify_all()


@dataclass
class SilentLeg:
    """An attempt about which nothing is ever heard."""

    ref: str

    async def events(self) -> AsyncIterator[LegEvent]:
        await asyncio.Event().wait()
        yield  # pyright: ignore[reportReturnType]  # pragma: no cover

    async def hang_up(self) -> None: ...


@dataclass
class SilentCarrier:
    """Takes every call and rings nobody."""

    name: str = "loopback"
    simulated: bool = True
    dialled: list[Dial] = field(default_factory=list[Dial])

    async def dial(self, request: Dial) -> Leg:
        self.dialled.append(request)
        return SilentLeg(request.token)


@dataclass
class Town:
    """The exchange, its two accounts, and the application in front of it."""

    exchange: Exchange
    clock: HandClock
    alice: KeyPair
    bob: KeyPair
    app: ASGIApp

    def client(self, pair: KeyPair | None = None, **headers: str) -> httpx.AsyncClient:
        if pair is not None:
            headers |= credentials(pair)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=ADDRESS, headers=headers
        )


def credentials(pair: KeyPair) -> dict[str, str]:
    return {"X-API-KEY": pair.key, "X-API-SECRET": pair.secret}


def exchange_on(database: Database, recordings: Path, clock: HandClock) -> Exchange:
    carrier = SilentCarrier()
    return Exchange(
        database=database,
        clock=clock,
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={carrier.name: carrier},
        default_carrier=carrier.name,
        recordings=recordings,
        numbers={carrier.name: LoopbackNumbers()},
        seal=Seal(lambda: bytes(32)),
    )


async def two_accounts(exchange: Exchange) -> tuple[KeyPair, KeyPair]:
    alice = await keys.create_key(exchange, label="alice")
    assert isinstance(exchange.clock, HandClock)
    await exchange.clock.advance(1)
    return alice, await keys.create_key(exchange, org_id="org_bob", label="bob")


async def made_agent(client: httpx.AsyncClient, name: str = "Table booker") -> dict[str, Any]:
    body = {
        "agent_name": name,
        "first_message": "Hello, I would like to book a table.",
        "llm_config": {"system_message": "Book a table for {{party_size}}."},
    }
    return said(await client.post("/api/agents/create", json=body))


async def made_call(client: httpx.AsyncClient, **members: Any) -> dict[str, Any]:
    if "agent_id" not in members:
        listed = said(await client.get("/api/agents"))["agents"]
        agent = listed[0] if listed else await made_agent(client)
        members["agent_id"] = agent["agent_id"]
    return said(await client.post("/api/calls/create", json=members))["call"]


def said(answer: httpx.Response) -> dict[str, Any]:
    """Return what a successful answer carries."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["status"], body["error"]) == ("success", None)
    return body["data"]


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Return the details of a refusal in the native envelope."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert (body["status"], body["data"]) == ("error", None)
    assert body["error"].startswith(f"{code}: "), body["error"]
    assert body["details"]["code"] == code
    return body["details"]

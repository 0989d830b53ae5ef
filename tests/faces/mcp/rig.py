"""An exchange on a store of its own, two accounts, and the MCP face in front of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.session import ElicitationFnT
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult, TextContent

from switchhook.domain.happenings import Fact
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.domain.transcript import Line
from switchhook.faces.mcp.server import Face
from switchhook.ports import (
    AnswerQuestion,
    Carrier,
    Command,
    Dial,
    Entry,
    HangUp,
    Leg,
    Receipt,
    Say,
)
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import placing
from switchhook.service.exchange import ConfirmPolicy, Exchange
from switchhook.service.identity import Principal
from switchhook.store.database import Database

REAL = "+14155552671"
"""A number that may be anybody's; nothing in these tests can dial it."""

FICTION = "+15550100001"
FROM = "+14155552670"
PATIENCE = 10.0
"""Seconds after which a test gives up waiting."""

Mode = Literal["auto", "legacy"]
Elicitation = ElicitationFnT


class TestClock:
    """Time that goes on from a fixed moment."""

    __test__ = False

    def __init__(self) -> None:
        self._start = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
        self._zero = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return time.monotonic() - self._zero

    async def sleep_until(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self.monotonic()))


@dataclass
class Silent:
    """A carrier that is never asked to dial."""

    name: str
    simulated: bool

    async def dial(self, request: Dial) -> Leg:
        raise AssertionError(f"nobody may dial {request.to_number} here")


@dataclass
class Steered:
    """A live call that notes what it was told."""

    commands: list[Command] = field(default_factory=list[Command])
    receipt: Receipt = field(default_factory=lambda: Receipt("done"))

    async def control(self, command: Command) -> Receipt:
        self.commands.append(command)
        return self.receipt

    def said(self) -> list[str]:
        return [command.text for command in self.commands if isinstance(command, Say)]

    def answered(self) -> list[str]:
        return [command.answer for command in self.commands if isinstance(command, AnswerQuestion)]

    def hung_up(self) -> bool:
        return any(isinstance(command, HangUp) for command in self.commands)


@dataclass
class Rig:
    """Everything a test looks at or turns."""

    exchange: Exchange
    face: Face
    alice: Principal
    bob: Principal
    woken: list[str]

    @asynccontextmanager
    async def client(
        self,
        mode: Mode,
        elicitation: Elicitation | None = None,
        **options: Any,
    ) -> AsyncGenerator[Client]:
        async with (
            self.face.running(),
            Client(
                self.face.server, mode=mode, elicitation_callback=elicitation, cache=None, **options
            ) as client,
        ):
            yield client

    async def write(
        self,
        call_id: str,
        *facts: Fact,
        state: State | None = None,
        reason: Reason | None = None,
        **entry: Any,
    ) -> None:
        """Let the call go on as if somebody ran it."""
        await placing.write(
            self.exchange, call_id, Entry(facts=facts, state=state, reason=reason, **entry)
        )

    async def pick_up(self, call_id: str) -> None:
        """Let the callee answer."""
        for state in (State.DIALING, State.RINGING, State.IN_PROGRESS):
            await self.write(call_id, state=state)

    async def finish(self, call_id: str, reason: Reason = Reason.USER_HANGUP, **entry: Any) -> None:
        """Let the call end."""
        await self.write(call_id, state=State.ENDED, reason=reason, **entry)


def exchange_in(folder: Path, woken: list[str]) -> Exchange:
    """Return an exchange that dials nobody, with its store in the folder."""
    carriers: Mapping[str, Carrier] = {
        "loopback": Silent("loopback", simulated=True),
        "trunk": Silent("trunk", simulated=False),
    }
    return Exchange(
        database=Database.open(f"sqlite:///{folder / 'calls.db'}"),
        clock=TestClock(),
        hub=Hub(),
        switchboard=Switchboard(),
        carriers=carriers,
        default_carrier="trunk",
        recordings=folder,
        policy=Policy(allowed_regions=("US",), caps=UNCAPPED),
        confirm=ConfirmPolicy.REAL_CALLS,
        wake=woken.append,
    )


def spoken(speaker: Literal["agent", "callee"], text: str, at_ms: int = 0) -> Fact:
    return Line(speaker=speaker, text=text, start_ms=at_ms, end_ms=at_ms + 900).fact()


def facts_of(result: CallToolResult) -> dict[str, Any]:
    """Return the structured answer of a tool that did not fail."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


def failure_of(result: CallToolResult) -> dict[str, Any]:
    """Return the structured failure of a tool that did."""
    assert result.is_error, result.structured_content
    assert result.structured_content is not None
    assert set(result.structured_content) >= {
        "code",
        "message",
        "field",
        "hint",
        "retry_safe",
        "next_action",
    }
    return result.structured_content


def text_of(result: CallToolResult) -> str:
    [block] = result.content
    assert isinstance(block, TextContent)
    return block.text


async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    return ElicitResult(action="accept", content={"confirm": True})


async def simulated_call(client: Client, **arguments: Any) -> str:
    """Accept a simulated call and return its id."""
    result = await client.call_tool("simulate_call", {"task": "say hello"} | arguments)
    return str(facts_of(result)["call_id"])

"""Real processes of the command line, each on a data directory of its own, and clients for them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

import httpx2
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.session import MessageHandlerFnT
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult

Mode = Literal["auto", "legacy"]
Way = Literal["stdio", "http", "sse"]

PATIENCE = 60.0
"""Seconds after which a test gives up waiting; the machine may be slow, a call is not."""

NUMBER = "+15550100001"
SCHEMA = {"type": "object", "properties": {"day": {"type": "string"}}}


@dataclass(frozen=True)
class Home:
    """A data directory, and the environment of the processes that live in it."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    def environment(self, **more: str) -> dict[str, str]:
        """Return all that a process needs, and nothing of this machine's own settings."""
        passed = ("PATH", "HOME", "SYSTEMROOT")
        kept = {n: v for n, v in os.environ.items() if n in passed or n.startswith("COV")}  # noqa: TID251 - handed on
        return {
            **kept,
            "SWITCHHOOK_DATA": str(self.data),
            "SWITCHHOOK_LOOPBACK_SPEED": "20",
            "SWITCHHOOK_PORT": "0",
            **self.settings,
            **more,
        }

    def stdio(self, **more: str) -> StdioServerParameters:
        """Return how a host starts `switchhook mcp` here."""
        return StdioServerParameters(
            command=sys.executable, args=["-m", "switchhook", "mcp"], env=self.environment(**more)
        )

    async def run(self, *words: str, **more: str) -> tuple[int, str, str]:
        """Run a command to its end and return its exit code, stdout and stderr."""
        process = await self.start(*words, errors=PIPE, **more)
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    async def json(self, *words: str) -> Any:
        """Run a command that succeeds and return what it says to programs."""
        code, out, err = await self.run(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    async def start(self, *words: str, errors: int | IO[bytes] = PIPE, **more: str) -> Process:
        """Start a command."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "switchhook",
            *words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=errors,
            env=self.environment(**more),
        )


@dataclass(frozen=True)
class Served:
    """A server that runs, and what it said when it started."""

    process: Process
    facts: dict[str, Any]

    @property
    def pair(self) -> dict[str, str]:
        """The first key as headers."""
        made = self.facts["credential"]
        return headers(made)

    async def leave(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(how)
        async with asyncio.timeout(PATIENCE):
            _, err = await self.process.communicate()
        sys.stderr.write(err.decode())
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def serving(home: Home, **more: str) -> AsyncGenerator[Served]:
    """Run `switchhook serve` for as long as the context lasts."""
    process = await home.start("serve", "--json", errors=PIPE, **more)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        line = await process.stdout.readline()
    served = Served(process, json.loads(line) if line else {})
    try:
        assert line, (await process.communicate())[1].decode()
        yield served
    finally:
        if process.returncode is None:
            await served.leave()


def headers(made: Mapping[str, str]) -> dict[str, str]:
    """Return the two headers of a credential."""
    return {"X-API-KEY": made["api_key"], "X-API-SECRET": made["api_secret"]}


@asynccontextmanager
async def client_at(
    served: Served,
    way: Way,
    pair: dict[str, str],
    mode: Mode = "auto",
    hears: MessageHandlerFnT | None = None,
) -> AsyncGenerator[Client]:
    """Connect a client to a server over one of its two HTTP transports."""
    async with AsyncExitStack() as stack:
        if way == "sse":
            transport = sse_client(served.facts["sse"], headers=pair)
        else:
            http = await stack.enter_async_context(
                httpx2.AsyncClient(headers=pair, timeout=httpx2.Timeout(30, read=None))
            )
            transport = streamable_http_client(served.facts["mcp"], http_client=http)
        yield await stack.enter_async_context(client_over(transport, mode, hears))


def client_over(
    transport: Any, mode: Mode = "auto", hears: MessageHandlerFnT | None = None
) -> Client:
    """Return a client whose user agrees to everything."""
    return Client(transport, mode=mode, message_handler=hears, elicitation_callback=agree)


async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    """Agree to what is asked."""
    return ElicitResult(action="accept", content={"confirm": True})


def facts(result: CallToolResult) -> dict[str, Any]:
    """Return what a tool answered."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


async def until_over(client: Client, call_id: str, **arguments: Any) -> dict[str, Any]:
    """Follow a call to its end and return the last answer."""
    cursor = 0
    while True:
        wanted = {"call_id": call_id, "cursor": cursor, "max_wait": 20}
        news = facts(await client.call_tool("wait_for_call", wanted, **arguments))
        cursor = news["cursor"]
        if news["terminal"]:
            return news

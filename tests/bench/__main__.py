"""Figures beside a bare MCPServer in the same run: `make bench`.

Compare the two columns, not absolute values: client and server share the machine.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from switchhook.app import exchange_of
from switchhook.service import calls, keys
from switchhook.service.requests import CallRequest
from switchhook.settings import Settings
from tests import postgres
from tests.e2e.processes import NUMBER, Home, serving

STARTS = 7
REQUESTS = 400
CREATES = 1000
BARE = str(Path(__file__).with_name("bare.py"))

Ask = Callable[[Client], Awaitable[object]]


async def main() -> None:
    """Print every figure."""
    print(f"{'':<42}{'bare':>12}{'switchhook':>12}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        await cold_starts(Home(Path(folder) / "cold"))
        await over_http(Home(Path(folder) / "served"))
        await creates("SQLite", f"sqlite:///{folder}/creates.db")
    programs = postgres.binaries()
    if programs is None:
        print("PostgreSQL is not installed here")
        return
    with postgres.cluster(programs) as url:
        await creates("PostgreSQL", url)


async def cold_starts(home: Home) -> None:
    """Measure from the start of the process to its list of tools."""
    theirs = StdioServerParameters(command=sys.executable, args=[BARE])
    plain: list[float] = []
    ours: list[float] = []
    for _ in range(STARTS):
        plain.append(await cold_start(theirs))
        ours.append(await cold_start(home.stdio()))
    row(
        "stdio cold start to first tools/list, s", statistics.median(plain), statistics.median(ours)
    )


async def cold_start(parameters: StdioServerParameters) -> float:
    """Return the seconds one start took."""
    began = time.perf_counter()
    async with Client(parameters) as client:
        await client.list_tools()
        return time.perf_counter() - began


async def over_http(home: Home) -> None:
    """Measure get_call beside a tool that does nothing."""
    async with serving(home) as served, bare_server() as bare_url:
        url, pair = served.facts["mcp"], served.pair
        async with connected(url, pair) as client:
            placed = await client.call_tool("create_call", {"to": NUMBER, "task": "bench"})
        assert placed.structured_content is not None
        call_id: str = placed.structured_content["call_id"]

        async def get_call(client: Client) -> object:
            return await client.call_tool("get_call", {"call_id": call_id})

        async def add(client: Client) -> object:
            return await client.call_tool("add", {"a": 1, "b": 2})

        for clients in (1, 8):
            plain = await measured(bare_url, {}, add, clients)
            ours = await measured(url, pair, get_call, clients)
            names = ("p50, ms", "p99, ms", "requests/s")
            for name, one, other in zip(names, plain, ours, strict=True):
                row(f"get_call over HTTP, {clients} client(s), {name}", one, other)


async def measured(url: str, headers: dict[str, str], ask: Ask, clients: int) -> list[float]:
    """Return p50 and p99 in milliseconds, and requests per second."""
    took: list[float] = []

    async def one_client() -> None:
        async with connected(url, headers) as client:
            for _ in range(REQUESTS // clients):
                began = time.perf_counter()
                await ask(client)
                took.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(clients):
            tasks.create_task(one_client())
    rate = len(took) / (time.perf_counter() - began)
    cuts = statistics.quantiles(took, n=100)
    return [cuts[49] * 1000, cuts[98] * 1000, rate]


async def creates(name: str, url: str) -> None:
    """Measure how many calls are accepted in a second, many at a time."""
    exchange = exchange_of(Settings(database_url=url))
    owner = await keys.local_owner(exchange)

    async def create(number: int) -> None:
        request = CallRequest(to=NUMBER, task="bench", idempotency_key=str(number))
        await calls.create_call(exchange, owner, request)

    began = time.perf_counter()
    await asyncio.gather(*(create(number) for number in range(CREATES)))
    rate = CREATES / (time.perf_counter() - began)
    exchange.database.close()
    print(f"{f'create_call on {name}, calls/s':<42}{'':>12}{rate:>12.1f}")


@asynccontextmanager
async def connected(url: str, headers: dict[str, str]) -> AsyncGenerator[Client]:
    """Connect a client."""
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


@asynccontextmanager
async def bare_server() -> AsyncGenerator[str]:
    """Run the bare server over HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(sys.executable, BARE, str(port))
    try:
        async with asyncio.timeout(30):
            while not await answers(port):  # noqa: ASYNC110 - another process opens the port
                await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        await process.wait()


async def answers(port: int) -> bool:
    """Tell whether somebody listens."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def row(name: str, plain: float, ours: float) -> None:
    """Print one comparison."""
    print(f"{name:<42}{plain:>12.3f}{ours:>12.3f}{ours / plain:>7.2f}x")


if __name__ == "__main__":
    asyncio.run(main())

"""How fast calls are created: through the service on both databases, and through MCP over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from tests.bench.stores import exchange_on, postgresql

from switchhook.service import calls, keys
from switchhook.service.exchange import Exchange
from switchhook.service.requests import CallRequest
from tests.bench import servers
from tests.bench.figures import Table, Timings, milliseconds
from tests.bench.wire import Target, hammer

REQUESTS = 600
WARM_UP = 40
TOGETHER = (1, 8)
NUMBER = "+15550100199"
PATIENCE = 120.0


async def measure(scratch: Path) -> Table:
    """Return how fast calls are accepted."""
    rows = await _service("SQLite", f"sqlite:///{scratch / 'placing.db'}", scratch)
    with postgresql() as url:
        rows += await _service("PostgreSQL", url, scratch) if url else [_absent()]
    rows += await _over_http(scratch)
    return Table(
        f"create_call ({REQUESTS} calls each)",
        ("way", "at once", "p50", "p99", "calls/s"),
        tuple(rows),
        "The service commits the intent and dials nothing here; over HTTP the calls are dialled, on "
        "the loopback line, while others are made. "
        "Aims: at least 300/s on SQLite, p99 under 100 ms.",
    )


async def _service(name: str, url: str, scratch: Path) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    async with exchange_on(url, scratch) as exchange:
        place = await _placing(exchange)
        await _together(place, WARM_UP, WARM_UP)
        for together in TOGETHER:
            timings = await _together(place, REQUESTS, together)
            rows.append(_row(f"service on {name}", together, timings))
    return rows


async def _placing(exchange: Exchange) -> Callable[[], Awaitable[object]]:
    await keys.first_start(exchange)
    owner = await keys.local_owner(exchange)
    request = CallRequest(to=NUMBER, task="Say hello.")

    async def place() -> object:
        return await calls.create_call(exchange, owner, request)

    return place


async def _together(place: Callable[[], Awaitable[object]], number: int, together: int) -> Timings:
    """Place that many calls, so many at once."""
    seconds: list[float] = []
    turns = iter(range(number))

    async def one() -> None:
        for _ in turns:
            began = time.perf_counter()
            await place()
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        for _ in range(together):
            tasks.create_task(one())
    return Timings(tuple(seconds), time.perf_counter() - began)


async def _over_http(scratch: Path) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    async with servers.ours(scratch / "over-http") as ours:
        await hammer(ours.port, _messages(ours, WARM_UP), 1)
        for together in TOGETHER:
            timings = await hammer(ours.port, _messages(ours, REQUESTS), together)
            rows.append(_row("MCP over HTTP, SQLite", together, timings))
    return rows


def _messages(ours: Target, number: int) -> Iterator[bytes]:
    message = ours.post("create_call", {"to": NUMBER, "task": "Say hello."})
    return iter([message] * number)


def _row(name: str, together: int, timings: Timings) -> tuple[str, ...]:
    return (
        name,
        str(together),
        milliseconds(timings.median),
        milliseconds(timings.p99),
        f"{timings.rate:.0f}",
    )


def _absent() -> tuple[str, ...]:
    return ("service on PostgreSQL", "-", "no PostgreSQL here", "-", "-")

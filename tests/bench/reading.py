"""How fast a call is read over HTTP, with authentication and a store, beside a bare server."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import NOTHING, Table, Timings, milliseconds, times
from tests.bench.wire import Target, connected, hammer

ROUNDS = 6
REQUESTS = 400
CLIENTS = (1, 8)
NUMBER = "+15550100199"


async def measure(scratch: Path) -> Table:
    """Return times of `get_call` on ours and on a bare server, taken in turns."""
    async with servers.bare() as bare, servers.ours(scratch / "reading") as ours:
        call_id = await finished_call(ours)
        rows: list[tuple[str, ...]] = []
        for clients in CLIENTS:
            theirs, mine = await in_turns(bare, ours, call_id, clients)
            rows += [_row("bare", clients, theirs, theirs), _row("ours", clients, mine, theirs)]
    return Table(
        f"HTTP: get_call of a finished call ({ROUNDS} x {REQUESTS} requests each, in turns)",
        ("server", "clients", "p50", "p99", "requests/s", "p50 beside the bare one"),
        tuple(rows),
        "Modern era, connections kept open, a client with nothing in it. Aim: p50 at most 1.5x.",
    )


async def in_turns(bare: Target, ours: Target, call_id: str, clients: int) -> tuple[Timings, ...]:
    """Read the call from both servers, a round on the one, a round on the other."""
    arguments = {"call_id": call_id}
    theirs = mine = NOTHING
    for _ in range(ROUNDS):
        theirs += await _round(bare, arguments, clients)
        mine += await _round(ours, arguments, clients)
    return theirs, mine


async def _round(target: Target, arguments: dict[str, str], clients: int) -> Timings:
    message = target.post("get_call", arguments)
    await hammer(target.port, repeat(message, clients * 4), clients)  # warms the connections' code
    return await hammer(target.port, repeat(message, REQUESTS), clients)


async def finished_call(ours: Target) -> str:
    """Place a call on the loopback line, wait for its end, and return its id."""
    async with connected(ours.port) as wire:
        made = await wire.send(ours.post("create_call", {"to": NUMBER, "task": "Say hello."}))
        news, cursor = made, 0
        while not news["terminal"]:
            arguments = {"call_id": made["call_id"], "cursor": cursor, "max_wait": 10}
            news = await wire.send(ours.post("wait_for_call", arguments))
            cursor = news["cursor"]
    return made["call_id"]


def _row(name: str, clients: int, timings: Timings, bare: Timings) -> tuple[str, ...]:
    return (
        name,
        str(clients),
        milliseconds(timings.median),
        milliseconds(timings.p99),
        f"{timings.rate:.0f}",
        times(timings.median, bare.median),
    )

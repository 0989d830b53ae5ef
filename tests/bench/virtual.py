"""How much faster than time whole calls pass: the real engine on the virtual loop, on one core."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from switchhook.testing import (
    HangsUp,
    Interrupts,
    Listens,
    Said,
    Step,
    a_call,
    answered,
    run_virtually,
)
from tests.bench.figures import Table

CALLS = 40
SCRIPTS: dict[str, Sequence[Step]] = {
    "answers and listens": [
        Listens(),
        Said("Yes, we have a table."),
        Listens(),
        Said("At eight o'clock."),
        Listens(),
        HangsUp(),
    ],
    "interrupts": [
        Interrupts("Wait, which day was that?"),
        Listens(),
        Interrupts("No, not on a Tuesday."),
        Listens(),
        HangsUp(),
    ],
}


async def measure(_scratch: Path) -> Table:
    """Return the pace for each kind of callee."""
    rows = [await asyncio.to_thread(_row, name, script) for name, script in SCRIPTS.items()]
    return Table(
        "Calls in virtual time, one after the other on one core",
        ("callee", "calls", "seconds of a call", "call-minutes per CPU second"),
        tuple(rows),
    )


def _row(name: str, script: Sequence[Step]) -> tuple[str, ...]:
    began = time.thread_time()
    seconds = sum(_lasted(script) for _ in range(CALLS))
    spent = time.thread_time() - began
    return name, str(CALLS), f"{seconds / CALLS:.1f}", f"{seconds / 60 / spent:.1f}"


def _lasted(script: Sequence[Step]) -> float:
    """Run one call and return how long it was."""

    async def main() -> float:
        async with answered(a_call("book a table"), script) as call:
            await call.ended()
            return asyncio.get_running_loop().time()

    return run_virtually(main)

"""What remains of calls that are over: the resident memory of a process after many short ones."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from pathlib import Path

from switchhook.testing import HangsUp, Listens, Said, a_call, answered, run_virtually
from tests.bench.figures import Table

CALLS = 2000
EVERY = 100
SETTLED = 300
"""Calls before which caches and pools still fill."""
LONGEST = 150.0
"""Seconds after which a busy machine has made enough of them."""
PATIENCE = 240.0
ROOT = Path(__file__).parents[2]


async def measure(_scratch: Path) -> Table:
    """Return the memory of a fresh process in the course of its calls, and the slope."""
    counting = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.memory", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await counting.communicate()
    finally:
        if counting.returncode is None:
            counting.terminate()
            await counting.wait()
    sizes: list[float] = json.loads(out)
    calls = [EVERY * (place + 1) for place in range(len(sizes))]
    settled = [(x, y) for x, y in zip(calls, sizes, strict=True) if x >= SETTLED]
    slope = statistics.linear_regression(*zip(*settled, strict=True)).slope
    rows = [
        (str(x), f"{y:.1f}")
        for x, y in zip(calls, sizes, strict=True)
        if x % SETTLED == 0 or x == calls[-1]
    ]
    return Table(
        "Memory of a process in the course of short calls, one after the other",
        ("calls", "RSS in MiB"),
        tuple(rows),
        f"After the first {SETTLED} it grows by {slope * 1024:.2f} KiB a call. Aim: nothing.",
    )


def resident() -> float:
    """Return the resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _call() -> None:
    script = [Listens(), Said("No, thank you."), HangsUp()]
    async with answered(a_call("sell a broom"), script) as call:
        await call.ended()


def main() -> None:
    """Make the calls and print the memory after every so many."""
    sizes: list[float] = []
    end = time.monotonic() + LONGEST
    for number in range(1, CALLS + 1):
        if time.monotonic() > end and len(sizes) > 2 * SETTLED // EVERY:
            break
        run_virtually(_call)
        if number % EVERY == 0:
            sizes.append(resident())
    sys.stdout.write(json.dumps(sizes))


if __name__ == "__main__":
    main()

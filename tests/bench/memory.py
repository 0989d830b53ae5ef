"""What remains of calls that are over: the resident memory of a process after many short ones."""

from __future__ import annotations

import asyncio
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from switchhook.testing import HangsUp, Listens, Said, a_call, answered, run_virtually
from tests.bench.figures import Table

CALLS = 2000
EVERY = 50
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
    settled = [
        (EVERY * number, size) for number, size in enumerate(sizes, 1) if EVERY * number >= SETTLED
    ]
    slope, doubt = growth(settled)
    (first, before), (last, after) = settled[0], settled[-1]
    row = (
        f"{first} to {last}",
        f"{before:.1f}",
        f"{after:.1f}",
        f"{slope * 1024:.2f} \u00b1 {doubt * 1024:.2f}",
    )
    return Table(
        "Memory of a process in the course of short calls, one after the other",
        ("calls", "RSS in MiB before", "after", "KiB a call, and 95 % confidence"),
        (row,),
        f"The first {SETTLED} calls fill caches. Aim: nothing, within the confidence.",
    )


def growth(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the slope of the line through the points, and how far it may be from the truth."""
    line = statistics.linear_regression(*zip(*points, strict=True))
    middle = statistics.mean(x for x, _ in points)
    missed = sum((y - line.intercept - line.slope * x) ** 2 for x, y in points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return line.slope, 1.96 * math.sqrt(missed / (len(points) - 2) / spread)


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

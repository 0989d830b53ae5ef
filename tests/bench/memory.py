"""What remains of calls that are over: the resident memory of a process after many short ones."""

from __future__ import annotations

import asyncio
import gc
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
    settled = [sample for sample in json.loads(out) if sample[0] >= SETTLED]
    calls, sizes, blocks = zip(*settled, strict=True)
    row = (
        f"{calls[0]} to {calls[-1]}",
        f"{sizes[0]:.1f}",
        f"{sizes[-1]:.1f}",
        growth(calls, [size * 1024 for size in sizes]),
        growth(calls, blocks),
    )
    return Table(
        "Memory of a process in the course of short calls, one after the other",
        ("calls", "RSS in MiB before", "after", "KiB a call", "blocks of Python a call"),
        (row,),
        f"The first {SETTLED} calls fill caches. Slopes with their 95 % confidence, as if samples "
        "knew nothing of each other. Aim: nothing.",
    )


def growth(calls: Sequence[float], found: Sequence[float]) -> str:
    """Return the slope of the line through what was found, and how far it may be from the truth."""
    slope, start = statistics.linear_regression(calls, found)
    middle = statistics.mean(calls)
    missed = sum((y - start - slope * x) ** 2 for x, y in zip(calls, found, strict=True))
    spread = sum((x - middle) ** 2 for x in calls)
    doubt = 1.96 * math.sqrt(missed / (len(calls) - 2) / spread)
    return f"{slope:.3f} \u00b1 {doubt:.3f}"


def resident() -> float:
    """Return the resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _call() -> None:
    script = [Listens(), Said("No, thank you."), HangsUp()]
    async with answered(a_call("sell a broom"), script) as call:
        await call.ended()


def main() -> None:
    """Make the calls and print what they left after every so many."""
    samples: list[tuple[int, float, int]] = []
    end = time.monotonic() + LONGEST
    for number in range(1, CALLS + 1):
        if time.monotonic() > end and number > 3 * SETTLED:
            break
        run_virtually(_call)
        if number % EVERY == 0:
            gc.collect()
            samples.append((number, resident(), sys.getallocatedblocks()))
    sys.stdout.write(json.dumps(samples))


if __name__ == "__main__":
    main()

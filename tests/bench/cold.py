"""How long a host waits for the list of tools after it has started us over stdio."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import NOTHING, Table, Timings, milliseconds, times
from tests.interop.product import STDIO, surroundings
from tests.bench.wire import request

RUNS = 12
FIRST_RUNS = 3
PATIENCE = 30.0
BARE = (sys.executable, str(Path(__file__).with_name("bare.py")), "stdio")


def first_list(command: Sequence[str], env: dict[str, str] | None = None) -> Timings:
    """Start the command, ask for its tools, and return how long the answer took."""
    line = json.dumps(request("tools/list", {})).encode() + b"\n"
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=env,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        process.stdin.flush()
        answer = process.stdout.readline()
        took = time.perf_counter() - began
        process.stdin.close()
        process.wait(PATIENCE)
    assert b'"tools"' in answer, answer[:600]
    return Timings((took,), took)


async def measure(scratch: Path) -> Table:
    """Return cold starts of ours and of a bare server, taken in turns."""
    return await asyncio.to_thread(_measure, scratch)


def _measure(scratch: Path) -> Table:
    ours = bare = fresh = NOTHING
    for run in range(FIRST_RUNS):
        fresh += first_list(STDIO, surroundings(scratch / f"fresh-{run}"))
    kept = surroundings(scratch / "kept")
    first_list(STDIO, kept)
    first_list(BARE)
    for _ in range(RUNS):
        bare += first_list(BARE)
        ours += first_list(STDIO, kept)
    rows = (
        _row("a bare server with one trivial tool", bare, bare),
        _row("ours", ours, bare),
        _row("ours on an empty data directory", fresh, bare),
    )
    return Table(
        f"stdio: from start to the first tools/list ({RUNS} runs in turns)",
        ("server", "median", "slowest", "beside the bare one"),
        rows,
        "Aim: at most 1.5x.",
    )


def _row(name: str, timings: Timings, bare: Timings) -> tuple[str, ...]:
    slowest = milliseconds(max(timings.seconds))
    return name, milliseconds(timings.median), slowest, times(timings.median, bare.median)

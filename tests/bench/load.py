"""Calls at the same time on one core: our engine and others behind the same media socket.

The generator and the other engines' servers are a kit of their own; SWITCHHOOK_BENCH_KIT names its
folder and SWITCHHOOK_BENCH_VENVS the folder of the environments v-gen, v-pipecat and v-livekit in
which its programs run. What is missing is left out, in a plain line. Servers take turns on core 0,
the generator has core 1.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import load_fakes
from tests.bench.figures import Table

ROOT = Path(__file__).parents[2]
VENVS = "SWITCHHOOK_BENCH_VENVS"
PORT = 9168
SECONDS, WARMUP = 12, 10
PATIENCE = 180.0

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, and with how many calls it is measured."""

    label: str
    program: tuple[str, ...]
    calls: str
    venv: str | None = None

    def command(self, kit: Path, venvs: Path | None) -> list[str] | None:
        """Return how to start it, if it is there."""
        if self.venv is None:
            return ["env", f"PYTHONPATH={ROOT}", sys.executable, *self.program]
        python = venvs / self.venv / "bin" / "python" if venvs else None
        if python is None or not python.exists():
            return None
        bot, *options = self.program
        return [str(python), str(kit / "bots" / bot), *options]


_OURS = ("-m", "tests.bench.load_server")
_STARLETTE = ("--transport", "starlette", "--ws", "websockets-sansio")
CONTENDERS = (
    Contender("switchhook, built-in", _OURS, "20,50,100"),
    Contender("switchhook, silero", (*_OURS, "--vad", "silero"), "20,50,100"),
    Contender("floor, rms", ("floor_bot.py", *_STARLETTE, "--vad", "energy"), "100", "v-gen"),
    Contender(
        "floor, silero", ("floor_bot.py", *_STARLETTE, "--vad", "silero-batch"), "50,100", "v-gen"
    ),
    Contender("livekit-agents, silero", ("livekit_bot.py", "--vad", "silero"), "20", "v-livekit"),
    Contender("pipecat, silero", ("pipecat_bot.py", "--turn", "timeout"), "20", "v-pipecat"),
)


async def measure(scratch: Path) -> Table:
    """Return what a minute of a call costs each of them, and what its caller notices."""
    kit, venvs = load_fakes.kit(), _venvs()
    if kit is None:
        return _nothing(f"{load_fakes.KIT} names no folder with the load generator")
    generator = venvs / "v-gen" / "bin" / "python" if venvs else Path(sys.executable)
    rows: list[tuple[str, ...]] = []
    missing: list[str] = []
    for contender in CONTENDERS:
        command = contender.command(kit, venvs)
        if command is None:
            missing.append(f"{contender.label} is left out: {VENVS} has no {contender.venv}.")
            continue
        found = await _swept(contender, command, [str(generator), str(kit / "bench.py")], scratch)
        rows += [_row(contender.label, figures) for figures in found]
        if not found:
            missing.append(f"{contender.label} could not be measured.")
    remark = (
        "Other work on the core of the server makes times longer and hardly changes CPU seconds. "
        "Aims: 0.20 CPU s with silero, 0.3 MiB a call, no hole of 20 ms."
    )
    return Table(_TITLE, _COLUMNS, tuple(rows), " ".join([remark, *missing]))


_TITLE = "Calls at once, server on one core"
_COLUMNS = (
    "engine",
    "calls",
    "CPU s per call-minute",
    "MiB per call",
    "response p50 / p99 ms",
    "interruption p50 / p99 ms",
    "longest hole p99 ms",
    "lost",
    "other work",
)
_LOST = ("no_response", "disconnected", "closed_by_server", "connect_failed")


def _nothing(why: str) -> Table:
    return Table(_TITLE, ("measured",), (("nothing",),), f"{why}: left out.")


def _venvs() -> Path | None:
    place = os.environ.get(VENVS)  # noqa: TID251 - a fact about the machine
    return Path(place) if place else None


async def _swept(
    contender: Contender, command: Sequence[str], bench: Sequence[str], scratch: Path
) -> list[Figures]:
    """Return the figures of each number of calls."""
    out = scratch / "results.jsonl"
    out.unlink(missing_ok=True)
    limits = ["--seconds", str(SECONDS), "--warmup", str(WARMUP), "--ramp", "25", "--keep-going"]
    options = [
        "--label",
        "measured",
        "--n",
        contender.calls,
        "--port",
        str(PORT),
        "--out",
        str(out),
    ]
    sweep = await asyncio.create_subprocess_exec(
        *bench,
        *options,
        *limits,
        "--",
        *command,
        "--port",
        str(PORT),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await sweep.communicate()
    finally:
        if sweep.returncode is None:
            sweep.terminate()
            await sweep.wait()
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []


def _row(label: str, found: Figures) -> tuple[str, ...]:
    server, counts = found["server"], found["counts"]

    def both(kind: str) -> str:
        return f"{found[kind]['p50'] or 0:.0f} / {found[kind]['p99'] or 0:.0f}"

    return (
        label,
        str(found["n"]),
        f"{server['cpu_s_per_call_min']:.3f}",
        f"{server['rss_per_call_mib']:.2f}",
        both("response"),
        both("interruption"),
        f"{found['gap']['p99'] or 0:.0f}",
        str(sum(counts.get(name, 0) for name in _LOST)),
        f"{found['noise_core']:.2f}",
    )

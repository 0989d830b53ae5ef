"""Calls at the same time on one core: our engine and others behind the same media socket.

The generator and the other engines' servers are a kit of their own; SWITCHHOOK_BENCH_KIT names its
folder and SWITCHHOOK_BENCH_VENVS the folder of the environments v-gen, v-pipecat and v-livekit in
which its programs run. What is missing is left out, in a plain line. Servers take turns on core 0,
the generator has core 1.

Each engine is swept through rising numbers of calls until one is too many for it; the floors, which
do nothing but find turns, say what a machine as busy as this one makes of a call.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import load_fakes
from tests.bench.figures import Table, times

ROOT = Path(__file__).parents[2]
VENVS = "SWITCHHOOK_BENCH_VENVS"
PORT = 9168
SECONDS, WARMUP, RAMP = 10, 8, 50
LONGEST = 720.0
"""Seconds after which no further engine is begun, and the present one is ended."""

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, and with how many calls it is measured."""

    label: str
    program: tuple[str, ...]
    calls: str
    venv: str | None = None
    beside: str = ""
    """The floor with which it is compared."""
    record: bool = False

    def command(self, kit: Path, venvs: Path | None, scratch: Path) -> list[str] | None:
        """Return how to start it, if it is there."""
        if self.venv is None:
            recording = ("--record", str(scratch / "recordings")) if self.record else ()
            return ["env", f"PYTHONPATH={ROOT}", sys.executable, *self.program, *recording]
        python = venvs / self.venv / "bin" / "python" if venvs else None
        if python is None or not python.exists():
            return None
        bot, *options = self.program
        return [str(python), str(kit / "bots" / bot), *options]


_OURS = ("-m", "tests.bench.load_server")
_SILERO = (*_OURS, "--vad", "silero")
_FLOOR = ("floor_bot.py", "--transport", "starlette", "--ws", "websockets-sansio", "--vad")
_ALL, _PEERS = "10,100,300,600", "10,20"
CONTENDERS = (
    Contender("floor, rms", (*_FLOOR, "energy"), _ALL, "v-gen"),
    Contender("switchhook, built-in", _OURS, _ALL, beside="floor, rms"),
    Contender("floor, silero", (*_FLOOR, "silero-batch"), _ALL, "v-gen"),
    Contender("switchhook, silero", _SILERO, _ALL, beside="floor, silero"),
    Contender("switchhook, silero, recorded", _SILERO, _ALL, beside="floor, silero", record=True),
    Contender(
        "livekit-agents, silero",
        ("livekit_bot.py", "--vad", "silero"),
        _PEERS,
        "v-livekit",
        beside="floor, silero",
    ),
    Contender(
        "pipecat, silero",
        ("pipecat_bot.py", "--turn", "timeout"),
        _PEERS,
        "v-pipecat",
        beside="floor, silero",
    ),
)


async def measure(scratch: Path) -> Table:
    """Return what a minute of a call costs each of them, and what its caller notices."""
    kit, venvs = load_fakes.kit(), _venvs()
    if kit is None:
        return _nothing(f"{load_fakes.KIT} names no folder with the load generator")
    generator = venvs / "v-gen" / "bin" / "python" if venvs else Path(sys.executable)
    bench = [str(generator), str(kit / "bench.py")]
    end = time.monotonic() + LONGEST
    rows: list[tuple[str, ...]] = []
    missing: list[str] = []
    floors: dict[str, list[Figures]] = {}
    for contender in CONTENDERS:
        command = contender.command(kit, venvs, scratch)
        if command is None:
            missing.append(f"{contender.label} is left out: {VENVS} has no {contender.venv}.")
            continue
        found = await _swept(contender, command, bench, scratch, end - time.monotonic())
        floors[contender.label] = found
        rows += [_row(contender.label, one, floors.get(contender.beside, [])) for one in found]
        if len(found) < contender.calls.count(",") + 1:
            calls = f"{found[-1]['n']} calls" if found else "its start"
            missing.append(f"{contender.label} was measured no further than {calls}.")
    return Table(_TITLE, _COLUMNS, tuple(rows), " ".join([_REMARK, *missing]))


_TITLE = "Calls at once, server on one core"
_REMARK = (
    "The last row of an engine is the one that broke it, or the highest. Other work on the core of "
    "the server makes times longer and hardly changes CPU seconds, until there are none left. "
    "Aims: 300 calls with silero at 0.20 CPU s, 600 without, 0.3 MiB a call, no hole of 20 ms."
)
_COLUMNS = (
    "engine",
    "calls",
    "CPU s per call-minute",
    "beside the floor",
    "MiB per call",
    "response p50 / p99 ms",
    "interruption p50 / p99 ms",
    "replies with holes",
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
    contender: Contender,
    command: Sequence[str],
    bench: Sequence[str],
    scratch: Path,
    patience: float,
) -> list[Figures]:
    """Return the figures of each number of calls, as far as time and engine go."""
    out = scratch / "results.jsonl"
    out.unlink(missing_ok=True)
    options = {
        "label": "measured",
        "n": contender.calls,
        "seconds": SECONDS,
        "warmup": WARMUP,
        "ramp": RAMP,
        "port": PORT,
        "out": out,
    }
    sweep = await asyncio.create_subprocess_exec(
        *bench,
        *(f"--{name}={value}" for name, value in options.items()),
        "--",
        *command,
        f"--port={PORT}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await sweep.wait()
    finally:
        if sweep.returncode is None:
            # As from a keyboard, so that it ends the server that it has begun.
            sweep.send_signal(signal.SIGINT)
            await sweep.wait()
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []


def _row(label: str, found: Figures, floors: Sequence[Figures]) -> tuple[str, ...]:
    server, counts = found["server"], found["counts"]
    cost = server["cpu_s_per_call_min"]
    floor = min(floors, key=lambda floor: abs(floor["n"] - found["n"]), default=None)

    def both(kind: str) -> str:
        return f"{found[kind]['p50'] or 0:.0f} / {found[kind]['p99'] or 0:.0f}"

    return (
        label,
        str(found["n"]),
        f"{cost:.3f}",
        times(cost, floor["server"]["cpu_s_per_call_min"]) if floor else "",
        f"{server['rss_per_call_mib']:.2f}",
        both("response"),
        both("interruption"),
        f"{counts.get('replies_with_gap', 0)} of {counts.get('replies', 0)}",
        str(sum(counts.get(name, 0) for name in _LOST)),
        f"{found['noise_core']:.2f}",
    )

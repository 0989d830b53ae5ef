"""How far what we believe was heard is from what was heard, over lines of different quality."""

from __future__ import annotations

import statistics
from dataclasses import replace
from pathlib import Path

from switchhook.engine.ledger import Ledger
from switchhook.ports import FRAME_MS
from switchhook.runtime.framing import QUIET
from switchhook.runtime.pacer import LEAD
from switchhook.testing import Conditions, Playout, Wire
from tests.bench.figures import Table

LINES = {
    "perfect": Conditions(),
    "10 ms, buffer of 40": Conditions(Wire(0.01), echoes=Wire(0.01), buffer=0.04),
    "30 ms, jitter of 10, buffer of 100": Conditions(
        Wire(0.03, 0.01), echoes=Wire(0.03, 0.01), buffer=0.1, wobble=0.01
    ),
    "50 ms, jitter of 30, buffer of 100 to 130": Conditions(
        Wire(0.05, 0.03), echoes=Wire(0.05, 0.03), buffer=0.1, wobble=0.03
    ),
    "80 ms, jitter of 40, buffer of 200 to 240": Conditions(
        Wire(0.08, 0.04), echoes=Wire(0.08, 0.04), buffer=0.2, wobble=0.04
    ),
    "30 ms there, 90 ms back, buffer of 100": Conditions(Wire(0.03), echoes=Wire(0.09), buffer=0.1),
}
SEEDS = 30
RUNS = 3
SECONDS = 4.0
PAUSE = 1.0
FIRST = 0.6
"""When the first echo is back also over the worst of these lines; before it nothing is known."""
STEP = 0.005
ASKED = 7
"""Every so many steps we compare; no multiple of a frame."""


async def measure(_scratch: Path) -> Table:
    """Return the distance for every kind of line."""
    return Table(
        "What was heard: how far the ledger is from the far end's ear, in milliseconds",
        ("line, one way", "moments", "mean", "p99", "most"),
        tuple(_row(name, line) for name, line in LINES.items()),
        f"From {FIRST:.1f} s after the first frame on, {RUNS} times a call. Aim: 50 ms at most."
        " Where both ways differ, half of the difference cannot be known.",
    )


def _row(name: str, line: Conditions) -> tuple[str, ...]:
    errors = sorted(error for seed in range(SEEDS) for error in _errors(replace(line, seed=seed)))
    p99 = errors[int(len(errors) * 0.99)]
    return name, str(len(errors)), f"{statistics.mean(errors):.1f}", str(p99), str(errors[-1])


def _errors(line: Conditions) -> list[int]:
    """Speak some times and return the distances on the way."""
    playout, ledger, errors = Playout(line), Ledger(), list[int]()
    playout.mark(0.0, ledger.probe(0.0))
    for run in range(RUNS):
        begun = 1.0 + run * (SECONDS + PAUSE)
        errors += _spoken(playout, ledger, begun)
        playout.clear(begun + SECONDS)
        ledger.clear(begun + SECONDS)
    return errors


def _spoken(playout: Playout, ledger: Ledger, begun: float) -> list[int]:
    """Speak once, as a call does, and return the distances."""
    ahead, errors, generation = begun, list[int](), playout.generation
    for step in range(round((begun - PAUSE) / STEP), round((begun + SECONDS) / STEP)):
        now = step * STEP
        playout.advance(now)
        for name in playout.echoed(now):
            ledger.echo(now, name)
        if now >= begun and ahead < now + LEAD:
            if ahead == begun:
                playout.mark(now, ledger.probe(now))
            while ahead < now + LEAD:
                playout.send(now, QUIET)
                ledger.send(now, FRAME_MS)
                ahead += FRAME_MS / 1000
            if ledger.mark_due():
                playout.mark(now, ledger.mark())
        if now >= begun + FIRST and step % ASKED == 0:
            errors.append(abs(ledger.heard(now) - playout.heard_ms(generation, now)))
    return errors

"""Whole calls from seeds: every promise is kept in each, and a seed always means the same call."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from switchhook.domain.lifecycle import State
from tests.simulation.bugs import SEEDED, Bug
from tests.simulation.bugs_of_company import IN_COMPANY
from tests.simulation.world import Broken, happen, insist

BATCH = 100
BATCHES = 10
SOAK = int(os.environ.get("SWITCHHOOK_SOAK_CALLS", "100000"))  # noqa: TID251 - how long to test
FOUND_WITHIN = 300
ROOT = Path(__file__).parents[2]


def all_kept(seeds: range) -> int:
    """Let the calls of these seeds happen and return how many there were."""
    for seed in seeds:
        insist(seed)
    return len(seeds)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_thousand_seeded_calls_keep_every_promise(batch: int) -> None:
    assert all_kept(range(batch * BATCH, (batch + 1) * BATCH)) == BATCH


@pytest.mark.soak
def test_a_hundred_thousand_seeded_calls_keep_every_promise() -> None:
    first = BATCH * BATCHES
    batches = [range(at, min(at + BATCH, first + SOAK)) for at in range(first, first + SOAK, BATCH)]
    with ProcessPoolExecutor() as processes:
        assert sum(processes.map(all_kept, batches)) == SOAK


@pytest.mark.parametrize("seed", range(20))
def test_the_same_seed_is_the_same_call(seed: int) -> None:
    assert happen(seed).watch.trace == happen(seed).watch.trace


def test_different_seeds_are_different_calls() -> None:
    assert len({happen(seed).watch.trace for seed in range(40)}) >= 34


def test_the_calls_are_of_all_kinds() -> None:
    worlds = [happen(seed) for seed in range(150)]

    assert {world.states[-1] for world in worlds if world.states} >= {
        State.ENDED,
        State.NOT_CONNECTED,
        State.ERROR,
    }
    assert sum(world.watch.interruptions for world in worlds) >= 30
    assert sum(world.watch.stops for world in worlds) >= 50
    assert sum(len(world.receipts) for world in worlds) >= 80


def test_who_takes_part_is_of_all_kinds() -> None:
    worlds = [happen(seed) for seed in range(150)]

    spoken = {world.plan.thinking.kind for world in worlds if world.desk.journal.spoken}
    assert spoken == {"interview", "assistant", "model", "duplex"}
    assert sum(world.plan.talks for world in worlds) >= 15
    assert sum(world.plan.inbound for world in worlds) >= 10
    assert sum(world.watch.waiting.transfers for world in worlds) >= 15
    assert sum(world.watch.waiting.connected for world in worlds) >= 3
    assert any(world.watch.asides for world in worlds)
    assert any(c.cuts for world in worlds if world.duplex for c in world.duplex.conversations)


def test_a_seed_is_replayed_by_one_command_in_another_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "7"]

    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)

    assert f"trace {happen(7).watch.trace}" in told.stdout
    assert told.stdout.rstrip().endswith("every promise was kept")


@pytest.mark.parametrize("bug", [*SEEDED, *IN_COMPANY], ids=str)
def test_a_seeded_bug_is_found_and_told_with_its_seed(
    bug: Bug, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug.plant(monkeypatch)

    with pytest.raises(Broken, match=r"seed \d+; replay with: python -m tests.simulation \d+"):
        all_kept(range(FOUND_WITHIN))

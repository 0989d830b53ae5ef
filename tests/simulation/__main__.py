"""Replays the call of a seed: `python -m tests.simulation SEED`."""

from __future__ import annotations

import sys

from tests.simulation.world import happen


def main(seed: int) -> int:
    """Tell everything about the call; return 1 when a promise was broken."""
    log: list[str] = []
    world = happen(seed, log=log)
    for line in log:
        if "FramesSent" not in line or "-> []" not in line:
            print(line)  # noqa: T201 - this is its purpose
    broken = world.judge()
    print(world.plan)  # noqa: T201
    print(*world.desk.journal.spoken, sep="\n")  # noqa: T201
    print(f"{world.seconds:.2f} s, {world.watch.steps} steps, trace {world.watch.trace}")  # noqa: T201
    print(*broken or ["every promise was kept"], sep="\n")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

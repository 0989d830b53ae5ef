"""What the neural detector costs for many calls: `python tests/bench/silero.py [CALLS ...]`.

Frames of 20 ms arrive spread over time, a tick comes every 10 ms; everything runs in one thread as
fast as it can. `speaking` is the share of time in which a caller speaks, `gate` whether quiet
windows are left out. The last columns are CPU seconds for a minute of one call, and the part of it
that is not inference.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from switchhook.audio.activity import Change
from switchhook.audio.samples import audioop
from switchhook.providers.silero.batch import ABOVE, Batch
from switchhook.providers.silero.model import Floats, Model

SECONDS = 6


class Timed:
    """Measures the model's own share."""

    def __init__(self) -> None:
        self._model = Model()
        self.spent = 0.0
        self.sizes: list[int] = []

    def score(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        started = time.process_time()
        result = self._model.score(windows, state)
        self.spent += time.process_time() - started
        self.sizes.append(len(windows))
        return result


def stream(share: float, seed: int) -> bytes:
    """Return mu-law with so much of it loud, half a second here and there."""
    rng = np.random.default_rng(seed)
    loud = np.repeat(rng.random(SECONDS * 2) < share, 4000)
    pcm = rng.normal(0, 1, SECONDS * 8000) * np.where(loud, 1500, 8)
    return audioop.lin2ulaw(pcm.astype("<i2").tobytes(), 2)


def nobody(probability: float, change: Change | None) -> None:
    """Listen to nothing."""


def measure(calls: int, share: float, above: float) -> tuple[float, float, float]:
    batch, scorer = Batch(above=above), Timed()
    seats = [batch.attach(nobody) for _ in range(calls)]
    audio = [stream(share, place) for place in range(calls)]
    started = time.process_time()
    for tick in range(SECONDS * 100):
        for place in range(tick % 2, calls, 2):
            at = tick // 2 * 160
            batch.feed(seats[place], audio[place][at : at + 160])
        while (work := batch.collect()) is not None:
            batch.finish(work, *scorer.score(work.inputs(), work.state))
    spent = time.process_time() - started
    minutes = calls * SECONDS / 60
    return float(np.mean(scorer.sizes)), spent / minutes, (spent - scorer.spent) / minutes


def main() -> None:
    sys.stdout.write(
        f"{'calls':>6}{'speaking':>10}{'gate':>6}{'batch':>7}{'s/min':>8}{'ours':>8}\n"
    )
    for calls in [int(text) for text in sys.argv[1:]] or [1, 10, 50, 100, 300]:
        for share, gate in ((1.0, "off"), (0.4, "on")):
            size, whole, ours = measure(calls, share, ABOVE if gate == "on" else 0)
            sys.stdout.write(f"{calls:6}{share:10.0%}{gate:>6}{size:7.1f}{whole:8.3f}{ours:8.3f}\n")


if __name__ == "__main__":
    main()

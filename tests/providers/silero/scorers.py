"""Stand-ins for the model: they show what they were asked."""

from __future__ import annotations

import threading

import numpy as np

from switchhook.providers.silero.model import CONTEXT, Floats


class Counting:
    """Remembers per call how many windows it saw; calls speech what is loud."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.windows: list[Floats] = []
        self.threads: set[str] = set()

    def score(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        self.batches.append(len(windows))
        self.windows.extend(windows)
        self.threads.add(threading.current_thread().name)
        loud = np.abs(windows[:, CONTEXT:]).mean(axis=1) > 0.01
        probabilities = loud * (1 - 0.001 * state[0, :, 0])
        return probabilities.astype(np.float32), (state + 1).astype(np.float32)


class Held(Counting):
    """Judges nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def score(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        assert self.free.wait(5)
        return super().score(windows, state)


class Broken(Counting):
    """Fails the first time."""

    def score(self, windows: Floats, state: Floats) -> tuple[Floats, Floats]:
        result = super().score(windows, state)
        if len(self.batches) == 1:
            raise ValueError("the model is upset")
        return result

"""From the rates in which voices speak to the rate of the telephone."""

from __future__ import annotations

from functools import lru_cache
from math import gcd

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

_CROSSINGS = 16  # of the filter's sinc on each side: 60 dB down at the edge of the pass band
_PASS = 0.92  # how much of the lower rate's band is kept
_BETA = 7.0


def resample(pcm: bytes, source: int, target: int) -> bytes:
    """Return a whole utterance of 16-bit samples at another rate."""
    if source == target or not pcm:
        return pcm
    step = gcd(source, target)
    up, down = target // step, source // step
    bank, reach = _bank(up, down)
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    count = -(-len(samples) * up // down)
    padded = np.concatenate([np.zeros(reach), samples, np.zeros(reach + down + 1)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach)
    result = np.zeros(count)
    for first in range(min(up, count)):
        # Outputs that lie `up` apart fall on the same phase of the filter, `down` inputs apart.
        start, phase = divmod(first * down, up)
        rows = windows[start + 1 :: down][: len(range(first, count, up))]
        result[first::up] = rows @ bank[phase]
    return np.clip(np.rint(result), -32768, 32767).astype("<i2").tobytes()


@lru_cache(maxsize=8)
def _bank(up: int, down: int) -> tuple[Samples, int]:
    """Return the windowed sinc for every phase, and how many inputs it reaches to each side."""
    cutoff = _PASS * min(1.0, up / down)
    reach = int(np.ceil(_CROSSINGS / cutoff))
    offsets = np.arange(1 - reach, reach + 1, dtype=np.float64)
    phases = np.arange(up, dtype=np.float64)[:, None] / up
    distance = offsets[None, :] - phases
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (distance / reach) ** 2, 0, 1))) / np.i0(_BETA)
    bank = np.sinc(distance * cutoff) * window
    return bank / bank.sum(axis=1, keepdims=True), reach

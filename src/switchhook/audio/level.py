"""How loud it is."""

from __future__ import annotations

import math

import numpy as np

FLOOR = -96.0
_FULL_SCALE = 32768.0


def rms(pcm: bytes) -> float:
    """Return the root mean square of 16-bit samples."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    return math.sqrt(float(np.mean(samples * samples))) if samples.size else 0.0


def dbfs(pcm: bytes) -> float:
    """Return the level in decibels below full scale; silence is the floor."""
    loudness = rms(pcm)
    return max(FLOOR, 20 * math.log10(loudness / _FULL_SCALE)) if loudness else FLOOR

"""Loudness and mixture of 16-bit samples, frame by frame and without clicks."""

from __future__ import annotations

from typing import Final

import numpy as np

from switchhook.audio.samples import FULL_SCALE, WIDTH, audioop

SILENT: Final = 0.0
UNCHANGED: Final = 1.0
DUCKED: Final = 10 ** (-18 / 20)
"""The gain at which speech steps back while the other side may be about to speak."""


def gain(decibels: float) -> float:
    """Return the factor for so many decibels."""
    return 10 ** (decibels / 20)


def mix(first: bytes, *others: bytes) -> bytes:
    """Return the pieces, equally long, at once; the sum is clipped and not wrapped."""
    for other in others:
        first = audioop.add(first, other, WIDTH)
    return first


class Fader:
    """Turns the loudness of a stream to a gain within one frame."""

    __slots__ = ("_now",)

    def __init__(self, now: float = UNCHANGED) -> None:
        self._now = now

    def feed(self, pcm: bytes, target: float = UNCHANGED) -> bytes:
        """Return the frame, at its end as loud as asked for."""
        before, self._now = self._now, target
        if before != target:
            return _ramp(pcm, before, target)
        return pcm if target == UNCHANGED else audioop.mul(pcm, WIDTH, target)


class Gate:
    """Takes what is too soft for silence."""

    __slots__ = ("_fader", "_least", "_open")

    def __init__(self, min_volume: float) -> None:
        self._least = min_volume * FULL_SCALE
        self._fader = Fader()
        self._open = _HOLD

    def feed(self, pcm: bytes) -> bytes:
        """Return the frame, faded out where it and those before it are below the volume."""
        loud = audioop.rms(pcm, WIDTH) >= self._least
        self._open = _HOLD if loud else max(0, self._open - 1)
        return self._fader.feed(pcm, UNCHANGED if self._open else SILENT)


def _ramp(pcm: bytes, before: float, target: float) -> bytes:
    samples = np.frombuffer(pcm, "<i2")
    factors = np.linspace(before, target, len(samples) + 1)[1:]
    return np.clip(np.rint(samples * factors), -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes()


_HOLD: Final = 10  # frames: a gate that shuts within words makes them harder to understand

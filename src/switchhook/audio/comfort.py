"""The faint noise of a line that is alive: recognisers, and people, take pure zeros for a fault."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from switchhook.audio.samples import WIDTH, audioop

LOUDEST: Final = 8
"""Of the 16-bit samples of the noise; no more than the smallest step of mu-law."""


class Comfort:
    """An endless faint noise, of which every call has another stretch."""

    __slots__ = ("_place",)

    def __init__(self, seed: int = 0) -> None:
        self._place = seed * _STRIDE % len(_noise())

    def feed(self, samples: int) -> bytes:
        """Return so many samples of it; at most a second at once."""
        noise = _noise()
        start = self._place
        size = samples * WIDTH
        self._place = (start + size) % len(noise)
        piece = noise[start : start + size]
        return piece if len(piece) == size else piece + noise[: size - len(piece)]

    def dither(self, pcm: bytes) -> bytes:
        """Return the samples with the noise in them."""
        return audioop.add(pcm, self.feed(len(pcm) // WIDTH), WIDTH)


@lru_cache(maxsize=1)
def _noise() -> bytes:
    """Return seven seconds, a time with which nothing else keeps step, of noise without zeros."""
    levels = np.random.default_rng(7).integers(1, LOUDEST, 7 * 8000, endpoint=True)
    signs = np.random.default_rng(8).choice((-1, 1), levels.size)
    return (levels * signs).astype("<i2").tobytes()


_STRIDE: Final = 2 * 7919

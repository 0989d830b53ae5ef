"""Music for somebody who waits: a quiet broken chord, generated, and endless."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from switchhook.audio.mixing import gain
from switchhook.audio.samples import FULL_SCALE, WIDTH

RATE: Final = 8000
LOUDNESS: Final = gain(-18)
"""Of the loudest sample, against full scale."""

NOTE: Final = 0.4
"""Seconds from one note to the next."""
RINGS: Final = 1.6
"""Seconds for which a note can be heard."""

_CHORDS: Final = ((60, 64, 67, 72), (57, 60, 64, 69), (53, 57, 60, 65), (55, 59, 62, 67))
_ORDER: Final = (0, 1, 2, 3, 2, 1)
_OVERTONES: Final = (1.0, 0.3, 0.1)


class Tune:
    """The music of one call."""

    __slots__ = ("_place",)

    def __init__(self) -> None:
        self._place = 0

    def feed(self, samples: int, *, speaking: bool) -> bytes:
        """Return so many samples of it, or as much silence while somebody speaks."""
        size = samples * WIDTH
        if speaking:
            return bytes(size)
        loop = whole()
        start = self._place
        self._place = (start + size) % len(loop)
        piece = loop[start : start + size]
        return piece + loop[: size - len(piece)]


@lru_cache(maxsize=1)
def whole() -> bytes:
    """Return all chords once, as 16-bit samples; the last notes ring into the first ones."""
    notes = [chord[step] for chord in _CHORDS for step in _ORDER]
    apart = round(NOTE * RATE)
    wave = np.zeros(len(notes) * apart)
    for place, note in enumerate(notes):
        sound = _plucked(440 * 2 ** ((note - 69) / 12))
        where = (place * apart + np.arange(len(sound))) % len(wave)
        wave[where] += sound
    wave *= LOUDNESS * FULL_SCALE / np.abs(wave).max()
    return np.rint(wave).astype("<i2").tobytes()


def _plucked(pitch: float) -> npt.NDArray[np.float64]:
    time = np.arange(round(RINGS * RATE)) / RATE
    tones = [
        loud * np.sin(2 * np.pi * pitch * times * time)
        for times, loud in enumerate(_OVERTONES, start=1)
    ]
    rise = np.minimum(time / 0.01, 1.0)
    fall = np.exp(-3 * time) * np.minimum((RINGS - time) / 0.05, 1.0)
    return np.sum(tones, axis=0) * rise * fall

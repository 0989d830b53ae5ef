"""Sounds of a room behind the agent: generated, always the same, and softer while it speaks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from switchhook.audio.mixing import Fader, gain
from switchhook.audio.samples import FULL_SCALE, WIDTH

RATE: Final = 8000
SECONDS: Final = 24
LOUDNESS: Final = gain(-30)
"""Of the loudest sample, against full scale."""
UNDER_SPEECH: Final = gain(-10)
"""What is left of it while the agent speaks."""

_Wave = npt.NDArray[np.float64]


class Ambience:
    """A room, endlessly; the first of its kind takes a fifth of a second to be made."""

    __slots__ = ("_fader", "_loop", "_place")

    def __init__(self, sound: str, seed: int = 0) -> None:
        if sound not in _ROOMS:
            raise ValueError(f"{sound[:40]!r} is not a background sound: {', '.join(SOUNDS)}")
        self._loop = _room(sound)
        self._place = seed * _STRIDE % len(self._loop)
        self._fader = Fader()

    def feed(self, samples: int, *, speaking: bool) -> bytes:
        """Return so many samples of the room; at most a few seconds at once."""
        start, size = self._place, samples * WIDTH
        self._place = (start + size) % len(self._loop)
        piece = self._loop[start : start + size]
        piece += self._loop[: size - len(piece)]
        return self._fader.feed(piece, UNDER_SPEECH if speaking else 1.0)


@lru_cache(maxsize=4)
def _room(sound: str) -> bytes:
    wave = _ROOMS[sound](np.random.default_rng(sum(sound.encode())))
    wave *= LOUDNESS * FULL_SCALE / np.abs(wave).max()
    return np.rint(wave).astype("<i2").tobytes()


def _keyboard(rng: np.random.Generator) -> _Wave:
    """Return somebody who types: bursts of strokes, and pauses to think."""
    return _typing(rng, bursts=9) + 0.01 * _air(rng, slope=-0.5)


def _office(rng: np.random.Generator) -> _Wave:
    """Return a room with air, a murmur of several people, and a desk further away."""
    people = np.sum([_murmur(rng, pitch) for pitch in (105, 118, 171, 208)], axis=0)
    return 0.5 * _air(rng, slope=-1.0) + 0.35 * people + 0.5 * _typing(rng, bursts=4)


def _open_office(rng: np.random.Generator) -> _Wave:
    """Return a larger room: more people further off, a humming machine, something put down."""
    people = np.sum([_murmur(rng, pitch) for pitch in (98, 112, 127, 176, 195, 221)], axis=0)
    moments = np.arange(SECONDS * RATE) / RATE
    hum = np.sin(2 * np.pi * 100 * moments) + 0.4 * np.sin(2 * np.pi * 300 * moments)
    return 0.7 * _air(rng, slope=-1.0) + 0.25 * people + 0.12 * hum + 0.8 * _thuds(rng)


def _typing(rng: np.random.Generator, bursts: int) -> _Wave:
    wave = np.zeros(SECONDS * RATE)
    for moment in rng.uniform(0, SECONDS, bursts):
        at = moment
        for _ in range(rng.integers(4, 14)):
            _add(wave, at, _stroke(rng))
            at += rng.uniform(0.09, 0.24)
    return wave


def _stroke(rng: np.random.Generator) -> _Wave:
    """Return one key: the tap, and softer its coming back."""
    tap = _burst(rng, 0.004, 0.03, rng.uniform(0.4, 1))
    back = _burst(rng, 0.003, 0.02, rng.uniform(0.1, 0.3))
    return np.concatenate((tap, np.zeros(RATE // 16), back))


def _thuds(rng: np.random.Generator) -> _Wave:
    wave = np.zeros(SECONDS * RATE)
    for moment in rng.uniform(0, SECONDS, 5):
        knock = _burst(rng, 0.03, 0.15, rng.uniform(0.5, 1))
        _add(wave, moment, np.convolve(knock, np.ones(12) / 12, "same") * 3)
    return wave


def _burst(rng: np.random.Generator, fading: float, seconds: float, loud: float) -> _Wave:
    moments = np.arange(int(seconds * RATE)) / RATE
    return loud * rng.normal(size=len(moments)) * np.exp(-moments / fading)


def _murmur(rng: np.random.Generator, pitch: float) -> _Wave:
    """Return a voice through a wall: its melody and rhythm without any word."""
    melody = pitch * (1 + 0.1 * _slow(rng, 1.5))
    phase = 2 * np.pi * np.cumsum(melody) / RATE
    buzz = np.sum([np.sin(k * phase) / k for k in range(2, 8)], axis=0)
    syllables = np.clip(_slow(rng, 5), 0, None)
    talking = np.clip(2 * _slow(rng, 0.2), 0, 1)  # people also listen
    wave = buzz * syllables * talking
    return wave * (rng.uniform(0.5, 1) / np.abs(wave).max())


def _slow(rng: np.random.Generator, hertz: float) -> _Wave:
    """Return something between about -1 and 1 that changes so often in a second, and loops."""
    return _shaped(rng, lambda f: np.where((f > 0) & (f < hertz), 1.0, 0.0)) / 2


def _air(rng: np.random.Generator, slope: float) -> _Wave:
    return _shaped(rng, lambda f: np.where(f > _HUM, np.maximum(f, 1.0) ** slope, 0.0)) / 4


def _shaped(rng: np.random.Generator, shape: Callable[[_Wave], _Wave]) -> _Wave:
    samples = SECONDS * RATE
    hertz: _Wave = np.fft.rfftfreq(samples, 1 / RATE).astype(np.float64)
    wave = np.fft.irfft(np.fft.rfft(rng.normal(size=samples)) * shape(hertz), samples)
    return wave / np.sqrt(np.mean(wave**2))


def _add(wave: _Wave, moment: float, sound: _Wave) -> None:
    """Lay the sound into the loop, over its end where it must."""
    places = (int(moment * RATE) + np.arange(len(sound))) % len(wave)
    wave[places] += sound


_ROOMS: Final[dict[str, Callable[[np.random.Generator], _Wave]]] = {
    "keyboard": _keyboard,
    "office": _office,
    "office-2": _open_office,
}
SOUNDS: Final = tuple(_ROOMS)
_STRIDE: Final = 2 * 15_013
_HUM: Final = 60.0  # below it a telephone carries nothing

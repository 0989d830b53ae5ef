"""Keys as they sound: two sinusoids for each (ITU-T Q.23), made and recognised."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RATE = 8000
KEYS = ("123A", "456B", "789C", "*0#D")
LOW = (697.0, 770.0, 852.0, 941.0)
HIGH = (1209.0, 1336.0, 1477.0, 1633.0)

_ON_MS = 100
_OFF_MS = 100
_PAUSES = {"w": 500, "W": 1000}
_AMPLITUDE = 32767 * 10 ** (-9 / 20)  # each sinusoid at -9 dBFS
_BLOCK = 160
_SHARE = 0.7  # of a frame's energy that two sinusoids must hold
_TWIST = 0.1  # how much weaker the weaker sinusoid may be
_HELD = 2  # frames that a key must sound to be a press
_LEVEL = 300.0  # root mean square below which nothing is a key

_TIME = np.arange(_BLOCK) / RATE
_PROBES = np.exp(-2j * np.pi * np.outer(np.array(LOW + HIGH), _TIME))


def playable(digits: str) -> bool:
    """Tell whether all of it can be pressed: keys, and `w` or `W` for a pause."""
    return bool(digits) and all(key in _PAUSES or _place(key) is not None for key in digits)


def dtmf(digits: str) -> bytes:
    """Return the keys as 16-bit samples, 100 ms on and 100 ms off."""
    parts = [
        np.zeros(_PAUSES[key] * RATE // 1000) if key in _PAUSES else _press(key) for key in digits
    ]
    return np.concatenate([np.zeros(0), *parts]).astype("<i2").tobytes()


def sine(frequency: float, milliseconds: int) -> bytes:
    """Return one sinusoid as 16-bit samples."""
    time = np.arange(milliseconds * RATE // 1000) / RATE
    return (_AMPLITUDE * np.sin(2 * np.pi * frequency * time)).astype("<i2").tobytes()


def key(pcm: bytes) -> str | None:
    """Return the key that sounds in 20 ms of 16-bit samples."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    if samples.size != _BLOCK:
        return None
    energy = float(samples @ samples)
    if energy < _LEVEL**2 * _BLOCK:
        return None
    powers = np.abs(_PROBES @ samples) ** 2
    row, column = int(np.argmax(powers[:4])), int(np.argmax(powers[4:]))
    # A sinusoid with energy E in a block of N samples has the power E * N / 2 at its frequency.
    share = (powers[row] + powers[4 + column]) / (energy * _BLOCK / 2)
    weaker = min(powers[row], powers[4 + column]) / max(powers[row], powers[4 + column])
    return KEYS[row][column] if share >= _SHARE and weaker >= _TWIST else None


@dataclass(slots=True)
class KeyEar:
    """Hears each press once, however long it lasts."""

    _last: str | None = None
    _held: int = 0

    def push(self, pcm: bytes) -> str | None:
        """Take 20 ms of 16-bit samples and return the key that was just recognised."""
        heard = key(pcm)
        self._held = self._held + 1 if heard == self._last else 1
        self._last = heard
        return heard if self._held == _HELD else None


def _press(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    place = _place(name)
    if place is None:
        raise ValueError(f"{name!r} is not a key; there are 0-9, *, #, A-D, and w to wait")
    time = np.arange(_ON_MS * RATE // 1000) / RATE
    both = np.sin(2 * np.pi * LOW[place[0]] * time) + np.sin(2 * np.pi * HIGH[place[1]] * time)
    return np.concatenate([both * _AMPLITUDE, np.zeros(_OFF_MS * RATE // 1000)])


def _place(name: str) -> tuple[int, int] | None:
    return next(((r, row.index(name)) for r, row in enumerate(KEYS) if name in row), None)

"""Keys as they sound: two sinusoids for each, made (ITU-T Q.23) and recognised (Q.24)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from switchhook.audio.samples import WIDTH, audioop

RATE = 8000
KEYS = ("123A", "456B", "789C", "*0#D")
LOW = (697.0, 770.0, 852.0, 941.0)
HIGH = (1209.0, 1336.0, 1477.0, 1633.0)

_ON_MS = 100
_OFF_MS = 100
_PAUSES = {"w": 500, "W": 1000}
_AMPLITUDE = 32767 * 10 ** (-9 / 20)  # each sinusoid at -9 dBFS
_BLOCK = 160
_SHARE = 0.75  # of a frame's power that two sinusoids must hold
_TWIST = 0.4  # how much softer one of them may be: 8 dB
_LEVEL = 300  # root mean square below which nothing is a key
_UNEVEN = 0.05  # how far the halves of a key may differ from frame to frame
_ENOUGH = 1.65  # frames that a key must fill to be a press
_GONE = 0.25  # of a frame: what it fills less of, it does not sound in


def _probes() -> npt.NDArray[np.float32]:
    """Return what to multiply a frame with: the real and the imaginary part of each sinusoid."""
    turns = np.outer(np.arange(_BLOCK) / RATE, np.array(LOW + HIGH))
    waves = np.exp(-2j * np.pi * turns) * (2 / _BLOCK)
    return waves.astype(np.complex64).view(np.float32)


_PROBES = _probes()


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


class KeyEar:
    """Hears each press once, however long it lasts and wherever in a frame it begins.

    A key is told once it has sounded for 35 ms, and the same key again after a pause. Of a voice,
    two sinusoids seldom hold so much for so long; frames softer than any key cost next to nothing.
    """

    __slots__ = ("_before", "_press", "_told")

    def __init__(self) -> None:
        self._before = bytes(_BLOCK * WIDTH)
        self._press: _Press | None = None
        self._told = False

    @property
    def sounding(self) -> bool:
        """Whether a key that was told is still held."""
        return self._told

    def push(self, pcm: bytes) -> str | None:
        """Take 20 ms of 16-bit samples and return the key that was just recognised."""
        before, self._before = self._before, pcm
        if self._press is None and audioop.rms(pcm, WIDTH) < _LEVEL:
            return None
        frame = _Sounds.of(pcm)
        if self._press is None or not self._press.goes_on(frame, sure=self._told):
            self._told = False
            self._press = _begun(frame, before)
        if self._press is None or self._told or not self._press.long:
            return None
        self._told = True
        return self._press.key


@dataclass(frozen=True, slots=True)
class _Sounds:
    """How much of each of the eight sinusoids is in 20 ms, beside the power of everything."""

    parts: list[float]
    power: float

    @classmethod
    def of(cls, pcm: bytes) -> _Sounds:
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        parts: list[float] = np.abs(np.dot(samples, _PROBES).view(np.complex64)).tolist()
        return cls(parts, float(audioop.rms(pcm, WIDTH) ** 2))

    def strongest(self) -> tuple[int, int]:
        """Return the strongest of the low and of the high sinusoids."""
        low = max(range(4), key=self.parts.__getitem__)
        return low, max(range(4, 8), key=self.parts.__getitem__)

    def strength(self, low: int, high: int) -> float:
        """Return the amplitudes of two of them together."""
        return self.parts[low] + self.parts[high]

    def holds(self, low: int, high: int, share: float) -> bool:
        """Tell whether two of them hold this share of the power."""
        return (self.parts[low] ** 2 + self.parts[high] ** 2) / 2 >= share * self.power


@dataclass(slots=True)
class _Press:
    """A key that sounds; a frame that it fills in part holds that part of its strength."""

    low: int
    high: int
    lean: float
    """The share of the lower sinusoid: of a key it stays, of a voice it does not."""
    strongest: float
    total: float

    @property
    def key(self) -> str:
        """Its name."""
        return KEYS[self.low][self.high - 4]

    @property
    def long(self) -> bool:
        """Whether it has sounded for as long as a press does."""
        return self.total >= _ENOUGH * self.strongest

    def goes_on(self, frame: _Sounds, *, sure: bool) -> bool:
        """Take a frame beside those before, and tell whether the key sounds in it.

        What is sure is over when the key is gone, not when something else is heard beside it.
        """
        strength = frame.strength(self.low, self.high)
        self.strongest = max(self.strongest, strength)
        filled = strength / self.strongest
        even = abs(frame.parts[self.low] - self.lean * strength) <= _UNEVEN * strength
        pure = even and frame.holds(self.low, self.high, _SHARE * filled)
        sounds = filled >= _GONE and (sure or pure)
        self.total += strength * sounds
        return sounds


def _begun(frame: _Sounds, before: bytes) -> _Press | None:
    """Return the key that fills a frame or most of it, with what the one before has of it."""
    if frame.power < _LEVEL**2:
        return None
    low, high = frame.strongest()
    weaker, stronger = sorted((frame.parts[low], frame.parts[high]))
    if weaker < _TWIST * stronger or not frame.holds(low, high, _SHARE):
        return None
    strength = frame.strength(low, high)
    press = _Press(low, high, frame.parts[low] / strength, strength, strength)
    press.goes_on(_Sounds.of(before), sure=False)
    return press


def _press(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    place = _place(name)
    if place is None:
        raise ValueError(f"{name!r} is not a key; there are 0-9, *, #, A-D, and w to wait")
    time = np.arange(_ON_MS * RATE // 1000) / RATE
    both = np.sin(2 * np.pi * LOW[place[0]] * time) + np.sin(2 * np.pi * HIGH[place[1]] * time)
    return np.concatenate([both * _AMPLITUDE, np.zeros(_OFF_MS * RATE // 1000)])


def _place(name: str) -> tuple[int, int] | None:
    return next(((r, row.index(name)) for r, row in enumerate(KEYS) if name in row), None)

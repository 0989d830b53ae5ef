"""What is tonal in a piece of sound: one sinusoid, two of them, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from switchhook.audio.samples import WIDTH, audioop

RATE: Final = 8000

_Spectrum = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pitch:
    """One frequency in hertz, or two that are sounded together."""

    low: float
    high: float

    @property
    def single(self) -> bool:
        """Tell whether it is a single sinusoid."""
        return self.low == self.high

    def near(self, other: Pitch, hertz: float) -> bool:
        """Tell whether the other is the same within so many hertz."""
        apart = max(abs(self.low - other.low), abs(self.high - other.high))
        return self.single == other.single and apart <= hertz


def pitch_of(pcm: bytes) -> Pitch | None:
    """Return the pitch of 40 ms at 8 kHz that are a tone from their beginning to their end."""
    if len(pcm) != _SAMPLES * WIDTH or not _steady(pcm):
        return None
    samples = np.frombuffer(pcm, "<i2")
    bins = np.fft.rfft(samples * _WINDOW, _BINS)
    spectrum = bins.real**2 + bins.imag**2
    spectrum[:_LOWEST] = 0
    total = float(spectrum.sum()) or 1.0
    first = _peak(spectrum)
    share = _take(spectrum, first) / total
    # The stronger of two has about half of what both have, and speech seldom so much.
    if share < _STRONGER:
        return None
    if share >= _SHARE:
        hertz = _hertz(bins, first)
        return Pitch(hertz, hertz) if _level(samples) else None
    second = _peak(spectrum)
    rest = _take(spectrum, second) / total
    if share + rest < _SHARE or rest < _WEAKER:
        return None
    low, high = sorted((_hertz(bins, first), _hertz(bins, second)))
    return Pitch(low, high)


def _steady(pcm: bytes) -> bool:
    """Tell whether both halves are as loud: speech seldom is, and needs no closer look."""
    first, second = audioop.rms(pcm[:_HALF], WIDTH), audioop.rms(pcm[_HALF:], WIDTH)
    return min(first, second) >= _AUDIBLE and max(first, second) <= _ALIKE * min(first, second)


def _peak(spectrum: _Spectrum) -> int:
    """Return the bin of the strongest sinusoid."""
    return int(spectrum[_LOBE:-_LOBE].argmax()) + _LOBE


def _take(spectrum: _Spectrum, peak: int) -> float:
    """Return the energy of a sinusoid, and take it out of the spectrum."""
    lobe = spectrum[peak - _LOBE : peak + _LOBE + 1]
    energy = float(lobe.sum())
    lobe[:] = 0
    return energy


def _hertz(bins: npt.NDArray[np.complex128], peak: int) -> float:
    """Return the frequency of a sinusoid from its bin and those beside it."""
    left, middle, right = np.log(np.abs(bins[peak - 1 : peak + 2]) ** 2 + 1e-9).tolist()
    curve = left - 2 * middle + right
    offset = (left - right) / (2 * curve) if curve else 0.0
    return (peak + offset) * RATE / _BINS


def _level(samples: npt.NDArray[np.int16]) -> bool:
    """Tell whether the tone is as loud everywhere: two tones close to each other swell and fade."""
    blocks = (samples.astype(np.float64).reshape(_BLOCKS, -1) ** 2).sum(axis=1)
    return bool(blocks.max() <= _UNEVEN * blocks.min())


_SAMPLES: Final = 320
_HALF: Final = _SAMPLES // 2 * WIDTH
_ALIKE: Final = 1.4  # two tones that are 20 Hz apart swell and fade so much
_BINS: Final = 512
_WINDOW: Final = np.hanning(_SAMPLES)
_LOBE: Final = 4  # bins to each side, where the window puts the energy of a sinusoid
_LOWEST: Final = 100 * _BINS // RATE
_SHARE: Final = 0.9
_WEAKER: Final = 0.15  # of two tones
_STRONGER: Final = 0.35
_BLOCKS: Final = 8  # of 5 ms
_UNEVEN: Final = 4.0
_AUDIBLE: Final = 100

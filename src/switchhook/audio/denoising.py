"""Less noise in what the far end says: Wiener's filter over a noise that is learned as it goes.

A frame comes out 10 ms late. The filter follows what is steady, so that voices pass; what it takes
away at most is bounded, because a filter that goes too far leaves a twitter worse than the noise.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FRAME: Final = 160
"""Samples of 20 ms at 8 kHz."""

DELAY: Final = FRAME // 2
"""Samples by which the result is late."""

_Spectrum = npt.NDArray[np.float64]


class Denoiser:
    """Takes noise out of one stream: at level 0 nothing, at 100 all that is sensible."""

    __slots__ = (
        "_clean",
        "_count",
        "_floor",
        "_lowest",
        "_lows",
        "_past",
        "_recent",
        "_smooth",
        "_tail",
    )

    def __init__(self, level: float = 50.0) -> None:
        share = min(max(level, 0.0), 100.0) / 100
        self._floor = 10 ** (share * _DEEPEST / 20)
        self._recent = np.zeros(DELAY)
        self._tail = np.zeros(DELAY)
        self._count = 0
        self._clean = self._smooth = self._past = np.zeros(_BINS // 2 + 1)
        self._lowest = np.full(_BINS // 2 + 1, np.inf)
        self._lows: list[_Spectrum] = []

    def feed(self, pcm: bytes) -> bytes:
        """Return the 20 ms that began 10 ms earlier, with less noise."""
        if self._floor == 1.0:
            return pcm
        samples = np.concatenate((self._recent, np.frombuffer(pcm, "<i2")))
        self._recent = samples[FRAME:]
        spectrum = np.fft.rfft(samples * _WINDOW, _BINS)
        spectrum *= self._gains(spectrum.real**2 + spectrum.imag**2)
        result = np.fft.irfft(spectrum, _BINS)[: len(samples)] * _WINDOW
        result[:DELAY] += self._tail
        self._tail = result[FRAME:]
        whole = np.minimum(np.maximum(np.rint(result[:FRAME]), -32768), 32767)
        return whole.astype("<i2").tobytes()

    def _gains(self, power: _Spectrum) -> _Spectrum:
        """Return for every frequency what to leave of it."""
        noise = self._learned(power)
        ratio = power / noise
        # What was left of the frame before tells more than this frame alone; without it the
        # filter opens and shuts at random, which is the twitter.
        expected = _MEMORY * self._clean / noise + (1 - _MEMORY) * np.maximum(ratio - 1, 0)
        wiener = expected / (1 + expected)
        self._clean = wiener * wiener * power
        return np.maximum(wiener, self._floor)

    def _learned(self, power: _Spectrum) -> _Spectrum:
        """Return the noise: the lowest of the last two seconds, in which every voice pauses."""
        self._smooth = _SMOOTH * self._smooth + (1 - _SMOOTH) * power if self._lows else power
        self._lowest = np.minimum(self._lowest, self._smooth)
        if self._count % _TURN == 0:
            self._lows = [*self._lows[1 - _TURNS :], self._lowest]
            self._past = np.minimum.reduce(self._lows)
            self._lowest = self._smooth
        self._count += 1
        return np.minimum(self._past, self._lowest) * _MEAN + _LEAST


def _window() -> _Spectrum:
    """Return a window whose square adds up to one with its neighbours."""
    rise = np.sin((np.arange(DELAY) + 0.5) * np.pi / (2 * DELAY))
    return np.concatenate((rise, np.ones(FRAME - DELAY), rise[::-1]))


_BINS: Final = 256
_WINDOW: Final = _window()
_DEEPEST: Final = -24.0
_LEAST: Final = 100.0  # the rounding of samples
_MEMORY: Final = 0.94
_SMOOTH: Final = 0.8
_TURN: Final = 25  # frames of which one lowest is kept
_TURNS: Final = 4
_MEAN: Final = 2.2  # of noise, above its lowest

"""Whether somebody is speaking: a probability for every frame, and when speech begins and ends.

The detector compares the loudness of a frame, low tones taken away, with the quietest of the last
seconds. What is as steady as a fan or a tone becomes background after half a second, what hums or
hisses counts for less, and while our own side speaks its echo is part of the background.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import exp, log10
from typing import Final

from switchhook.audio.samples import FULL_SCALE, WIDTH, audioop

FRAME_MS: Final = 20


class Change(Enum):
    """The far end began or ceased to speak."""

    STARTED = "started"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Patience:
    """How much evidence begins and ends speech; times in milliseconds."""

    on: float = 0.5
    off: float = 0.35
    onset: int = 120
    within: int = 160
    end: int = 200


class Spell:
    """Joins probabilities to speech: enough likely frames begin it, enough unlikely ones end it."""

    __slots__ = ("_need", "_off", "_on", "_quiet", "_recent", "_rest", "_window", "speaking")

    def __init__(self, patience: Patience = Patience(), frame_ms: int = FRAME_MS) -> None:
        self._on, self._off = patience.on, patience.off
        self._need = -(-patience.onset // frame_ms)
        self._window = (1 << (patience.within // frame_ms)) - 1
        self._rest = -(-patience.end // frame_ms)
        self._recent = self._quiet = 0
        self.speaking = False

    def feed(self, probability: float) -> Change | None:
        """Return what the frame changes."""
        if self.speaking:
            self._quiet = self._quiet + 1 if probability < self._off else 0
            if self._quiet < self._rest:
                return None
            self.speaking = False
            return Change.STOPPED
        self._recent = (self._recent << 1 | (probability >= self._on)) & self._window
        if self._recent.bit_count() < self._need:
            return None
        self._recent = self._quiet = 0
        self.speaking = True
        return Change.STARTED


class Activity:
    """The built-in detector: how likely each frame of one call's far end is speech."""

    __slots__ = ("_background", "_echo", "_gate", "_last", "_steady")

    def __init__(self, min_volume: float = 0.0) -> None:
        self._gate = min_volume * FULL_SCALE
        self._background = Background()
        self._steady = Steadiness()
        self._echo = Echo()
        self._last = 0.0

    def feed(self, pcm: bytes, own: int = 0) -> float:
        """Return the probability for 20 ms at 8 kHz, of which `own` is the RMS of our own side."""
        volume = audioop.rms(pcm, WIDTH)
        if self._echo.explains(volume, own, speaking=self._last >= _LIKELY):
            self._last = 0.0
            return 0.0
        background = self._background
        if self._steady.feed(decibels(volume)):
            background.adopt()
        evidence = background.feed(loudness(pcm) if volume >= _FAINTEST else _BOTTOM)
        self._last = 1 / (1 + exp(-evidence)) if volume >= self._gate else 0.0
        return self._last


def decibels(volume: float) -> float:
    """Return an RMS as decibels, with all that is too soft to matter near the bottom."""
    return 20 * log10(volume + _SOFT)


def loudness(pcm: bytes) -> list[float]:
    """Return the decibels in six bands: below 250 Hz, 500, 1000, 2000, 3000 and 4000."""
    halves, rms = audioop.tomono, audioop.rms
    # Sum and difference of neighbours are the lower and the upper half of the band, half as long:
    # Haar's wavelets, made with what mixes left and right.
    above = halves(pcm, WIDTH, _H, -_H)
    below = halves(pcm, WIDTH, _H, _H)
    bands = [halves(above, WIDTH, _H, _H), halves(above, WIDTH, _H, -_H)]
    for _ in range(3):
        bands.append(halves(below, WIDTH, _H, -_H))
        below = halves(below, WIDTH, _H, _H)
    bands.append(below)
    return [20 * log10(rms(band, WIDTH) + _SOFT) for band in reversed(bands)]


class Background:
    """What the line sounds like when nobody speaks, and how far a frame stands out of it."""

    __slots__ = ("_count", "_floor", "_lowest", "_past", "_smooth", "_usual")

    def __init__(self) -> None:
        self._floor: list[float] = []

    def feed(self, levels: Sequence[float]) -> float:
        """Return the evidence for speech in the levels of the bands: above zero it is likely."""
        if not self._floor:
            # Who speaks from the first frame on must not be taken for background.
            self._smooth = [min(level, _LOUDEST_START) for level in levels]
            self.adopt()
        self._track(levels)
        floor, usual, evidence = self._floor, self._usual, _BIAS
        for band, level in enumerate(levels):
            rise = level - floor[band] - usual[band]
            if rise > 0:
                evidence += _WEIGHTS[band] * (rise if rise < _ENOUGH else _ENOUGH)
        rate = _SLOW if evidence > _DOUBT else _FAST
        for band, level in enumerate(levels):
            height = level - floor[band]
            usual[band] += ((height if height < _HIGHEST else _HIGHEST) - usual[band]) * rate
        return evidence

    def adopt(self) -> None:
        """Take what is heard now as the background."""
        self._floor = list(self._smooth)
        self._lowest = list(self._smooth)
        self._past = [list(self._smooth)] * _SECONDS
        self._usual = list(_FLUTTER)
        self._count = 0

    def _track(self, levels: Sequence[float]) -> None:
        # Fifty times a second for every call: one pass, in place.
        smooth, lowest, floor = self._smooth, self._lowest, self._floor
        for band, level in enumerate(levels):
            soft = smooth[band] + (level - smooth[band]) * _SMOOTHING
            smooth[band] = soft
            # No floor is above the lowest of its last second.
            if soft < lowest[band]:
                lowest[band] = soft
                if soft < floor[band]:  # noqa: PLR1730 - min() costs three times as much
                    floor[band] = soft
        self._count += 1
        if self._count == 1000 // FRAME_MS:
            self._past = [*self._past[1:], lowest]
            self._floor = list(map(min, *self._past))
            self._lowest = list(smooth)
            self._count = 0


class Steadiness:
    """Notices what does not rise and fall as speech does: a fan that starts, a tone."""

    __slots__ = ("_level", "_run")

    def __init__(self) -> None:
        self._level = 0.0
        self._run = 0

    def feed(self, level: float) -> bool:
        """Tell whether the level in decibels has been the same for half a second."""
        if abs(level - self._level) > _TREMBLE:
            self._level = level
            self._run = 0
            return False
        self._level += (level - self._level) * 0.1
        self._run += 1
        if self._run < _STEADY_MS // FRAME_MS:
            return False
        self._run = 0
        return True


class Echo:
    """What comes back of our own side, and whether that is all there is to hear."""

    __slots__ = ("_gain", "_own", "_spoken")

    def __init__(self) -> None:
        self._gain = _ECHO_FIRST
        self._own: deque[int] = deque(maxlen=_ECHO_MS // FRAME_MS)
        self._spoken = 0

    def explains(self, volume: int, own: int, *, speaking: bool) -> bool:
        """Tell whether the volume is no more than our own speech coming back."""
        if own < _AUDIBLE and not self._spoken:
            return False
        self._own.append(own)
        loudest = max(self._own)
        if loudest < _AUDIBLE:
            self._spoken = 0
            return False
        self._spoken += FRAME_MS
        gain = decibels(volume) - decibels(loudest)
        onset = self._spoken <= _ONSET_MS
        if gain > self._gain + _ABOVE_ECHO and (speaking or not onset):
            return False
        if not speaking:
            rate = _LEARN_LOUDER if gain > self._gain else _LEARN_SOFTER
            self._gain = min(self._gain + (gain - self._gain) * rate, _ECHO_MOST)
        return True


_H: Final = 0.5**0.5
_SOFT: Final = 16.0
_LIKELY: Final = 0.5
_FAINTEST: Final = 10  # RMS: about the smallest step of mu-law, so that no band holds anything
_SECONDS: Final = 5  # of minima
_SMOOTHING: Final = 0.4
_LOUDEST_START: Final = 46.0
_BOTTOM: Final = (20 * log10(_SOFT),) * 6
_FLUTTER: Final = (3.5, 3.0, 2.0, 1.4, 1.4, 1.4)  # of white noise above its own minima
_SLOW: Final = 0.004
_FAST: Final = 0.03
_DOUBT: Final = -0.6
_HIGHEST: Final = 30.0
_STEADY_MS: Final = 500
_TREMBLE: Final = 2.5

# Fitted to synthetic speech of 75 voices and sentences in noise: what is loud between 250 and
# 1000 Hz is a voice, what is loud below is a rumble.
_WEIGHTS: Final = (-0.09, 0.31, 0.25, 0.0, 0.1, 0.16)
_BIAS: Final = -1.84
_ENOUGH: Final = 8.0

_AUDIBLE: Final = 30
_ONSET_MS: Final = 200
_ECHO_MS: Final = 320  # a line's round trip
_ECHO_FIRST: Final = -22.0
_ECHO_MOST: Final = -9.0
_ABOVE_ECHO: Final = 6.0
_LEARN_LOUDER: Final = 0.3
_LEARN_SOFTER: Final = 0.02

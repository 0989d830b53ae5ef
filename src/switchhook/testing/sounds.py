"""The sounds of a scripted callee: speech-like, cough-like, noise and tones, all of them cheap."""

from __future__ import annotations

import math
from functools import cache

from switchhook.audio import g711, tones
from switchhook.ports import FRAME_BYTES, SAMPLE_RATE
from switchhook.testing.wires import chance

_LOUDNESS = 7000
_PITCH = 140.0
_SYLLABLE_MS = 180
_FRAME_PCM = 2 * FRAME_BYTES


@cache
def syllables(milliseconds: int) -> tuple[bytes, ...]:
    """Return frames that rise and fall as speech does."""
    samples = [_voiced(n) for n in range(milliseconds * SAMPLE_RATE // 1000)]
    return _frames(samples)


@cache
def noise(milliseconds: int, loudness: int = 600, seed: int = 1) -> tuple[bytes, ...]:
    """Return frames of a steady hiss."""
    random = chance(seed)
    count = milliseconds * SAMPLE_RATE // 1000
    return _frames([random.randint(-loudness, loudness) for _ in range(count)])


@cache
def tone(hertz: float, milliseconds: int) -> tuple[bytes, ...]:
    """Return frames of one pitch, such as the beep of an answering machine."""
    return _cut(tones.sine(hertz, milliseconds))


@cache
def key(digits: str) -> tuple[bytes, ...]:
    """Return the tones of keys."""
    return _cut(tones.dtmf(digits))


def _voiced(n: int) -> int:
    phase = 2 * math.pi * _PITCH * n / SAMPLE_RATE
    tone = math.sin(phase) + 0.5 * math.sin(5 * phase) + 0.3 * math.sin(9 * phase)
    swell = 0.3 + 0.7 * abs(math.sin(math.pi * n * 1000 / SAMPLE_RATE / _SYLLABLE_MS))
    return round(_LOUDNESS * tone * swell)


def _frames(samples: list[int]) -> tuple[bytes, ...]:
    return _cut(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))


def _cut(pcm: bytes) -> tuple[bytes, ...]:
    whole = len(pcm) - len(pcm) % _FRAME_PCM
    return tuple(g711.encode(pcm[at : at + _FRAME_PCM]) for at in range(0, whole, _FRAME_PCM))

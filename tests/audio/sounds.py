"""Sounds to listen to: voices, noises and tones, the same in every run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RATE = 8000
FRAME = 320
"""Bytes of 20 ms."""

Wave = npt.NDArray[np.float64]


def silence(milliseconds: int) -> Wave:
    return np.zeros(milliseconds * RATE // 1000)


def noise(milliseconds: int, rms: float, seed: int = 1) -> Wave:
    return np.random.default_rng(seed).normal(0, rms, milliseconds * RATE // 1000)


def rumble(milliseconds: int, rms: float, seed: int = 2) -> Wave:
    """A car from inside: nearly all of it below 200 Hz."""
    samples = milliseconds * RATE // 1000
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=samples))
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    spectrum *= np.where(hertz < 40, 0, (np.maximum(hertz, 40) / 100) ** -2)
    wave = np.fft.irfft(spectrum, samples)
    return wave * (rms / np.sqrt(np.mean(wave**2)))


def tone(hertz: float | tuple[float, ...], milliseconds: int, rms: float = 3000) -> Wave:
    """One sinusoid, or several of equal strength, of this loudness together."""
    parts = hertz if isinstance(hertz, tuple) else (hertz,)
    moments = np.arange(milliseconds * RATE // 1000) / RATE
    wave = np.sum([np.sin(2 * np.pi * part * moments) for part in parts], axis=0)
    return wave * rms * np.sqrt(2 / len(parts))


def voice(milliseconds: int, rms: float = 2000, pitch: float = 130, seed: int = 3) -> Wave:
    """Something like speech: a buzz through moving formants, five syllables a second, hiss."""
    rng = np.random.default_rng(seed)
    moments = np.arange(milliseconds * RATE // 1000) / RATE
    melody = pitch * (1 + 0.12 * np.sin(2 * np.pi * 0.9 * moments))
    phase = 2 * np.pi * np.cumsum(melody) / RATE
    first = 500 + 200 * np.sin(2 * np.pi * 2.3 * moments)
    second = 1500 + 500 * np.sin(2 * np.pi * 1.7 * moments + 1)
    wave = np.zeros(len(moments))
    for harmonic in range(2, int(3400 / pitch)):
        hertz = harmonic * pitch
        shape = np.exp(-(((hertz - first) / 150) ** 2)) + 0.5 * np.exp(
            -(((hertz - second) / 200) ** 2)
        )
        wave += (shape + 0.03) * np.sin(harmonic * phase)
    syllables = 0.55 + 0.5 * np.sin(2 * np.pi * 5 * moments)
    wave = wave * syllables + rng.normal(0, 0.15, len(moments)) * (1 - syllables)
    return wave * (rms / np.sqrt(np.mean(wave**2)))


def pcm(*waves: Wave) -> bytes:
    """Join the waves one after the other."""
    return np.clip(np.rint(np.concatenate(waves)), -32768, 32767).astype("<i2").tobytes()


def frames(audio: bytes) -> Iterator[bytes]:
    for start in range(0, len(audio) - FRAME + 1, FRAME):
        yield audio[start : start + FRAME]


def levels(audio: bytes) -> Wave:
    return np.frombuffer(audio, "<i2").astype(np.float64)


def volume(audio: bytes | Wave) -> float:
    wave = levels(audio) if isinstance(audio, bytes) else audio
    return float(np.sqrt(np.mean(wave**2)))

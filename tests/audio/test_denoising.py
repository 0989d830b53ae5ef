from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio.denoising import DELAY, Denoiser
from tests.audio.sounds import (
    Wave,
    frames,
    levels,
    noise,
    pcm,
    rumble,
    silence,
    tone,
    voice,
    volume,
)


def clean(audio: bytes, level: float) -> Wave:
    denoiser = Denoiser(level)
    return np.concatenate([levels(denoiser.feed(frame)) for frame in frames(audio)])


def speech() -> Wave:
    turns = [voice(1500, 2000, pitch, seed) for seed, pitch in enumerate((110, 150, 210), 4)]
    return np.concatenate(
        [silence(1000), *[part for turn in turns for part in (turn, silence(700))]]
    )


def purity(result: Wave, wanted: Wave) -> float:
    """Return the ratio of what was said to all that differs from it, in decibels."""
    late = wanted[: len(result) - DELAY][8000:]
    heard = result[DELAY:][8000:]
    return 10 * math.log10(float(np.sum(late**2) / np.sum((late - heard) ** 2)))


@pytest.mark.parametrize("level", [50, 100])
@pytest.mark.parametrize("gain", [1.0, 0.1])
@pytest.mark.parametrize("background", [noise(7600, 900), rumble(7600, 1200)])
def test_noisy_speech_becomes_clearer(level: float, gain: float, background: Wave) -> None:
    noisy = pcm((speech() + background) * gain)
    before = purity(np.concatenate((np.zeros(DELAY), levels(noisy))), speech() * gain)
    assert purity(clean(noisy, level), speech() * gain) > before + 3


def test_the_pauses_become_as_quiet_as_the_level_asks() -> None:
    audio = pcm(noise(6000, 500))
    loudness = [volume(clean(audio, level)[-8000:]) for level in (0, 25, 50, 75, 100)]
    assert loudness == sorted(loudness, reverse=True)
    assert loudness[0] == pytest.approx(500, rel=0.05)
    assert loudness[2] < 500 * 0.35
    assert loudness[4] < 500 * 0.15


def test_clean_speech_stays_clean() -> None:
    assert purity(clean(pcm(speech() + noise(7600, 5)), 50), speech()) > 15


def test_level_zero_changes_nothing_and_delays_nothing() -> None:
    audio = pcm(speech())
    denoiser = Denoiser(0)
    assert b"".join(denoiser.feed(frame) for frame in frames(audio)) == audio


def test_a_level_beyond_the_scale_is_its_end() -> None:
    audio = pcm(noise(1000, 500))
    assert clean(audio, 300).tolist() == clean(audio, 100).tolist()
    assert clean(audio, -5).tolist() == clean(audio, 0).tolist()


def test_noise_that_has_grown_is_learned_again() -> None:
    audio = pcm(np.concatenate((noise(3000, 100), noise(5000, 800, seed=5))))
    result = clean(audio, 100)
    assert volume(result[-8000:]) < 800 * 0.2


def test_a_tone_that_stays_is_noise_and_one_that_comes_is_not() -> None:
    hum, beep = tone(120, 8000, 800), tone(1000, 300, 3000)
    scene = np.concatenate((silence(6000), beep, silence(1700))) + hum
    result = clean(pcm(scene), 100)
    assert volume(result[5 * 8000 : 6 * 8000 - 400]) < 150
    assert volume(result[6 * 8000 + 400 : 6 * 8000 + 2300]) > 2000


@given(st.lists(st.binary(min_size=320, max_size=320), max_size=8), st.floats(1, 100))
def test_whatever_comes_in_a_frame_comes_out(audio: list[bytes], level: float) -> None:
    denoiser = Denoiser(level)
    assert all(len(denoiser.feed(frame)) == 320 for frame in audio)

from __future__ import annotations

import numpy as np
import pytest

from switchhook.audio import level
from switchhook.audio.resample import resample


def sine(rate: int, frequency: float, seconds: float = 0.5) -> bytes:
    time = np.arange(round(rate * seconds)) / rate
    return (10000 * np.sin(2 * np.pi * frequency * time)).astype("<i2").tobytes()


@pytest.mark.parametrize("rate", [22050, 24000, 16000])
@pytest.mark.parametrize("frequency", [300, 1000, 3000])
def test_what_the_telephone_can_carry_is_kept_in_time_and_loudness(
    rate: int, frequency: int
) -> None:
    result = np.frombuffer(resample(sine(rate, frequency), rate, 8000), dtype="<i2")
    wanted = np.frombuffer(sine(8000, frequency), dtype="<i2")

    assert len(result) == len(wanted)
    # The filter has nothing to look at before the beginning and behind the end.
    assert np.abs(result - wanted.astype(float))[100:-100].max() < 5


@pytest.mark.parametrize("rate", [22050, 24000])
def test_what_the_telephone_cannot_carry_does_not_come_back_as_another_tone(rate: int) -> None:
    assert level.rms(resample(sine(rate, 5500), rate, 8000)) < 40


def test_speech_can_be_made_wider_too() -> None:
    assert len(resample(sine(8000, 440), 8000, 16000)) == 2 * len(sine(8000, 440))


def test_the_same_rate_and_nothing_at_all_are_left_alone() -> None:
    assert resample(b"\x01\x02", 8000, 8000) == b"\x01\x02"
    assert resample(b"", 22050, 8000) == b""


def test_a_single_sample_is_enough() -> None:
    assert len(resample(b"\x01\x02", 22050, 8000)) == 2

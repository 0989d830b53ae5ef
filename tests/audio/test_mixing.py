from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio.mixing import DUCKED, SILENT, UNCHANGED, Fader, Gate, gain, mix
from tests.audio.sounds import FRAME, frames, levels, pcm, silence, tone, voice, volume

FRAMES = st.binary(min_size=FRAME, max_size=FRAME)
STEADY = np.full(160, 10_000, "<i2").tobytes()


def test_decibels_are_factors() -> None:
    assert gain(0) == 1
    assert gain(-20) == pytest.approx(0.1)
    assert pytest.approx(gain(-18)) == DUCKED


@given(FRAMES, FRAMES, FRAMES)
def test_a_mixture_is_the_sum_and_never_wraps(one: bytes, two: bytes, three: bytes) -> None:
    assert mix(one) == one
    expected = np.clip(levels(one) + levels(two), -32768, 32767)
    assert levels(mix(one, two)).tolist() == expected.tolist()
    expected = np.clip(expected + levels(three), -32768, 32767)
    assert levels(mix(one, two, three)).tolist() == expected.tolist()


@given(st.lists(FRAMES, max_size=5))
def test_a_gain_that_stays_at_one_changes_nothing(audio: list[bytes]) -> None:
    fader = Fader()
    assert [fader.feed(frame) for frame in audio] == audio


def test_ducking_turns_down_within_one_frame_and_back_within_another() -> None:
    fader = Fader()
    down, low, up, same = (fader.feed(STEADY, g) for g in (DUCKED, DUCKED, UNCHANGED, UNCHANGED))
    assert set(levels(low)) == {round(10_000 * DUCKED) - 1}  # cut off, not rounded
    assert levels(down)[-1] == pytest.approx(10_000 * DUCKED, abs=1)
    assert levels(up)[-1] == 10_000
    assert same == STEADY


@given(st.lists(st.sampled_from([SILENT, 0.1, DUCKED, UNCHANGED, 1.5]), min_size=1, max_size=20))
def test_no_change_of_gain_ever_clicks(gains: list[float]) -> None:
    fader = Fader()
    wave = levels(b"".join(fader.feed(STEADY, target) for target in [UNCHANGED, *gains]))
    assert np.abs(np.diff(wave)).max() <= 10_000 * 1.5 / 160 + 2


def test_a_change_without_a_ramp_would_be_noticed() -> None:
    wave = np.concatenate((levels(STEADY), levels(STEADY) * DUCKED))
    assert np.abs(np.diff(wave)).max() > 8000


def test_speech_fades_in_from_silence() -> None:
    faded = levels(Fader(SILENT).feed(STEADY))
    assert faded[0] < 100
    assert faded[-1] == 10_000


def test_a_gain_above_one_clips_and_does_not_wrap() -> None:
    fader = Fader()
    loud = np.full(160, 30_000, "<i2").tobytes()
    assert levels(fader.feed(loud, 2.0)).max() == 32767
    assert set(levels(fader.feed(loud, 2.0))) == {32767}


def test_a_gate_passes_speech_whole_and_silences_what_lies_below_it() -> None:
    gate = Gate(min_volume=0.01)
    audio = pcm(voice(1000, 3000), tone(300, 1000, 50), voice(400, 3000))
    passed = b"".join(gate.feed(frame) for frame in frames(audio))
    assert passed[: 1000 * 16] == audio[: 1000 * 16]
    assert volume(passed[1300 * 16 : 2000 * 16]) == 0
    assert passed[2040 * 16 :] == audio[2040 * 16 :]


def test_a_gate_stays_open_over_the_gaps_of_a_word() -> None:
    gate = Gate(min_volume=0.01)
    audio = pcm(voice(200, 3000), silence(160), voice(200, 3000))
    assert b"".join(gate.feed(frame) for frame in frames(audio)) == audio


def test_a_gate_without_a_volume_is_always_open() -> None:
    gate = Gate(min_volume=0)
    assert all(gate.feed(bytes(FRAME)) == bytes(FRAME) for _ in range(100))

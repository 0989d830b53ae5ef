from __future__ import annotations

import numpy as np
import pytest

from switchhook.audio import g711, level, tones
from tests.audio.sounds import Wave, frames, noise, pcm, silence, tone, voice


def heard(audio: bytes) -> str:
    ear = tones.KeyEar()
    return "".join(key for frame in frames(audio) if (key := ear.push(frame)))


def test_every_key_is_recognised_through_the_telephone_each_once() -> None:
    keys = "0123456789*#ABCD"

    assert heard(g711.decode(g711.encode(tones.dtmf(keys)))) == keys


def test_the_same_key_twice_is_two_presses() -> None:
    assert heard(tones.dtmf("1155")) == "1155"


def test_a_pause_between_keys_takes_its_time() -> None:
    assert len(tones.dtmf("1wW1")) == len(tones.dtmf("11")) + 8000 * 2 * 3 // 2
    assert heard(tones.dtmf("1w1")) == "11"


def test_a_key_of_40_ms_is_heard_wherever_in_a_frame_it_begins() -> None:
    for name in "0123456789*#ABCD":
        for late in range(0, 20, 5):
            assert heard(pcm(silence(100 + late), press(name, 40), silence(100))) == name


@pytest.mark.parametrize("late", [0, 5, 10, 15])
def test_what_is_as_short_as_a_click_is_no_press(late: int) -> None:
    assert heard(pcm(silence(100 + late), press("5", 20), silence(100))) == ""


@pytest.mark.parametrize("late", [0, 5, 10, 15])
def test_a_pause_makes_two_presses_of_one_key_and_a_gap_does_not(late: int) -> None:
    before, key, gap = silence(100 + late), press("5", 60), press("5", 130)
    gap[60 * 8 : 70 * 8] = 0

    assert heard(pcm(before, key, silence(40), key, silence(100))) == "55"
    assert heard(pcm(before, gap, silence(100))) == "5"


def test_one_key_after_the_other_without_a_pause_is_two() -> None:
    assert heard(pcm(press("1", 100), press("9", 100), silence(100))) == "19"


def test_a_key_is_sounding_until_it_is_let_go() -> None:
    ear = tones.KeyEar()
    keys = [ear.push(frame) or ear.sounding for frame in frames(pcm(press("5", 100), silence(60)))]

    assert keys == [False, "5", True, True, True, False, False, False]


def test_a_noise_beside_a_key_does_not_make_it_two() -> None:
    burst = pcm(press("5", 200) + np.concatenate((silence(80), noise(60, 4000), silence(60))))

    assert heard(burst + bytes(1600)) == "5"


@pytest.mark.parametrize("off", [0.99, 1.01])
def test_a_key_that_is_a_little_out_of_tune_is_a_key(off: float) -> None:
    assert heard(pcm(press("7", 80, off=off), silence(60))) == "7"


@pytest.mark.parametrize("off", [0.965, 1.035])
def test_two_tones_that_are_no_key_are_none(off: float) -> None:
    assert heard(pcm(press("7", 200, off=off), silence(60))) == ""


@pytest.mark.parametrize("twist", [0.5, 2.0])
def test_one_half_of_a_key_may_be_half_as_loud(twist: float) -> None:
    assert heard(pcm(press("3", 80, twist=twist), silence(60))) == "3"


def test_a_key_is_heard_through_noise_and_when_it_is_soft() -> None:
    loud = press("8", 100)
    assert heard(pcm(loud + noise(100, 1500), silence(60))) == "8"
    assert heard(pcm(loud / 10, silence(60))) == "8"
    assert heard(pcm(loud / 20, silence(60))) == ""


@pytest.mark.parametrize(
    "wave",
    [silence(500), tone(697, 500), tone(1000, 500), noise(500, 4000), tone((350, 440), 500)],
    ids=["silence", "half a key", "a beep", "noise", "a dial tone"],
)
def test_what_is_no_key_is_not_heard_as_one(wave: Wave) -> None:
    assert heard(pcm(wave)) == ""


@pytest.mark.parametrize("pitch", [85, 110, 150, 200, 230, 260])
def test_a_voice_presses_no_key(pitch: int) -> None:
    assert heard(pcm(*[voice(6000, 6000, pitch, seed) for seed in range(5)])) == ""


def press(name: str, milliseconds: int, *, off: float = 1.0, twist: float = 1.0) -> Wave:
    """The two sinusoids of a key, `off` their pitch, the higher one louder by `twist`."""
    [low] = [tones.LOW[n] for n, row in enumerate(tones.KEYS) if name in row]
    [high] = [tones.HIGH[row.index(name)] for row in tones.KEYS if name in row]
    return tone(low * off, milliseconds) + twist * tone(high * off, milliseconds)


def test_a_key_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="'x' is not a key"):
        tones.dtmf("1x")


def test_what_can_be_pressed_is_known_beforehand() -> None:
    assert tones.playable("12*#wW")
    assert not tones.playable("12x")
    assert not tones.playable("")


def test_no_keys_make_no_sound() -> None:
    assert tones.dtmf("") == b""


def test_keys_are_neither_faint_nor_clipped() -> None:
    assert level.dbfs(tones.dtmf("5")[:1600]) == pytest.approx(-9, abs=0.5)

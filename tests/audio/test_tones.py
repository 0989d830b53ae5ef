from __future__ import annotations

import numpy as np
import pytest

from switchhook.audio import g711, level, tones


def heard(pcm: bytes) -> str:
    ear = tones.KeyEar()
    frames = [pcm[start : start + 320] for start in range(0, len(pcm), 320)]
    return "".join(key for frame in frames if (key := ear.push(frame)))


def test_every_key_is_recognised_through_the_telephone_each_once() -> None:
    keys = "0123456789*#ABCD"

    assert heard(g711.decode(g711.encode(tones.dtmf(keys)))) == keys


def test_the_same_key_twice_is_two_presses() -> None:
    assert heard(tones.dtmf("1155")) == "1155"


def test_a_pause_between_keys_takes_its_time() -> None:
    assert len(tones.dtmf("1wW1")) == len(tones.dtmf("11")) + 8000 * 2 * 3 // 2
    assert heard(tones.dtmf("1w1")) == "11"


@pytest.mark.parametrize(
    "pcm",
    [
        bytes(320),
        tones.sine(697, 20),
        tones.sine(1000, 20),
        np.random.default_rng(7).normal(0, 4000, 160).astype("<i2").tobytes(),
        tones.dtmf("5")[:100],
    ],
    ids=["silence", "half a key", "a beep", "noise", "less than a frame"],
)
def test_what_is_no_key_is_not_heard_as_one(pcm: bytes) -> None:
    assert tones.key(pcm) is None


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

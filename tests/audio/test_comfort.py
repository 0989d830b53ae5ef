from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio.activity import Activity
from switchhook.audio.comfort import LOUDEST, Comfort
from switchhook.audio.samples import audioop
from tests.audio.sounds import frames, levels, pcm, tone, volume


@given(st.integers(0, 2**40), st.lists(st.integers(0, 8000), max_size=12))
def test_the_noise_is_faint_and_never_zero(seed: int, sizes: list[int]) -> None:
    comfort = Comfort(seed)
    for size in sizes:
        noise = levels(comfort.feed(size))
        assert len(noise) == size
        assert size == 0 or 1 <= np.abs(noise).min() <= np.abs(noise).max() <= LOUDEST


def test_it_survives_the_telephone_without_becoming_digital_silence() -> None:
    audio = audioop.lin2ulaw(Comfort().feed(8000), 2)
    assert audioop.rms(audioop.ulaw2lin(audio, 2), 2) > 0
    assert all(len(set(audio[at : at + 160])) > 1 for at in range(0, 8000, 160))


def test_it_is_the_same_in_every_run_and_another_stretch_in_every_call() -> None:
    assert Comfort(1).feed(800) == Comfort(1).feed(800)
    assert Comfort(1).feed(800) != Comfort(2).feed(800)


def test_it_flows_on_over_the_end_of_its_loop() -> None:
    whole, pieces = Comfort(3), Comfort(3)
    expected = b"".join(whole.feed(4000) for _ in range(40))
    assert b"".join(pieces.feed(160) for _ in range(1000)) == expected


def test_dither_leaves_no_zeros_in_silence_and_speech_as_it_is() -> None:
    comfort = Comfort()
    assert volume(comfort.dither(bytes(320))) > 0
    speech = pcm(tone(440, 20))
    assert np.abs(levels(comfort.dither(speech)) - levels(speech)).max() <= LOUDEST


def test_nobody_is_heard_in_it() -> None:
    detector, comfort = Activity(), Comfort()
    assert max(detector.feed(frame) for frame in frames(comfort.feed(8000) * 4)) < 0.5

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio.activity import FRAME_MS, Activity, Change, Patience, Spell
from switchhook.audio.samples import audioop
from tests.audio.sounds import Wave, frames, noise, pcm, rumble, silence, tone, voice

Changes = list[tuple[int, Change]]


def listen(far: Wave, own: Wave | None = None, detector: Activity | None = None) -> Changes:
    """Return what a listener notices, with the milliseconds at which the frame was complete."""
    detector = detector or Activity()
    spell = Spell()
    ours = frames(pcm(silence(0) if own is None else own))
    noticed: Changes = []
    for index, frame in enumerate(frames(pcm(far)), 1):
        loud = audioop.rms(next(ours, bytes(2)), 2)
        change = spell.feed(detector.feed(frame, loud))
        if change:
            noticed.append((index * FRAME_MS, change))
    return noticed


def speech_between(start: int, end: int, noticed: Changes) -> bool:
    """Tell whether the listener noticed one speech, soon after it began and after it ended."""
    match noticed:
        case [(began, Change.STARTED), (ended, Change.STOPPED)]:
            return start + 100 <= began <= start + 200 and end + 100 <= ended <= end + 320
        case _:
            return False


# ---- hysteresis


def changes(probabilities: list[float], spell: Spell) -> Changes:
    found = [(i, spell.feed(p)) for i, p in enumerate(probabilities, 1)]
    return [(i, change) for i, change in found if change]


def test_six_likely_frames_of_eight_begin_speech_and_ten_unlikely_ones_end_it() -> None:
    spell = Spell()
    assert changes([0.5] * 6 + [0.34] * 10, spell) == [(6, Change.STARTED), (16, Change.STOPPED)]
    assert changes([0.9, 0.0, 0.9, 0.9, 0.0, 0.9, 0.9, 0.9], spell) == [(8, Change.STARTED)]


def test_a_click_or_a_cough_of_a_tenth_of_a_second_is_not_speech() -> None:
    assert changes([1.0] * 5 + [0.0] * 3 + [1.0] * 5 + [0.0] * 3, Spell()) == []


def test_what_is_neither_likely_nor_unlikely_keeps_things_as_they_are() -> None:
    assert changes([0.49] * 50, Spell()) == []
    assert changes([1.0] * 6 + [0.36] * 50, Spell()) == [(6, Change.STARTED)]


def test_one_likely_frame_in_a_pause_begins_the_pause_anew() -> None:
    pause = [0.0] * 9 + [0.4] + [0.0] * 9
    assert changes([1.0] * 6 + pause, Spell()) == [(6, Change.STARTED)]


def test_windows_of_another_length_need_the_same_time() -> None:
    spell = Spell(frame_ms=32)
    assert changes([1.0] * 4 + [0.0] * 7, spell) == [(4, Change.STARTED), (11, Change.STOPPED)]


def test_patience_can_be_set() -> None:
    spell = Spell(Patience(on=0.8, off=0.7, onset=40, within=40, end=60))
    assert changes([0.7, 0.8, 0.8] + [0.6] * 3, spell) == [(3, Change.STARTED), (6, Change.STOPPED)]


@given(st.lists(st.floats(0, 1), max_size=200), st.sampled_from([10, 20, 32]))
def test_speech_begins_and_ends_in_turn(probabilities: list[float], frame_ms: int) -> None:
    spell = Spell(frame_ms=frame_ms)
    noticed = [change for _, change in changes(probabilities, spell)]
    assert noticed == ([Change.STARTED, Change.STOPPED] * len(noticed))[: len(noticed)]
    assert spell.speaking == (len(noticed) % 2 == 1)


# ---- the detector


@pytest.mark.parametrize("pitch", [110, 160, 220])
@pytest.mark.parametrize("loud", [3000, 1000, 300])
def test_a_voice_on_a_quiet_line_is_noticed_in_time(pitch: float, loud: float) -> None:
    far = np.concatenate((silence(1000), voice(2000, loud, pitch), silence(1000)))
    assert speech_between(1000, 3000, listen(far + noise(4000, 8)))


@pytest.mark.parametrize("background", [noise(6000, 200), rumble(6000, 600), tone(50, 6000, 600)])
def test_a_voice_in_steady_noise_is_noticed_in_time(background: Wave) -> None:
    far = np.concatenate((silence(3000), voice(2000), silence(1000)))
    assert speech_between(3000, 5000, listen(far + background))


def test_who_speaks_from_the_first_frame_on_is_noticed() -> None:
    assert listen(voice(1000) + noise(1000, 8))[0][0] <= 240


@pytest.mark.parametrize("loud", [0, 1, 8, 30, 100, 300])
def test_steady_noise_from_the_start_is_never_speech(loud: float) -> None:
    assert listen(noise(20_000, loud)) == []


def test_digital_silence_that_turns_to_comfort_noise_is_not_speech() -> None:
    assert listen(np.concatenate((silence(3000), noise(3000, 5)))) == []


@pytest.mark.parametrize("sound", [noise(5000, 800), tone(440, 5000), tone(50, 5000)])
def test_a_fan_or_a_tone_that_starts_is_background_after_a_moment(sound: Wave) -> None:
    noticed = listen(np.concatenate((noise(2000, 8), sound)))
    assert noticed in ([], [(noticed[0][0], Change.STARTED), (noticed[-1][0], Change.STOPPED)])
    assert all(moment <= 3000 for moment, _ in noticed)


def test_a_voice_is_noticed_again_after_loud_noise_has_gone() -> None:
    quiet, loud = noise(7000, 8), np.concatenate((noise(2000, 200), silence(5000)))
    far = np.concatenate((silence(4500), voice(1500), silence(1000)))
    assert speech_between(4500, 6000, listen(far + quiet + loud))


def test_frames_below_the_volume_that_was_asked_for_are_silence() -> None:
    far = np.concatenate((silence(1000), voice(2000, 300), silence(500)))
    assert listen(far, detector=Activity(min_volume=0.001)) != []
    assert listen(far, detector=Activity(min_volume=0.05)) == []


@given(st.lists(st.sampled_from([0, 1, 2, 3]), max_size=60), st.integers(0, 32767))
def test_whatever_is_heard_gives_a_probability(pieces: list[int], own: int) -> None:
    detector = Activity()
    sounds = [bytes(320), b"\xff\x7f" * 160, b"\x00\x80\xff\x7f" * 80, pcm(noise(20, 9000))]
    for piece in pieces:
        assert 0.0 <= detector.feed(sounds[piece], own * (piece % 2)) <= 1.0


# ---- our own side


def ours() -> Wave:
    return np.concatenate((silence(1000), voice(4000, 2500, 180, seed=9), silence(1000)))


def echo(gain: float, delay: int) -> Wave:
    wave = ours()
    return np.concatenate((silence(delay), wave))[: len(wave)] * gain + noise(6000, 8)


@pytest.mark.parametrize("delay", [0, 60, 140, 250])
def test_our_own_echo_is_not_somebody_speaking(delay: int) -> None:
    assert listen(echo(0.1, delay), ours()) == []


def test_without_knowing_our_own_side_its_echo_would_be_speech() -> None:
    assert listen(echo(0.1, 60)) != []


@pytest.mark.parametrize("gain", [0, 0.03, 0.1])
def test_who_speaks_over_us_is_noticed(gain: float) -> None:
    far = np.concatenate((silence(2500), voice(1500), silence(2000)))
    noticed = listen(far + echo(gain, 60), ours())
    assert noticed[0][1] is Change.STARTED
    assert 2600 <= noticed[0][0] <= 2800
    assert noticed[-1][1] is Change.STOPPED
    assert 3900 <= noticed[-1][0] <= 4400


def test_a_sound_in_the_first_moment_of_our_own_speech_is_ignored() -> None:
    cough = np.concatenate((silence(1000), voice(180, 4000), silence(4820)))
    assert listen(cough + noise(6000, 8)) != []
    assert listen(cough + noise(6000, 8), ours()) == []


def test_who_was_already_speaking_when_we_began_is_still_heard() -> None:
    far = np.concatenate((silence(400), voice(2000, 2500), silence(3600)))
    noticed = listen(far + noise(6000, 8), ours())
    assert noticed[0][0] < 600
    assert noticed[-1][0] > 2000


def test_after_our_own_speech_the_line_is_judged_as_before() -> None:
    far = np.concatenate((silence(6000), voice(2000), silence(1000)))
    own = np.concatenate((ours(), silence(3000)))
    assert speech_between(6000, 8000, listen(far + noise(9000, 8), own))

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchhook.audio.beeps import FRAME_MS, Beeps, Kind, Signal
from switchhook.audio.pitch import Pitch, pitch_of
from switchhook.audio.samples import audioop
from tests.audio.sounds import Wave, frames, noise, pcm, silence, tone, voice


def listen(*waves: Wave, telephone: bool = True) -> list[tuple[int, Signal]]:
    """Return the signals, with the milliseconds at which they were reported."""
    beeps = Beeps()
    audio = pcm(*waves)
    if telephone:
        audio = audioop.ulaw2lin(audioop.lin2ulaw(audio, 2), 2)
    found = [(index * FRAME_MS, beeps.feed(frame)) for index, frame in enumerate(frames(audio), 1)]
    return [(moment, signal) for moment, signal in found if signal]


def kinds(*waves: Wave) -> list[Kind]:
    return [signal.kind for _, signal in listen(*waves)]


def cadence(pitch: float | tuple[float, ...], on: int, off: int, times: int) -> list[Wave]:
    return [tone(pitch, on, 2000), silence(off)] * times


# ---- the beep


@settings(deadline=None, max_examples=60)
@given(
    hertz=st.floats(400, 2200),
    length=st.integers(100, 1500),
    start=st.integers(200, 400),
    loud=st.floats(300, 9000),
)
def test_a_beep_is_known_well_before_a_message_should_begin(
    hertz: float, length: int, start: int, loud: float
) -> None:
    [(moment, beep)] = listen(silence(start), tone(hertz, length, loud), silence(400))
    assert beep.kind is Kind.BEEP
    assert abs(beep.start_ms - start) <= 40
    assert abs(beep.end_ms - start - length) <= 40
    assert 0 <= moment - start - length <= 180


@pytest.mark.parametrize("hertz", [440, 1000, 1400, 2000])
def test_a_beep_after_a_greeting_and_through_noise_is_heard(hertz: float) -> None:
    greeting = np.concatenate((voice(3000), silence(500), tone(hertz, 400, 2000), silence(500)))
    assert kinds(greeting + noise(4400, 300)) == [Kind.BEEP]


def test_two_short_beeps_are_two() -> None:
    assert kinds(*cadence(1000, 150, 150, 2)) == [Kind.BEEP, Kind.BEEP]


SOUNDS = {
    "a low voice": voice(20_000, pitch=110),
    "a high voice": voice(20_000, pitch=220, seed=8),
    "noise": noise(5000, 3000),
    "silence": silence(3000),
    "too low": tone(300, 500),
    "too high": tone(2500, 500),
    "too short": tone(1000, 60),
    "too long": tone(1000, 1700),
    "too soft": tone(1000, 400, rms=30),
    "a key": tone((770, 1336), 200),
    "ringing": tone((440, 480), 2000),
    "dial tone": tone((350, 440), 3000),
    "a chord": tone((600, 1200, 1800), 500),
}


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS.keys())
def test_what_is_no_single_tone_of_the_right_pitch_and_length_is_no_beep(sound: Wave) -> None:
    assert kinds(silence(200), sound, silence(400)) == []


def test_a_tone_that_glides_or_fades_away_is_no_beep() -> None:
    moments = np.arange(8000) / 8000
    glide = 4000 * np.sin(2 * np.pi * (500 * moments + 600 * moments**2))
    assert kinds(glide, silence(400)) == []


# ---- information tones


@pytest.mark.parametrize(
    ("pitches", "kind"),
    [
        ((913.8, 1370.6, 1776.7), Kind.INTERCEPT),
        ((985.2, 1370.6, 1776.7), Kind.VACANT),
        ((913.8, 1428.5, 1776.7), Kind.REORDER),
        ((985.2, 1428.5, 1776.7), Kind.NO_CIRCUIT),
        ((950, 1400, 1800), Kind.INFORMATION),
    ],
)
@pytest.mark.parametrize("gap", [0, 30])
def test_three_rising_tones_say_why_the_call_failed(
    pitches: tuple[float, ...], kind: Kind, gap: int
) -> None:
    waves = [wave for hertz in pitches for wave in (tone(hertz, 330), silence(gap))]
    [(_, signal)] = listen(silence(500), *waves, silence(500))
    assert signal.kind is kind
    assert abs(signal.start_ms - 500) <= 40
    assert abs(signal.end_ms - 1490 - 2 * gap) <= 60


@pytest.mark.parametrize("pitches", [(914, 1371), (1371, 914, 1777), (700, 900, 1100), (914,) * 3])
def test_other_melodies_say_nothing(pitches: tuple[float, ...]) -> None:
    waves = [wave for hertz in pitches for wave in (tone(hertz, 300), silence(30))]
    assert kinds(*waves, silence(500)) == []


def test_chords_in_a_row_say_nothing() -> None:
    assert kinds(tone((914, 1777), 300), tone((914, 1500), 300), tone((914, 1200), 300)) == []


# ---- fax


def test_a_fax_that_calls_is_known_by_its_second_call() -> None:
    assert kinds(*cadence(1100, 500, 3000, 3)) == [Kind.BEEP, Kind.FAX_CALLING, Kind.FAX_CALLING]


@pytest.mark.parametrize("off", [1000, 5000])
def test_two_beeps_of_that_pitch_at_other_times_are_beeps(off: int) -> None:
    assert kinds(*cadence(1100, 500, off, 2)) == [Kind.BEEP, Kind.BEEP]


def test_a_fax_that_answers_is_known_while_it_still_sounds_and_only_once() -> None:
    [(moment, signal)] = listen(silence(500), tone(2100, 3000), silence(500))
    assert signal.kind is Kind.FAX_ANSWERING
    assert 2000 <= moment <= 2100


# ---- busy


@pytest.mark.parametrize(
    ("pitch", "on", "off", "kind"),
    [
        ((480, 620), 500, 500, Kind.BUSY),
        ((480, 620), 250, 250, Kind.CONGESTION),
        (425, 500, 500, Kind.BUSY),
        (425, 240, 240, Kind.CONGESTION),
        (400, 375, 375, Kind.BUSY),
        (450, 350, 350, Kind.BUSY),
    ],
)
def test_a_busy_line_is_known_by_its_third_tone(
    pitch: float | tuple[float, ...], on: int, off: int, kind: Kind
) -> None:
    found = listen(*cadence(pitch, on, off, 4))
    first = next(moment for moment, signal in found if signal.kind is kind)
    assert first <= 3 * on + 2 * off + 180
    assert [signal.kind for _, signal in found][-2:] == [kind, kind]


@pytest.mark.parametrize(
    "waves",
    [
        cadence(425, 1000, 4000, 3),
        cadence(425, 500, 900, 3),
        [*cadence(425, 300, 300, 2), tone(425, 600), silence(300)],
        [*cadence(425, 300, 300, 1), silence(300), *cadence(425, 300, 300, 2)],
        [*cadence(425, 300, 300, 2), tone(450, 300), silence(300)],
        cadence(900, 500, 500, 3),
    ],
    ids=["ringing", "long pauses", "another length", "another pause", "another pitch", "too high"],
)
def test_an_uneven_or_slow_cadence_is_not_busy(waves: list[Wave]) -> None:
    assert set(kinds(*waves)) <= {Kind.BEEP}


def test_the_ringing_of_america_is_not_busy() -> None:
    assert kinds(*cadence((440, 480), 2000, 4000, 2)) == []


# ---- pitch


@given(st.floats(200, 3500), st.floats(0.3, 3))
def test_a_pitch_is_exact_to_a_few_hertz(hertz: float, strength: float) -> None:
    pitch = pitch_of(pcm(tone(hertz, 40, 2000 * strength)))
    assert pitch is not None
    assert pitch.single
    assert abs(pitch.low - hertz) < 5


def test_two_tones_are_both_named() -> None:
    pitch = pitch_of(pcm(tone((697, 1209), 40)))
    assert pitch is not None
    assert pitch.near(Pitch(697, 1209), 10)
    assert not pitch.near(Pitch(697, 697), 1000)


def test_less_than_two_frames_have_no_pitch() -> None:
    assert pitch_of(pcm(tone(1000, 20))) is None


@given(st.binary(min_size=640, max_size=640))
def test_any_samples_have_a_pitch_or_none(audio: bytes) -> None:
    pitch = pitch_of(audio)
    assert pitch is None or 0 < pitch.low <= pitch.high < 4000

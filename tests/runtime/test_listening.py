"""What is sensed in the callee's sound, and what of it the ears get."""

from __future__ import annotations

import numpy as np
import pytest

from switchhook.audio import g711, tones
from switchhook.audio.level import rms
from switchhook.domain.agent import AgentSpec
from switchhook.engine.events import (
    DigitPressed,
    Event,
    SpeechFades,
    SpeechStarted,
    SpeechStopped,
    ToneHeard,
)
from switchhook.engine.screening import Tone
from switchhook.ports import Frame
from switchhook.providers.loopback import Hum
from switchhook.runtime.framing import QUIET, wordless
from switchhook.runtime.listening import Listener
from switchhook.testing import run_virtually, uttered


def spoken(text: str) -> list[Frame]:
    async def main() -> list[Frame]:
        return list((await uttered(Hum(), text)).frames)

    return run_virtually(main)


def heard(listener: Listener, frames: list[Frame]) -> tuple[list[Frame], list[Event]]:
    given: list[Frame] = []
    sensed: list[Event] = []
    for number, frame in enumerate(frames):
        kept, events = listener.hear(frame, number * 20)
        given.append(kept)
        sensed += events
    return given, sensed


def test_speech_begins_and_ends_when_it_did_and_not_when_that_was_sure() -> None:
    listener = Listener(AgentSpec())
    speech = spoken("Hello hello hello.")

    given, sensed = heard(listener, [QUIET] * 25 + speech + [QUIET] * 50)
    listener.close()

    starts = [e.at_ms for e in sensed if isinstance(e, SpeechStarted)]
    stops = [e.at_ms for e in sensed if isinstance(e, SpeechStopped)]
    assert abs(starts[0] - 500) <= 100
    assert abs(stops[-1] - (500 + len(speech) * 20)) <= 300
    assert given[30].audio is speech[5].audio, "what needs no change is not touched"


def test_a_sound_that_pauses_is_told_before_it_is_over() -> None:
    _, sensed = heard(Listener(AgentSpec()), [QUIET] * 25 + spoken("Hello.") + [QUIET] * 50)

    order = [type(event) for event in sensed]
    assert order.index(SpeechFades) < order.index(SpeechStopped)
    assert sensed[-1] == SpeechFades(quiet=False)


def test_a_beep_is_heard_while_that_is_wanted() -> None:
    beep = list(wordless(g711.encode(tones.sine(1000.0, 400))))
    listener = Listener(AgentSpec())
    listener.listen_for_tones(wanted=True, at_ms=0)

    _, sensed = heard(listener, [QUIET] * 25 + beep + [QUIET] * 20)
    tone = next(e for e in sensed if isinstance(e, ToneHeard))
    assert tone.tone is Tone.BEEP
    assert abs(tone.end_ms - 900) <= 60

    listener.listen_for_tones(wanted=False, at_ms=2000)
    _, sensed = heard(listener, beep + [QUIET] * 20)
    assert not [e for e in sensed if isinstance(e, ToneHeard)]


def test_what_is_softer_than_the_volume_is_silence_for_detector_and_ears() -> None:
    spec = AgentSpec(min_volume=0.5)

    given, sensed = heard(Listener(spec), [QUIET] * 25 + spoken("Hello hello.") + [QUIET] * 30)

    assert not [e for e in sensed if isinstance(e, SpeechStarted)]
    assert rms(g711.decode(b"".join(frame.audio for frame in given[45:]))) < 50


def test_noise_is_taken_away_where_that_is_wanted() -> None:
    noise = np.random.default_rng(3).normal(0, 600, 8000 * 4).astype("<i2").tobytes()
    frames = list(wordless(g711.encode(noise)))

    given, _ = heard(Listener(AgentSpec(noise_suppression_level=100)), frames)

    before = rms(g711.decode(b"".join(frame.audio for frame in frames[150:])))
    after = rms(g711.decode(b"".join(frame.audio for frame in given[150:])))
    assert after < before / 3


KEY = list(wordless(g711.encode(tones.dtmf("5"))))


def test_a_key_is_heard_in_the_audio_of_a_line_that_reports_none() -> None:
    spoken_5 = [QUIET] * 10 + KEY + [QUIET] * 10

    _, sensed = heard(Listener(AgentSpec(), reports_keys=False), spoken_5)
    assert sensed == [DigitPressed("5")]

    _, sensed = heard(Listener(AgentSpec()), spoken_5)
    assert sensed == [], "the line has told of it, so that it counts once"


def test_whoever_holds_a_key_does_not_speak_and_says_nothing() -> None:
    held = list(wordless(g711.encode(tones.dtmf("5")[:1600] * 10)))

    given, sensed = heard(Listener(AgentSpec(), reports_keys=False), [QUIET] * 10 + held)

    assert sensed == [DigitPressed("5")]
    assert rms(g711.decode(b"".join(frame.audio for frame in given[12:]))) == 0


@pytest.mark.parametrize("dead", [b"\xff", b"\x7f"])
def test_ears_that_listen_never_get_digital_silence(dead: bytes) -> None:
    silence = [Frame(dead * 160)] * 100

    given, sensed = heard(Listener(AgentSpec(), carries_words=False), silence)

    assert all(0 < rms(g711.decode(frame.audio)) < 10 for frame in given)
    assert sensed == []


def test_what_a_gate_leaves_is_no_digital_silence_either() -> None:
    listener = Listener(AgentSpec(min_volume=0.5), carries_words=False)

    given, _ = heard(listener, spoken("Hello hello hello hello."))

    assert all(rms(g711.decode(frame.audio)) > 0 for frame in given)


def test_words_that_ride_on_silence_stay_as_they_are() -> None:
    given, _ = heard(Listener(AgentSpec()), [QUIET])

    assert given == [QUIET]

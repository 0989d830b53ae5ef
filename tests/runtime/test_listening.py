"""What is sensed in the callee's sound, and what of it the ears get."""

from __future__ import annotations

import numpy as np

from switchhook.audio import g711, tones
from switchhook.audio.level import rms
from switchhook.domain.agent import AgentSpec
from switchhook.engine.events import (
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

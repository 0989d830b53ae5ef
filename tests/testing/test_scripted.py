from __future__ import annotations

from collections.abc import Sequence

import pytest

from switchhook.audio import g711
from switchhook.audio.activity import Activity, Change, Spell
from switchhook.audio.tones import KeyEar
from switchhook.ports import DigitPressed, Frame, LineClosed, LineEvent
from switchhook.runtime.framing import QUIET
from switchhook.testing import (
    Beeps,
    Coughs,
    HangsUp,
    Interrupts,
    Listens,
    Noise,
    Presses,
    Said,
    ScriptedCallee,
    Step,
    Waits,
    sounds,
)
from switchhook.testing.voices import murmured


def done(
    script: Sequence[Step], agent: Sequence[Frame] = (), seconds: float = 3.0
) -> list[tuple[float, LineEvent]]:
    """What the callee does that is not silence, and when, while the agent sounds like this."""
    callee = ScriptedCallee(script)
    events: list[tuple[float, LineEvent]] = []
    for beat in range(round(seconds / 0.02)):
        heard = agent[beat : beat + 1]
        events += [(beat * 0.02, e) for e in callee.hear(heard) if e != QUIET]
    return events


def words(events: list[tuple[float, LineEvent]]) -> list[tuple[float, str]]:
    return [(round(at, 2), word) for at, e in events if isinstance(e, Frame) for word in e.words]


def test_a_callee_says_word_after_word() -> None:
    assert words(done([Said("Yes, sure.", word_ms=200)])) == [(0.0, "Yes,"), (0.2, "sure.")]


def test_a_callee_waits_for_seconds_or_for_a_word() -> None:
    agent = murmured("Hello there my friend").frames

    assert words(done([Waits(1.0), Said("Hm?")]))[0][0] == pytest.approx(0.98, abs=0.03)
    ((at, _),) = words(done([Waits(until_heard="friend"), Said("Yes?")], agent))
    assert 0.9 < at < len(agent) * 0.02


def test_a_polite_callee_listens_to_the_end() -> None:
    agent = murmured("Hello there, can you help me?").frames

    ((at, _),) = words(done([Listens(0.5), Said("Yes.")], agent))

    assert at == pytest.approx(len(agent) * 0.02 + 0.5 - 0.04, abs=0.05)
    assert done([Listens(0.5), Said("Yes.")]) == []


def test_a_rude_callee_interrupts() -> None:
    agent = murmured("Hello there, can you help me?").frames

    assert words(done([Interrupts("Stop.", after_ms=700)], agent))[0] == (0.76, "Stop.")
    assert done([Interrupts("Stop.")]) == []


def test_keys_are_reported_and_a_hang_up_ends_the_line() -> None:
    events = done([Presses("1#"), Waits(0.1), HangsUp()], seconds=0.5)

    assert [e for _, e in events] == [DigitPressed("1"), DigitPressed("#"), LineClosed()]


def test_a_callee_who_is_done_is_silent() -> None:
    callee = ScriptedCallee([Said("Bye.", word_ms=40)])
    assert not callee.finished
    sounds_of_it = [callee.hear(()) for _ in range(4)]

    assert callee.finished
    assert sounds_of_it[-1] == [QUIET]


def changes(frames: Sequence[bytes]) -> list[Change]:
    """What the built-in detector makes of the sound, in a second of silence on both sides."""
    quiet = [QUIET.audio] * 50
    activity, spell = Activity(), Spell()
    heard = (spell.feed(activity.feed(g711.decode(audio))) for audio in [*quiet, *frames, *quiet])
    return [change for change in heard if change]


def test_speech_and_coughs_are_sound_of_a_voice() -> None:
    assert changes(sounds.syllables(600)) == [Change.STARTED, Change.STOPPED]
    assert changes(sounds.syllables(300)) == [Change.STARTED, Change.STOPPED]
    assert Coughs(300) != Coughs(200)
    assert Noise().loudness == 600
    assert Beeps().hertz == 1000.0


def test_keys_sound_as_keys_do() -> None:
    ear = KeyEar()
    assert "5" in [ear.push(g711.decode(audio)) for audio in sounds.key("5")]

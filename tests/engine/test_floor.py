"""Who has the floor, in whole conversations."""

from __future__ import annotations

import pytest

from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import Duck, PauseSpeech, StopSpeech, Unduck
from tests.engine.shell import Shell

OPENING = "I am calling about a table for four. Can you help me with that?"


def test_a_cough_of_a_fifth_of_a_second_only_lowers_the_voice() -> None:
    """S14: the voice ducks and comes back, and nothing is missing."""
    call = Shell().into_opening()

    call.starts()
    call.go(0.08)
    call.stops()
    call.go(12)

    assert (call.did(Duck), call.did(Unduck), call.did(PauseSpeech)) == (1, 1, 0)
    assert call.transcript[1] == f"agent: {OPENING}"


def test_a_sound_that_ends_over_what_goes_on_anyway_is_over() -> None:
    call = Shell().into_opening()
    speaks = call.session.current
    assert speaks is not None
    call.starts()
    speaks.interruptible = False
    call.stops()
    assert call.did(Unduck) == 1
    speaks.interruptible = True
    call.go(1.0)

    call.starts()

    assert (call.did(Duck), call.did(PauseSpeech)) == (2, 0)


def test_the_voice_is_low_120_ms_after_the_first_sound() -> None:
    call = Shell().into_opening()
    begins = call.now

    call.starts()

    assert call.did(Duck) == 1
    assert call.now - begins == pytest.approx(0.12)


def test_a_cough_of_400_ms_pauses_and_speech_goes_on_where_it_was() -> None:
    """S14: what was paused goes on at the last word's start, nothing twice, nothing missing."""
    call = Shell().into_opening()

    call.starts()
    call.go(0.28)
    paused = call.session.current
    assert call.did(PauseSpeech) == 1
    assert paused is not None
    position = paused.sent
    call.stops()
    call.go(3)

    resumed = call.plays[-1]
    assert resumed.utterance == paused.number
    assert position - 400 <= resumed.from_ms <= position
    assert resumed.from_ms % 300 == 0, "a word begins here"
    call.go(10)
    assert call.transcript[1] == f"agent: {OPENING}"
    assert call.session.latency.counts == {"false_interruptions": 1, "resumed": 1}


def test_a_short_pause_goes_on_at_the_exact_frame() -> None:
    call = Shell().into_opening()
    call.starts()
    call.go(0.2)
    assert call.session.paused_at is not None
    position = call.session.current.sent if call.session.current else -1

    call.words("mhm", certain=True)
    call.stops()
    call.go(0.1)

    assert call.plays[-1].from_ms == position


@pytest.mark.parametrize("word", ["mhm", "okay", "right"])
def test_a_sign_of_listening_leaves_the_agent_the_floor(word: str) -> None:
    """S15: it is counted, and written down, and answered by nobody."""
    call = Shell().into_opening()

    call.says(word, 0.3)
    call.go(10)

    assert call.did(StopSpeech) == 0
    assert f"callee: {word}" in call.transcript
    assert call.transcript[-1] == f"agent: {OPENING}"
    assert call.session.turns == 0
    assert call.session.latency.counts["back_channels"] >= 1


def test_okay_stop_takes_the_floor_at_once() -> None:
    """S15: a word that asks to stop is no sign of listening."""
    call = Shell().into_opening()

    call.starts()
    call.words("okay stop")

    assert call.did(StopSpeech) == 1
    assert call.transcript[1].endswith(" -")
    assert call.session.latency.counts["interruptions"] == 1


def test_speech_of_half_a_second_takes_the_floor_without_words() -> None:
    """S01: the carrier is cleared, and nothing of what was said before is played after it."""
    call = Shell().into_opening()

    call.starts()
    call.go(0.4)

    assert call.did(StopSpeech) == 1
    assert call.mouth.left == 0
    call.words("No, tomorrow")
    call.stops()
    call.go(0.5)
    assert "callee: No, tomorrow" in call.transcript


def test_after_a_pause_that_becomes_an_interruption_what_was_heard_is_kept() -> None:
    call = Shell().into_opening()

    call.says("no wait please", 0.45)
    call.go(0.1)

    assert call.transcript[1] == "agent: I am calling about -"


def test_speech_that_nobody_understood_is_asked_for_again_and_not_for_ever() -> None:
    """S18: after an interruption the agent speaks, whatever it was."""
    call = Shell().into_opening()

    for _ in range(3):
        call.starts()
        call.go(0.6)
        call.stops()
        call.go(7.0)

    said = [line for line in call.transcript if "did not understand" in line]
    assert 1 <= len(said) <= 2
    assert call.session.misheard <= 2


def test_a_wordless_answer_of_a_second_is_asked_for_again() -> None:
    call = Shell().greeted()

    call.starts()
    call.go(1.0)
    call.stops()
    call.go(8)

    assert call.transcript[-1].startswith("agent: Sorry, I did not understand that.")


def test_ears_that_hear_nothing_of_five_seconds_of_speech_are_replaced() -> None:
    """S20: and the callee is asked to repeat."""
    call = Shell(thinker=Thinker.ASSISTANT).greeted()

    call.starts()
    call.go(5)
    call.stops()
    call.go(5)

    assert any(type(effect).__name__ == "ReplaceEars" for effect in call.effects)
    assert call.transcript[-1] == "agent: Sorry, I did not understand that."


def test_a_door_that_slams_before_the_answer_does_not_stop_it() -> None:
    """S22: noise holds the answer back for as long as it lasts, and the answer comes."""
    call = Shell().greeted()
    call.says("Yes, sure.")
    call.slow = True
    call.go(0.32)

    call.starts()
    call.go(0.1)
    call.slow = False
    wanted = call.unmade[0]
    call.voice()
    call.mouth.lengths[wanted.utterance] = 3000
    assert call.plays[-1].utterance != wanted.utterance
    call.stops()
    call.go(5)

    assert call.plays[-1].utterance == wanted.utterance
    assert call.did(StopSpeech) == 0


def test_noise_that_does_not_end_holds_nobody_back_for_long() -> None:
    """S21: a television that is switched on does not silence the agent."""
    call = Shell().greeted()
    call.starts()
    call.words("Yes, sure.")

    call.go(10)

    assert call.transcript[-1].startswith("agent: All right.")


def test_noise_before_an_answer_holds_it_back_for_two_seconds_at_most() -> None:
    call = Shell(thinker=Thinker.ASSISTANT).greeted()
    call.starts()
    call.step(events.SayAsked(1, "Are you there?"))

    call.go(1.5)
    assert call.plays[-1].utterance == 2
    call.go(2)

    assert call.plays[-1].utterance == 3


def test_whoever_goes_on_before_the_answer_was_heard_had_not_finished() -> None:
    """S18: "My name is John" (pause) "Doe" is one answer."""
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    call = Shell(result_schema=schema).greeted()
    call.slow = True
    call.says("John")
    call.go(0.7)
    assert call.session.reply is not None

    call.slow = False
    call.says("Doe")
    call.go(0.7)

    assert call.session.interview.results["name"].value == "John Doe"

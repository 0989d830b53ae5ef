"""Who has the floor, in whole conversations."""

from __future__ import annotations

from switchhook.domain.agent import TurnSettings
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import Duck, PauseSpeech, Play, StopSpeech
from tests.engine.shell import Shell

OPENING = "I am calling about a table for four. Can you help me with that?"


def test_twenty_interruptions_in_a_row_are_all_answered() -> None:
    """S18: there is an answer after each of them."""
    call = Shell().into_opening()

    for _ in range(20):
        lines = len(call.transcript)
        call.says("Who is this please?", 1.0)
        call.go(2.5)
        assert any(line.startswith("callee") for line in call.transcript[lines:])
        assert call.session.audible

    assert call.session.latency.counts["interruptions"] == 20


def test_the_disclosure_is_finished_and_what_was_said_over_it_is_answered() -> None:
    """S16: nobody's words are lost, and nothing is cut."""
    call = Shell().picked_up(0.5)

    call.says("Who is this?", 0.8)
    call.go(15)

    assert call.did(StopSpeech) == 0
    assert call.transcript[0] == "callee: Who is this?"
    assert call.transcript[1].startswith("agent: Hello, this is an AI assistant")
    assert call.transcript[-1].startswith("agent: I am an AI assistant calling for Rosa.")


def test_whoever_still_talks_when_the_disclosure_is_over_interrupts_what_follows() -> None:
    call = Shell().picked_up(2.0)

    call.starts()
    call.go(1.5)

    assert call.did(StopSpeech) == 1
    assert "agent: Hello, this is an AI assistant calling for Rosa." in call.transcript


def test_speech_while_nothing_is_played_is_no_interruption() -> None:
    """S12: nothing is cleared and nothing is lowered."""
    call = Shell().greeted()

    call.says("Yes, sure.")

    assert (call.did(StopSpeech), call.did(Duck)) == (0, 0)


def test_an_agent_that_may_not_be_interrupted_finishes() -> None:
    call = Shell(turns=TurnSettings(interruption_mode="off")).into_opening()

    call.says("Stop, please stop talking now.", 1.0)
    call.go(10)

    assert call.did(StopSpeech) == call.did(Duck) == 0
    assert f"agent: {OPENING}" in call.transcript
    assert "callee: Stop, please stop talking now." in call.transcript


def test_the_immediate_mode_clears_after_120_ms() -> None:
    call = Shell(turns=TurnSettings(interruption_mode="immediate")).into_opening()

    call.starts()

    assert (call.did(PauseSpeech), call.did(Duck)) == (1, 0)


def test_the_mode_of_words_waits_for_them() -> None:
    turns = TurnSettings(interruption_mode="words", interruption_words=3)
    call = Shell(turns=turns).into_opening()

    call.starts()
    call.go(0.6)
    assert (call.did(Duck), call.did(PauseSpeech), call.did(StopSpeech)) == (0, 0, 0)
    call.words("no I meant")

    assert call.did(StopSpeech) == 1


def test_a_low_sensitivity_lets_three_words_pass() -> None:
    call = Shell(turns=TurnSettings(interrupt_sensitivity="low")).into_opening()

    call.says("that is nice", 0.5)
    call.go(10)

    assert call.did(StopSpeech) == 0


def test_words_without_any_sound_interrupt_too() -> None:
    call = Shell().into_opening()

    call.words("mhm")
    call.go(0.5)
    assert call.did(StopSpeech) == 0
    call.words("no")

    assert call.did(StopSpeech) == 1


def test_a_pause_between_two_sentences_brings_both_back() -> None:
    """What was sent and not heard follows what was heard to its end."""
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    call.marks = False
    call.step(events.SayAsked(1, "One two three."))
    call.step(events.SayAsked(2, "Four five six."))
    call.go(1.0)
    assert len(call.session.tail) == 1

    call.starts()
    call.go(0.2)
    paused = call.session.current
    call.words("mhm", certain=True)
    call.stops()
    call.go(8)

    assert paused is not None
    assert [play.from_ms > 0 for play in call.plays[-3:]].count(True) == 1
    assert call.transcript[-1] == "agent: Four five six."
    assert call.transcript.count("agent: One two three.") == 1


def test_a_key_interrupts_where_that_is_wanted() -> None:
    """S61: the key reaches whoever thinks, and speech stops."""
    call = Shell(turns=TurnSettings(interrupt_on_digits=True)).into_opening()

    call.step(events.DigitPressed("1"))

    assert call.did(StopSpeech) == 1
    call.step(events.DigitPressed("#"))
    call.go(1)
    assert call.session.turns == 1


def test_a_key_is_a_turn_after_three_seconds() -> None:
    """S61: keys that follow each other are one answer, and interrupt nothing by default."""
    schema = {"type": "object", "properties": {"people": {"type": "integer"}}}
    call = Shell(result_schema=schema).into_opening()

    call.step(events.DigitPressed("1"))
    call.step(events.DigitPressed("2"))
    assert call.did(StopSpeech) == 0
    call.go(8)

    assert call.session.interview.results["people"].value == 12


def test_a_nine_alone_is_the_wish_not_to_be_called_again() -> None:
    call = Shell().greeted()

    call.step(events.DigitPressed("9"))
    call.go(20)

    assert call.end is not None
    assert call.end.reason.value == "user_requested_dnc"
    assert call.end.outcome.summary.startswith("The callee asked not to be called again.")


def test_keys_after_the_end_are_no_turn() -> None:
    call = Shell().greeted()
    call.step(events.DigitPressed("5"))
    call.step(events.HangUpAsked(1, Reason.API_HANGUP))
    call.go(1)
    call.step(events.DigitPressed("#"))

    assert call.session.turns == 0


def test_plays_begin_at_the_beginning_when_nothing_was_heard() -> None:
    call = Shell().picked_up(0.1)

    assert call.plays[0] == Play(1, 0)
    assert not [f for f in call.facts if f.kind is Kind.LATENCY]


def test_a_pause_in_the_last_breath_brings_the_last_breath_back() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    call.marks = False
    call.step(events.SayAsked(1, "One two three."))
    call.go(0.74)
    call.starts()
    call.go(0.2)
    assert call.session.current is not None
    assert call.session.paused_at is not None
    call.words("mhm", certain=True)
    call.stops()
    call.go(4)

    assert call.transcript[-1] == "agent: One two three."
    assert call.plays[-1].from_ms > 0


def test_a_second_burst_of_sound_is_the_same_overlap() -> None:
    call = Shell().into_opening()
    for _ in range(2):
        call.starts()
        call.stops()

    assert call.session.caller.overlaps
    call.step(events.SpeechStopped(call.ms))
    assert not call.session.caller.speaking


def test_a_voice_that_fails_for_what_nobody_waits_for_changes_nothing() -> None:
    call = Shell().greeted()

    assert call.step(events.SpeechFailed(99)) == []

"""A line that speaks by itself tells what was heard, and is believed."""

from __future__ import annotations

from typing import Any

from switchhook.domain.happenings import Kind
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import Play, PressDigits, Speak
from tests.engine.conversation import told
from tests.engine.shell import Shell

OPENING = "I am calling about a table for four. Can you help me with that?"


class Telling(Shell):
    """A line without marks, which takes the words of an utterance all at once."""

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        self.marks = False

    def said_all(self) -> None:
        """Let the line say that it has finished."""
        self.step(events.SaidAll())

    def line(self, begin: str) -> dict[str, Any]:
        lines = [f for f in self.facts if f.kind is Kind.SPOKEN and f.text.startswith(begin)]
        assert len(lines) == 1
        return {**lines[0].data, "text": lines[0].text}


def test_what_the_line_says_was_heard_is_no_estimate() -> None:
    call = Telling().picked_up(1.0)

    call.said_all()

    assert not call.line("Hello")["heard_estimated"]


def test_a_line_that_finishes_early_lets_the_next_words_begin() -> None:
    call = Telling().picked_up(0.2)
    assert len(call.plays) == 1

    call.said_all()

    assert len(call.plays) == 2
    assert call.session.current is not None
    assert call.session.current.text == OPENING


def test_who_finished_before_anything_was_reported_has_spoken_all_the_same() -> None:
    call = Telling().picked_up()

    call.said_all()

    assert call.line("Hello")["start_ms"] == 0


def test_a_callee_who_cuts_the_agent_off_has_heard_what_the_line_says() -> None:
    call = Telling().into_opening()

    call.step(events.CutOff("I am calling about a"))

    cut = call.line("I am")
    assert (cut["text"], cut["interrupted"]) == ("I am calling about a", True)
    assert not cut["heard_estimated"]
    assert call.session.mute


def test_a_line_that_is_cut_off_before_a_word_was_heard_said_nothing() -> None:
    call = Telling().into_opening()

    call.step(events.CutOff(""))

    assert not any(f.text.startswith("I am") for f in call.facts)


def test_what_came_before_the_words_that_were_cut_off_was_heard_whole() -> None:
    call = Telling(thinker=Thinker.ASSISTANT, task="").greeted()
    call.step(events.SayAsked(1, "One moment, I am looking."))
    call.step(events.SayAsked(2, "We have a table at eight."))
    while len(call.plays) < 3:
        call.go(0.02)
    call.go(0.1)
    assert len(call.session.tail) == 1

    call.step(events.CutOff("We have"))

    receipts = [(r.command, r.result, r.heard) for r in call.receipts]
    assert receipts == [
        (1, "done", "One moment, I am looking."),
        (2, "interrupted", "We have"),
    ]


def test_what_waits_is_not_said_to_somebody_who_cut_the_agent_off() -> None:
    call = Telling(thinker=Thinker.ASSISTANT, task="").greeted()
    call.step(events.SayAsked(1, "One moment, I am looking."))
    call.step(events.SayAsked(2, "We have a table at eight."))
    call.go(0.5)

    call.step(events.CutOff("One moment,"))
    call.go(5)

    assert [(r.command, r.heard) for r in call.receipts] == [(1, "One moment,"), (2, "")]


def test_who_is_told_too_late_that_it_was_cut_off_has_said_everything() -> None:
    call = Telling().greeted()
    before = call.transcript

    call.step(events.CutOff("I am"))

    assert call.transcript == before


def test_keys_that_the_line_has_pressed_are_done() -> None:
    call = Telling(thinker=Thinker.ASSISTANT, task="").greeted()
    call.step(events.KeysAsked(1, "12"))
    call.go(0.1)
    assert call.did(PressDigits) == 1

    call.said_all()

    assert [r.result for r in call.receipts] == ["done"]


def test_nothing_is_said_when_nothing_was_being_said() -> None:
    call = Telling().greeted()
    before = len(call.effects)

    call.said_all()

    assert not [e for e in call.effects[before:] if isinstance(e, Play | Speak)]


def test_the_line_knows_what_may_be_cut_off() -> None:
    call = Telling().greeted()

    spoken = [(e.text, e.interruptible) for e in call.effects if isinstance(e, Speak)]
    assert spoken == [(told().disclosure, False), (OPENING, True)]

"""Who is called says hello first, and is not talked over."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from tests.engine.leading import Led
from tests.engine.shell import Shell
from tests.engine.test_reception import MENU, MESSAGE


def called(**known: Any) -> Shell:
    """Somebody has picked up, and the agent waits for their hello."""
    return Shell(**{"hello_seconds": 2.0} | known).picked_up()


def test_the_opening_follows_the_callees_hello() -> None:
    call = called()
    call.go(0.5)
    call.says("Hello?")
    assert call.plays == []
    call.go(12)

    assert call.transcript == [
        "callee: Hello?",
        "agent: Hello, this is an AI assistant calling for Rosa.",
        "agent: I am calling about a table for four. Can you help me with that?",
    ]


def test_who_says_nothing_is_spoken_to_after_a_moment() -> None:
    call = called()
    call.go(1.9)
    assert call.plays == []
    call.go(0.2)
    assert len(call.plays) == 1


def test_a_long_greeting_is_heard_to_its_end() -> None:
    call = called()
    call.says("Miller's dental practice, this is Julia, how can I help you?", 4.0)
    assert call.plays == []
    call.go(2)

    assert len(call.plays) == 1
    call.go(10)
    assert call.transcript[-1].startswith("agent: I am calling about a table for four.")


@pytest.mark.parametrize("seconds", [0.6, 30.0])
def test_sound_that_never_becomes_words_does_not_hold_the_agent_for_ever(seconds: float) -> None:
    call = called()
    call.starts()
    call.go(seconds)
    if seconds < 1:
        call.stops()
        call.go(1.0)

    assert call.transcript or call.plays


def test_a_question_that_the_opening_does_not_answer_is_answered_after_it() -> None:
    call = called()
    call.says("Who is this?")
    call.go(20)

    assert call.transcript[0] == "callee: Who is this?"
    assert call.transcript[-1].startswith("agent: I am an AI assistant calling for Rosa.")


def test_who_does_not_want_to_be_called_need_not_hear_the_opening() -> None:
    call = called()
    call.says("Stop calling me.")
    call.go(15)

    assert call.end is not None
    assert call.end.reason is Reason.USER_REQUESTED_DNC
    assert not any("table" in line for line in call.transcript)


def test_a_mind_knows_the_hello_and_does_not_answer_it_again() -> None:
    call = Led(hello_seconds=2.0, first_message="A table for four, please?")
    call.step(events.Answered())
    call.callee("Hello?")
    assert call.asked == []

    call.callee("For when?")
    assert call.context[0] == "callee: <callee>Hello?</callee>"
    assert len(call.asked) == 1


def test_a_mind_without_an_opening_answers_the_hello() -> None:
    call = Led(hello_seconds=2.0, task="")
    call.step(events.Answered())
    call.callee("Hello?")

    assert len(call.asked) == 1


def test_a_menu_gets_no_opening() -> None:
    call = called(thinker=Thinker.ASSISTANT)
    call.says(MENU, 4.0)
    call.go(2)

    assert call.transcript == [f"callee: {MENU}"]


def test_a_machine_gets_the_message_although_nobody_said_hello() -> None:
    call = called(voicemail=MESSAGE, hello_seconds=10.0)
    call.says("Hi, this is Sam. Please leave a message after the tone.", 4.0)
    call.go(20)

    assert call.transcript[-1].endswith("Please call Rosa back.")


def test_an_agent_that_is_told_to_hang_up_says_goodbye_without_a_hello() -> None:
    call = called(hello_seconds=10.0)
    call.step(events.HangUpAsked(1, Reason.API_HANGUP))
    call.go(5)

    assert call.transcript[-1].startswith("agent: ")
    assert call.end is not None

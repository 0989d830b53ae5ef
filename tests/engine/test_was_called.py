"""An agent that was called says nothing of a call that it makes."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.conversation import told

CALLING = told(name="Rosa", task="book a table")
CALLED = replace(CALLING, was_called=True)


def test_who_was_called_calls_for_nobody() -> None:
    assert CALLING.disclosure == "Hello, this is an AI assistant calling for Rosa."
    assert CALLED.disclosure == "Hello, this is an AI assistant."
    assert "calling" in CALLING.who
    assert CALLED.who == CALLED.disclosure


def test_who_was_called_leaves_it_to_the_caller_what_the_call_is_about() -> None:
    assert CALLING.opening == "I'd like to book a table."
    assert CALLED.opening == ""
    assert replace(CALLED, first_message="Trattoria Roma.").opening == "Trattoria Roma."


def test_a_mind_knows_which_side_called() -> None:
    assert "and call for Rosa" in CALLING.told
    assert "and answer a call for Rosa" in CALLED.told

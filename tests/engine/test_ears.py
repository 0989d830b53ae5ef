"""Ears that end before the call does."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, session
from switchhook.engine.effects import ReplaceEars
from tests.engine.conversation import Conversation, told


def replaced(call: Conversation) -> list[bool]:
    return [effect.by_others for effect in call.effects if isinstance(effect, ReplaceEars)]


def ended(call: Conversation, times: int = 1) -> Conversation:
    for _ in range(times):
        call.step(events.EarsEnded())
    return call


def test_ears_that_end_are_opened_again() -> None:
    call = ended(Conversation().answered())

    assert replaced(call) == [False]
    assert call.session.reason is None


def test_ears_that_end_again_give_way_to_others() -> None:
    call = ended(Conversation(told(spare_ears=1)).answered(), 2)

    assert replaced(call) == [False, True]
    assert call.session.reason is None


def test_every_one_of_the_others_has_its_turn() -> None:
    call = ended(Conversation(told(spare_ears=2)).answered(), 3)

    assert replaced(call) == [False, True, True]
    assert call.session.reason is None


def test_a_call_that_nothing_hears_ends_with_an_apology() -> None:
    call = ended(Conversation(told(spare_ears=1)).answered(), 3)

    assert "cannot go on" in call.hear_out()
    assert call.end is not None
    assert call.end.reason is Reason.ERROR_ASR
    assert call.session.latency.counts["ears_ended"] == 3


def test_without_others_it_ends_at_the_second_time() -> None:
    call = ended(Conversation().answered(), 2)

    assert replaced(call) == [False]
    assert call.session.reason is Reason.ERROR_ASR


def test_ears_that_understood_the_callee_have_another_chance() -> None:
    call = ended(Conversation().answered())
    call.callee("Yes, sure.")

    ended(call)

    assert replaced(call) == [False, False]


def test_who_says_goodbye_needs_no_ears() -> None:
    call = Conversation().answered()
    call.step(events.HangUpAsked(1, Reason.API_HANGUP))

    ended(call)

    assert replaced(call) == []


def test_it_is_known_what_may_be_said_the_first_words_first() -> None:
    lines = session.foreseen(session.start(told(first_message="Good morning.")))

    assert lines[0] == "Hello, this is an AI assistant calling for Rosa."
    assert lines[1].startswith("Good morning.")
    assert lines[-1] == "Thank you for your time. Goodbye."
    assert all(lines)

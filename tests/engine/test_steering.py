from __future__ import annotations

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import (
    CloseQuestion,
    OpenQuestion,
    PressDigits,
    Settle,
)
from tests.engine.conversation import Conversation, told

DISCLOSURE = "Hello, this is an AI assistant calling for Rosa."
OPENING = "I am calling about: a table for four. Can you help me with that?"
GOODBYE = "Thank you for your time. Goodbye."


def assistant() -> Conversation:
    return Conversation(told(thinker=Thinker.ASSISTANT))


def test_what_the_agent_cannot_know_the_assistant_is_asked() -> None:
    call = Conversation().answered()

    assert call.callee("What are your opening hours?") == "One moment, please."
    asked = next(e for e in call.effects if isinstance(e, OpenQuestion))
    assert asked.fact.data == {
        "question_id": "q1",
        "question": "What are your opening hours?",
        "deadline_seconds": 20,
    }
    call.step(events.AnswerGiven(4, "q9", "Never"))
    call.callee("Are you coming?")
    call.step(events.AnswerGiven(5, "q1", "From nine to five."))
    assert call.speaking is not None
    assert call.speaking.text == "From nine to five. Can you help me with that?"
    call.play(call.voice())

    assert Settle(4, "refused", detail="there is no such open question") in call.receipts
    assert any(r.command == 5 and r.result == "done" for r in call.receipts)
    assert any(isinstance(e, CloseQuestion) for e in call.effects)


def test_a_question_that_nobody_answers_gets_the_fallback() -> None:
    call = Conversation().answered()
    call.callee("What are your opening hours?")

    call.wait(20)

    assert call.hear_out() == "I am sorry, I do not know that. Can you help me with that?"
    assert any(f.text == "nobody answered the question in time" for f in call.facts)


def test_the_assistant_is_told_whose_turn_it_is_and_speaks() -> None:
    call = assistant().answered()

    call.callee("Good morning, what can I do for you?")
    turns = [f.data for f in call.facts if f.kind is Kind.TURN]
    assert turns == [{"heard": "Good morning, what can I do for you?"}]
    call.step(events.SayAsked(1, "I would like a table."))
    call.hear_out()

    assert Settle(1, "done", heard="I would like a table.") in call.receipts
    call.callee("Fine.")
    assert len([f for f in call.facts if f.kind is Kind.TURN]) == 2


def test_an_assistant_that_thinks_long_is_covered_and_one_that_never_speaks_is_left() -> None:
    call = assistant().answered()
    call.callee("Hello, who is this?")

    call.wait(6)
    assert call.hear_out() == "One moment, please."
    call.callee("Hello?")
    call.wait(53)
    assert call.hear_out().startswith("I am sorry, I cannot go on")

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_LLM
    assert call.end.outcome.summary.startswith("The assistant led the conversation")


def test_an_urgent_word_overtakes_what_is_being_said() -> None:
    call = assistant().answered()
    call.step(events.SayAsked(1, "This is a long story and it goes on."))
    call.step(events.SayAsked(2, "Nobody will hear this."))
    call.voice()
    call.play(700)

    call.step(events.SayAsked(3, "Stop, listen.", interrupt=True))
    call.hear_out()

    assert call.receipts == [
        Settle(1, "interrupted", heard="This is"),
        Settle(2, "interrupted"),
        Settle(3, "done", heard="Stop, listen."),
    ]


def test_even_an_urgent_word_waits_for_the_disclosure() -> None:
    call = Conversation(told(thinker=Thinker.ASSISTANT, task=""))
    call.step(events.Answered())
    call.step(events.SayAsked(1, "Quick!", interrupt=True))
    call.hear_out()

    assert call.transcript == [f"agent: {DISCLOSURE}", "agent: Quick!"]


def test_nothing_cannot_be_said() -> None:
    call = assistant().answered()
    call.step(events.SayAsked(1, "  "))

    assert call.receipts == [Settle(1, "refused", detail="there is nothing to say")]


def test_keys_are_pressed_after_what_is_being_said() -> None:
    call = assistant().answered()
    call.step(events.SayAsked(1, "One second."))
    call.step(events.KeysAsked(2, "12#"))
    assert not any(isinstance(e, PressDigits) for e in call.effects)
    call.hear_out()

    assert PressDigits("12#") in call.effects
    assert call.receipts[-1] == Settle(2, "done")
    assert [f.data for f in call.facts if f.kind is Kind.DIGITS] == [
        {"digits": "12#", "from": "agent"}
    ]


def test_a_key_of_the_callee_is_a_sign_of_life() -> None:
    call = Conversation().answered()
    call.wait(7)
    call.step(events.DigitPressed("5"))
    call.wait(7)

    assert call.speaking is None
    assert call.facts[-1].data == {"digits": "5", "from": "callee"}

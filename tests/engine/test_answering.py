from __future__ import annotations

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import answering, events, session
from switchhook.engine.thoughts import (
    AskMind,
    CancelMind,
    MindFailed,
)
from tests.engine.leading import GREETING, Led, words


def test_a_mind_is_told_what_the_call_is_for_and_what_was_heard_so_far() -> None:
    call = Led(instructions="Be kind.").answered()

    call.callee("Yes?")

    (first, *_) = call.asked[-1].context
    assert first.text.startswith("You are an AI assistant and call for Rosa.\n\nBe kind.\n\nYour t")
    assert call.context == [
        f"agent: {GREETING}",
        "agent: I am calling about a table for four.",
        "callee: <callee>Yes?</callee>",
    ]
    assert Led(name="", task="").session.mind.dialogue.instructions.endswith("for somebody.")


def test_what_the_mind_writes_is_said_piece_by_piece() -> None:
    call = Led().answered()
    call.callee("Yes?")

    call.mind("Good evening, I would like to book. ", over=False)
    assert call.hear_out() == "Good evening, I would like to book."
    call.mind("For *$20* each.")
    assert call.hear_out() == "For twenty dollars each."
    call.callee("Who is this?")

    assert call.transcript[-3:-1] == [
        "agent: Good evening, I would like to book.",
        "agent: For twenty dollars each.",
    ]
    assert "agent: For *$20* each." in call.context


def test_an_interruption_reaches_the_mind_as_it_was_heard() -> None:
    call = Led().answered()
    call.callee("Yes?")
    call.mind("I would like to book a table for four people. And one chair. ", over=False)
    call.voice()
    call.play(1500)

    call.callee("Stop, stop.")

    assert call.counted(CancelMind) == 1
    assert call.context[-2].startswith("agent: I would like to book [interrupted here")
    assert call.context[-1] == "callee: <callee>Stop, stop.</callee>"
    assert "chair" not in " ".join(call.context)


def test_a_turn_during_thinking_is_answered_with_the_first() -> None:
    call = Led().answered()
    call.callee("My name is John")

    call.callee("Doe.")

    assert len(call.asked) == 2
    assert call.context[-2:] == [
        "callee: <callee>My name is John</callee>",
        "callee: <callee>Doe.</callee>",
    ]


def test_silence_of_the_mind_is_filled_and_idleness_is_not_the_callees() -> None:
    call = Led().answered()
    call.callee("Yes?")

    call.wait(1.3)
    assert call.hear_out() == "One moment, please."
    call.wait(3.6)
    assert call.hear_out() == "Thank you for waiting, just a moment longer."
    call.wait(3.6)
    assert call.hear_out() == "One moment, please."


def test_nobody_is_asked_whether_they_are_there_before_the_answer_was_heard() -> None:
    call = Led(idle_seconds=2.0).answered()
    call.callee("Yes?")
    call.mind("Good evening.")
    call.hear_out()

    call.wait(2.1)

    assert call.hear_out() == "Are you still there?"


def test_when_no_mind_answers_the_agent_apologises_and_leaves() -> None:
    call = Led().answered()
    call.callee("Yes?")
    for _ in range(2):
        call.step(MindFailed(call.asked[-1].generation, "closed"))

    assert call.hear_out().startswith("I am sorry, I cannot go on")
    assert call.end is not None
    assert call.end.reason is Reason.ERROR_LLM
    notes = [fact.text for fact in call.facts if fact.kind is Kind.NOTE]
    assert notes == ["the mind failed (closed); it is asked again", "the mind failed (closed)"]


def test_words_that_do_not_change_are_thought_about_and_more_words_take_that_back() -> None:
    call = Led().answered()
    call.start = call.ms
    words(call, "Yes")
    assert call.asked == []

    call.wait(0.25)
    assert call.counted(AskMind) == 1
    words(call, "Yes, but")
    assert call.counted(CancelMind) == 1
    call.wait(0.25)
    assert call.context[-1] == "callee: <callee>Yes, but</callee>"


def test_a_guess_is_spoken_as_soon_as_the_turn_confirms_it_and_not_before() -> None:
    call = Led().answered()
    call.start = call.ms
    words(call, "Yes, but", eager=True)
    assert call.counted(AskMind) == 1
    call.mind("Then we will see about that. ")
    assert call.speaking is None

    call.wait(3)

    assert call.counted(AskMind) == 1
    assert call.hear_out() == "Then we will see about that."


def test_the_same_words_again_leave_the_guess_alone() -> None:
    call = Led().answered()
    call.start = call.ms
    words(call, "Yes", eager=True)

    words(call, "Yes.", eager=True)
    session.step(call.session, events.LineGone(), call.now)

    assert (call.counted(AskMind), call.counted(CancelMind)) == (1, 0)
    answering.suppose(call.session)
    assert call.session.effects == []


def test_everything_of_an_answer_that_waits_is_taken_back() -> None:
    call = Led().answered()
    call.callee("My name is John")
    call.mind("Good evening, John, how are you? And how is the weather? ", over=False)

    call.step(events.CalleeHeard("Doe.", True, call.ms - 300, call.ms))  # noqa: FBT003 - a field

    assert not call.session.waiting
    assert call.session.current is None
    assert "weather" not in " ".join(call.context)


def test_what_was_dropped_at_the_end_is_told() -> None:
    call = Led().answered()
    call.callee("Is there a table?")
    call.act("look_up")

    call.step(events.LineGone())

    assert call.facts[-1].text == "look_up: cancelled: the callee interrupted"
    assert call.end is not None

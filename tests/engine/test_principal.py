"""A mind that asks those it calls for, and those who answer in time or do not."""

from __future__ import annotations

from switchhook.domain.happenings import Kind
from switchhook.engine.effects import CloseQuestion, OpenQuestion, Settle
from switchhook.engine.events import AnswerGiven
from switchhook.engine.offers import ASK_PRINCIPAL, END_CALL
from switchhook.engine.thoughts import CallTool
from tests.engine.leading import Led

ASKED = '{"question": "They only have 19:30; take it?"}'


def consulting() -> Led:
    """Return a call in which the mind has just asked."""
    call = Led(offers=(END_CALL, ASK_PRINCIPAL)).answered()
    call.callee("We only have half past seven.")
    call.mind("Let me ask. ", over=False)
    call.act("ask_principal", ASKED)
    call.mind()
    call.hear_out()
    return call


def questions(call: Led) -> list[OpenQuestion]:
    return [effect for effect in call.effects if isinstance(effect, OpenQuestion)]


def test_a_question_of_the_mind_goes_to_those_it_calls_for() -> None:
    call = consulting()

    [opened] = questions(call)
    assert opened.fact.kind is Kind.QUESTION
    assert opened.fact.data == {
        "question_id": "q1",
        "question": "They only have 19:30; take it?",
        "deadline_seconds": 20,
    }
    assert call.counted(CallTool) == 0


def test_their_answer_is_what_the_mind_reads_before_it_goes_on() -> None:
    call = consulting()

    call.step(AnswerGiven(1, "q1", "Yes, take it."))

    assert Settle(1, "done") in call.receipts
    assert "result: Yes, take it." in call.context
    assert call.counted(CloseQuestion) == 1
    call.mind("Half past seven is fine. ")
    assert call.hear_out() == "Half past seven is fine."


def test_nobody_is_left_in_silence_while_they_think() -> None:
    call = consulting()

    said = call.live(12)

    assert len(said) >= 2
    assert questions(call)


def test_when_nobody_answers_the_mind_goes_on_without() -> None:
    call = consulting()

    call.live(21)

    assert "result: it failed: no answer within 20 seconds" in call.context
    closed = [fact for fact in call.facts if fact.text == "nobody answered the question in time"]
    assert [fact.data for fact in closed] == [{"question_id": "q1"}]
    call.step(AnswerGiven(2, "q1", "Yes."))
    assert Settle(2, "refused", detail="there is no such open question") in call.receipts


def test_an_answer_that_comes_after_an_interruption_is_read_all_the_same() -> None:
    call = Led(offers=(END_CALL, ASK_PRINCIPAL)).answered()
    call.callee("We only have half past seven.")
    call.mind("Let me quickly ask about that. ", over=False)
    call.act("ask_principal", ASKED)
    call.mind()
    call.voice()
    call.play(1000)
    call.callee("No, wait.")
    call.mind("Yes, I wait. ")
    call.hear_out()
    asked = len(call.asked)

    call.step(AnswerGiven(1, "q1", "Take it."))

    assert len(call.asked) == asked + 1
    assert "result: Take it." in call.context


def test_one_question_is_asked_at_a_time() -> None:
    call = consulting()
    call.sound(0.8, "Or eight?")
    call.callee("Or eight?")
    call.act("ask_principal", '{"question": "Or eight?"}')
    call.mind()

    assert len(questions(call)) == 1
    call.step(AnswerGiven(1, "q1", "Take the first."))
    refused = "result: it failed: they have another question of yours to answer first"
    assert refused in call.context


def test_a_question_without_words_is_not_asked() -> None:
    call = Led(offers=(END_CALL, ASK_PRINCIPAL)).answered()
    call.callee("We only have half past seven.")
    call.act("ask_principal", '{"question": " "}')
    call.mind()

    assert questions(call) == []
    assert "question is what they are to answer" in call.context[-1]

"""A mind that hears the callee and speaks by itself, and fails."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.asking import VOICED_PATIENCE
from switchhook.engine.effects import ReplaceEars
from switchhook.engine.thoughts import (
    AskMind,
    CancelMind,
    MindAction,
    MindDelta,
    MindDone,
    MindFailed,
)
from tests.engine.talking import talking


def test_an_answer_that_fails_is_asked_for_once_more() -> None:
    call = talking().asked()

    call.step(MindFailed(call.generation, "closed"))

    assert [ask.voiced for ask in call.all(AskMind)] == [True, True]
    assert call.all(ReplaceEars) == []


def test_after_two_failures_a_mind_that_writes_goes_on_with_the_conversation() -> None:
    call = talking(spare_mind=True).asked()
    call.step(MindFailed(call.generation, "closed"))

    call.step(MindFailed(call.generation, "closed"))

    ask = call.all(AskMind)[-1]
    assert (ask.voiced, ask.spare) == (False, False)
    assert ask.context[-1].text == "<callee>A table, please.</callee>"
    assert call.all(ReplaceEars) == [ReplaceEars(by_others=True)]
    call.step(MindFailed(call.generation, "closed"))
    assert call.all(AskMind)[-1].spare
    call.step(MindDelta(call.generation, "For how many?"))
    call.step(MindDone(call.generation))
    assert call.hear_out() == "For how many?"


def test_one_that_hangs_gives_way_and_is_heard_as_far_as_it_came() -> None:
    call = talking().asked()
    call.voices("a1", "There is a table at eight.", 400)
    call.play(400)

    call.wait(VOICED_PATIENCE)

    assert call.all(CancelMind)[-1].generation == 1
    assert not call.all(AskMind)[-1].voiced
    assert call.transcript[-1] == "agent: There -"


def test_one_that_is_lost_between_turns_gives_way_to_ears() -> None:
    call = talking()

    call.step(events.EarsEnded())

    assert call.all(ReplaceEars) == [ReplaceEars(by_others=True)]
    assert call.all(AskMind) == []
    call.asked()
    assert not call.all(AskMind)[-1].voiced
    assert call.session.ears_ended == 0


def test_one_that_is_lost_in_an_answer_gives_way_at_once() -> None:
    call = talking().asked()

    call.step(events.EarsEnded())

    assert [ask.voiced for ask in call.all(AskMind)] == [True, False]


def test_one_that_is_lost_in_its_goodbye_leaves() -> None:
    call = talking().asked()
    call.voices("a1", "Goodbye.", 600, last=True)
    call.step(MindAction(call.generation, "c1", "end_call", "{}"))

    call.step(events.EarsEnded())
    call.step(events.EarsEnded())
    call.play(600)

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP


def test_without_one_that_stands_by_the_call_ends_with_an_apology() -> None:
    call = talking(cascade=False)

    call.step(events.EarsEnded())
    call.hear_out()

    assert call.end is not None
    assert call.end.reason is Reason.ERROR_LLM

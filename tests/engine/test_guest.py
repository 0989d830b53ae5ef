"""Somebody else in the call: who hears whom, whose words they are, and what becomes of them."""

from __future__ import annotations

import pytest

from switchhook.domain.actions import AddToConference
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import DropGuest, Invite, SetAside
from switchhook.engine.events import GuestCame, GuestFailed, Quiet
from tests.engine.shell import Shell
from tests.engine.visiting import (
    GONE,
    OTHERS,
    SORRY,
    THEM,
    asked,
    brought,
    comes,
    music,
    results,
    speaks,
    visited,
    wanted,
)

# ---- asked for from outside ----------------------------------------------------------------------


def test_nobody_is_called_before_the_callee_has_heard_that_they_are_to_wait() -> None:
    call = Shell().into_opening()
    call.step(events.GuestAsked(7, THEM, text="Let me ask Sam."))
    assert wanted(call) == []
    call.go(5)

    assert call.transcript[-1] == "agent: Let me ask Sam."
    assert music(call) == [True]
    assert results(call) == ["begun"]


@pytest.mark.parametrize("thinker", [Thinker.ASSISTANT, Thinker.MIND])
def test_an_agent_that_can_talk_to_the_guest_alone_is_let_to(thinker: Thinker) -> None:
    call = asked(thinker=thinker)
    assert wanted(call) == [Invite(THEM, aside=True)]
    call.step(GuestCame())

    assert music(call) == [True, False]
    assert [receipt.result for receipt in call.receipts] == ["done"]
    assert results(call) == ["begun", "done"]


def test_an_interview_has_nothing_to_say_to_a_guest_alone_and_asks_on() -> None:
    call = asked()
    assert wanted(call) == [Invite(THEM, aside=False)]
    call.step(GuestCame())
    call.go(6)

    assert call.transcript[-1] == f"agent: {call.session.interview.blank.question}"


def test_a_guest_for_whom_nobody_waits_is_called_at_once() -> None:
    call = Shell(thinker=Thinker.ASSISTANT).greeted()
    call.step(events.GuestAsked(7, THEM, hold_first=False))
    assert wanted(call) == [Invite(THEM, aside=False)]
    call.step(GuestCame())
    call.go(2)

    assert music(call) == []


def test_whoever_asked_is_not_kept_waiting_for_as_long_as_it_rings() -> None:
    call = asked()
    call.go(31)
    assert [receipt.result for receipt in call.receipts] == ["begun"]
    call.step(GuestCame())
    assert len(call.receipts) == 1


@pytest.mark.parametrize("hold_first", [True, False])
def test_a_callee_whose_guest_does_not_come_is_told_so_and_asked_on(*, hold_first: bool) -> None:
    call = asked(hold_first=hold_first)
    call.step(GuestFailed(Reason.BUSY, "the carrier says so"))
    call.go(10)

    assert call.transcript[-1] == f"{SORRY} {call.session.interview.blank.question}"
    assert music(call) == ([True, False] if hold_first else [])
    (receipt,) = call.receipts
    assert receipt.detail == "nobody was reached (busy: the carrier says so)"
    call.step(GuestCame())
    assert results(call) == ["begun", "failed"]


def test_a_call_that_is_resumed_while_it_rings_gives_the_guest_up() -> None:
    call = asked()
    call.step(events.QuietAsked(8, None, "I am back."))
    call.go(4)

    assert wanted(call)[1:] == [DropGuest()]
    assert call.transcript[-1] == "agent: I am back."
    assert "taken back" in call.receipts[0].detail


@pytest.mark.parametrize(
    "event",
    [
        events.GuestAsked(8, OTHERS),
        events.TransferAsked(8, OTHERS),
        events.QuietAsked(8, Quiet.MUTED),
    ],
)
def test_while_somebody_is_called_nobody_else_is(event: events.Event) -> None:
    call = asked()
    call.step(event)
    assert "somebody is being called" in call.receipts[-1].detail


def test_one_guest_is_enough_and_is_not_left_for_somebody_else() -> None:
    call = visited()
    for event in (events.GuestAsked(8, OTHERS), events.TransferAsked(9, OTHERS)):
        call.step(event)
        assert call.receipts[-1].detail == "somebody else is in the call already"


def test_a_line_that_speaks_by_itself_has_no_room() -> None:
    call = Shell(seats=False).greeted()
    call.step(events.GuestAsked(7, THEM))
    assert "no room for a third person" in call.receipts[-1].detail


def test_a_callee_who_is_being_transferred_has_no_guests() -> None:
    call = Shell().greeted()
    call.step(events.TransferAsked(7, THEM))
    call.step(events.GuestAsked(8, OTHERS))
    assert "being transferred" in call.receipts[-1].detail


# ---- who hears whom ------------------------------------------------------------------------------


def test_the_callee_is_taken_back_and_put_aside_between_what_is_said() -> None:
    call = visited()
    call.step(events.QuietAsked(8, None, "Here is Sam."))
    assert wanted(call)[-1] == SetAside(on=False)
    call.go(4)
    call.step(events.QuietAsked(9, Quiet.ON_HOLD, "A moment, please."))
    assert wanted(call)[-1] == SetAside(on=False)
    call.step(events.SayAsked(10, "Between us."))
    call.go(0.5)
    assert wanted(call)[-1] == SetAside(on=False)
    call.go(6)

    assert wanted(call)[-1] == SetAside(on=True)
    assert call.transcript[-2:] == ["agent: A moment, please.", "agent: Between us."]
    assert [receipt.result for receipt in call.receipts] == ["done"] * 4


def test_turning_to_others_without_a_word_is_done_at_once() -> None:
    call = visited()
    call.step(events.QuietAsked(8, None))
    call.step(events.QuietAsked(9, Quiet.ON_HOLD))

    assert wanted(call)[-2:] == [SetAside(on=False), SetAside(on=True)]
    assert [receipt.result for receipt in call.receipts] == ["done"] * 3


def test_an_agent_is_muted_for_both_and_put_back_for_both() -> None:
    call = visited(hold_first=False)
    call.step(events.QuietAsked(8, None))
    assert "neither muted nor on hold" in call.receipts[-1].detail
    call.step(events.QuietAsked(8, Quiet.MUTED))
    call.step(events.SayAsked(9, "Hi."))
    assert call.receipts[-1].result == "refused"
    call.step(events.QuietAsked(10, None, "I am here."))
    call.go(3)

    assert call.transcript[-1] == "agent: I am here."


def test_what_was_said_to_the_music_is_not_answered_to_the_guest() -> None:
    call = asked(thinker=Thinker.ASSISTANT)
    call.says("Is anybody there?")
    call.go(2)
    call.step(GuestCame())
    call.go(2)

    assert "callee: Is anybody there?" in call.transcript
    assert not [f for f in call.facts if f.kind == "turn"]


# ---- whose words they were -----------------------------------------------------------------------


def test_what_a_guest_says_is_theirs_and_no_answer_to_an_interview() -> None:
    call = visited(hold_first=False, thinker=Thinker.INTERVIEW)
    call.go(4)
    before = len(call.transcript)
    speaks(call, "Yes, that is right.")
    call.go(2)

    assert call.transcript[before:] == ["guest: Yes, that is right."]
    assert not any(result.known for result in call.session.interview.results.values())


def test_an_assistant_is_told_who_said_what() -> None:
    call = visited()
    speaks(call, "Sam here.")
    call.step(events.QuietAsked(8, None))
    speaks(call, "Hello, Sam.", "callee")

    turns = [f.data for f in call.facts if f.kind == "turn"]
    assert turns == [
        {"heard": "Sam here.", "speaker": "guest"},
        {"heard": "Hello, Sam.", "speaker": "callee"},
    ]


def test_a_guest_who_does_not_want_calls_ends_nothing() -> None:
    call = visited()
    speaks(call, "Please stop calling me.")
    call.go(2)
    assert call.end is None


def test_a_mind_reads_who_said_what_and_proves_nothing_by_a_guest() -> None:
    call = brought()
    comes(call)
    call.mind("Hello Sam. ")
    call.hear_out()
    speaks(call, "We have room for four.")
    assert "callee: <guest>We have room for four.</guest>" in call.context
    call.act("take_note", '{"field": "guests", "value": 4}')
    call.mind("Thanks. ")
    call.hear_out()
    call.step(events.LineGone())

    assert call.end is not None
    evidence = call.end.outcome.fields["guests"].evidence
    assert evidence is not None
    assert evidence.quote == "Can your colleague tell me?"


def test_two_who_speak_before_they_are_answered_are_told_apart() -> None:
    call = brought(AddToConference(phone_number=THEM, hold_first=False))
    comes(call)
    call.mind("Hello Sam. ")
    call.hear_out()
    call.step(events.QuietAsked(8, Quiet.MUTED))
    speaks(call, "Yes.", "callee")
    speaks(call, "Hello Ada.")
    speaks(call, "How are you?")
    call.step(events.QuietAsked(9, None))
    assert [line for line in call.context if "callee" in line][-2:] == [
        "callee: <callee>Yes.</callee>",
        "callee: <guest>Hello Ada. How are you?</guest>",
    ]


# ---- the end -------------------------------------------------------------------------------------


def test_a_callee_who_hangs_up_while_it_rings_has_nobody_called_for_them() -> None:
    call = asked()
    call.step(events.LineGone())

    assert call.end is not None
    assert call.end.reason is Reason.USER_HANGUP
    assert wanted(call)[-1] == DropGuest()
    assert call.receipts[-1].detail == "the call has ended"


def test_a_guest_whose_callee_hangs_up_is_told_so() -> None:
    call = visited()
    call.step(events.LineGone())

    assert wanted(call)[-1] == DropGuest(GONE)


@pytest.mark.parametrize("aside", [True, False])
def test_everybody_in_the_call_hears_the_goodbye(*, aside: bool) -> None:
    call = visited(hold_first=aside)
    call.step(events.HangUpAsked(8, Reason.API_HANGUP))
    assert SetAside(on=True) not in wanted(call)
    assert (SetAside(on=False) in wanted(call)) is aside
    call.go(10)

    assert call.transcript[-1] == "agent: Thank you for your time. Goodbye."
    assert wanted(call)[-1] == DropGuest()


def test_a_call_that_ends_while_it_rings_waits_for_nobody() -> None:
    call = asked()
    call.step(events.HangUpAsked(8, Reason.API_HANGUP))
    assert wanted(call)[-1] == DropGuest()
    assert call.receipts[0].detail == "the call is ending"


def test_a_mind_that_says_goodbye_says_it_to_both() -> None:
    call = brought()
    comes(call)
    call.mind("Nobody is needed any more, goodbye. ", over=False)
    call.act("end_call", '{"outcome": "achieved"}')
    call.mind()
    assert wanted(call)[-1] == SetAside(on=False)
    call.hear_out()

    assert call.end is not None
    assert call.end.outcome.verdict is Verdict.ACHIEVED
    assert wanted(call)[-1] == DropGuest()

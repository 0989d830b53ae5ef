"""Somebody else in the call: who is told what, who hears whom, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.actions import AddToConference, EndCall, OnPhrase, TransferCall
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.domain.transcript import Speaker
from switchhook.engine import events, guest
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import DropGuest, Effect, Invite, PlayMusic, SetAside, Transfer
from switchhook.engine.events import GuestCame, GuestFailed, GuestLeft, Quiet
from switchhook.engine.offers import offered
from switchhook.engine.triggers import triggers_of
from tests.engine.conversation import Conversation
from tests.engine.leading import SCHEMA, Led
from tests.engine.shell import Shell

THEM, OTHERS = "+14155550177", "+14155550188"
SORRY = "agent: I am sorry, I could not reach anybody."
GONE = "I am sorry, they have hung up."


def wanted(call: Conversation) -> list[Effect]:
    return [e for e in call.effects if isinstance(e, Invite | SetAside | DropGuest)]


def music(call: Conversation) -> list[bool]:
    return [effect.on for effect in call.effects if isinstance(effect, PlayMusic)]


def results(call: Conversation) -> list[str]:
    told = [f.data for f in call.facts if f.data.get("action") == "add_to_conference"]
    return [data["result"] for data in told if "to" in data]


def asked(*, hold_first: bool = True, **known: Any) -> Shell:
    """Return a call in which somebody outside has asked for a third person, who rings."""
    call = Shell(**known).greeted()
    call.step(events.GuestAsked(7, THEM, hold_first))
    call.go(5)
    return call


def visited(*, hold_first: bool = True, **known: Any) -> Shell:
    """Return a call in which the third person has picked up."""
    call = asked(hold_first=hold_first, **{"thinker": Thinker.ASSISTANT} | known)
    call.step(GuestCame())
    return call


def led(*targets: AddToConference) -> Led:
    """Return a call whose mind has just been asked for something."""
    actions = targets or (AddToConference(phone_number=THEM),)
    offers = offered(actions, SCHEMA)
    call = Led(offers=offers, guests=actions).answered()
    call.callee("Can your colleague tell me?")
    return call


def brought(*targets: AddToConference, arguments: str = "{}") -> Led:
    """Return a call whose mind has said that it brings somebody in."""
    call = led(*targets)
    call.mind("I will ask Sam. ", over=False)
    call.act("add_to_conference", arguments)
    call.mind()
    call.hear_out()
    return call


def comes(call: Conversation) -> None:
    """Let the guest pick up and say nothing."""
    call.step(GuestCame())
    call.wait(guest.HELLO)


def speaks(call: Conversation, text: str, speaker: Speaker = "guest") -> None:
    """Let the guest say something, or somebody else."""
    start = call.ms
    call.wait(0.6)
    call.step(events.CalleeHeard(text, final=True, start_ms=start, end_ms=call.ms, speaker=speaker))


# ---- asked for from outside ---------------------------------------------------------------------


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


# ---- who hears whom -----------------------------------------------------------------------------


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


# ---- whose words they were ----------------------------------------------------------------------


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


# ---- wanted by the mind -------------------------------------------------------------------------


def test_a_mind_that_brings_somebody_in_is_told_when_they_come_and_speaks_first() -> None:
    call = brought()
    assert wanted(call) == [Invite(THEM, aside=True)]
    assert music(call) == [True]
    asked = len(call.asked)
    call.live(10)
    call.step(GuestCame())
    call.wait(1.9)
    assert len(call.asked) == asked

    call.wait(0.1)
    assert len(call.asked) == asked + 1
    assert call.asked[-1].context[-1].text == guest.ALONE + guest.MARKED
    call.mind("Ada has a question for you. ", over=False)
    call.act("set_hold", '{"on": false}')
    call.mind()
    assert SetAside(on=False) not in wanted(call)
    call.hear_out()
    assert wanted(call)[-1] == SetAside(on=False)
    assert "result: all three of you hear each other" in call.context
    call.mind("Now we are all here. ", over=False)
    call.act("set_hold", '{"on": true}')
    call.mind()
    call.hear_out()
    assert wanted(call)[-1] == SetAside(on=True)
    assert "only the person whom you brought in hears you" in call.context[-2]


def test_a_callee_who_talks_over_the_announcement_has_nobody_called() -> None:
    call = led()
    call.mind("I will quickly ask my colleague about that. ", over=False)
    call.act("add_to_conference")
    call.mind()
    call.voice()
    call.play(1000)
    call.callee("No, wait, not him.")

    assert wanted(call) == []
    assert music(call) == []
    assert results(call) == ["interrupted"]
    assert "so nobody was called" in "\n".join(m.text for m in call.asked[-1].context)


def test_a_phrase_is_enough_to_bring_somebody_in() -> None:
    said = OnPhrase(phrases=("get Sam",))
    actions = (AddToConference(phone_number=THEM, trigger=said),)
    call = Led(
        offers=offered(actions, SCHEMA), guests=actions, triggers=triggers_of(actions, "en")
    ).answered()
    call.callee("Can your colleague tell me?")
    call.mind("I will get Sam. ")
    call.hear_out()

    assert [offer.name for offer in call.session.brief.offers] == [
        "end_call",
        "set_hold",
        "take_note",
    ]
    assert wanted(call) == [Invite(THEM, aside=True)]


def test_the_words_of_a_guest_start_nothing_that_is_for_the_callee_to_say() -> None:
    said = OnPhrase(phrases=("that is all",), speaker="callee")
    actions = (EndCall(trigger=said),)
    call = visited(triggers=triggers_of(actions, "en"))
    speaks(call, "That is all.")
    call.go(3)
    assert call.end is None
    call.step(events.QuietAsked(8, None))
    speaks(call, "That is all.", "callee")
    call.go(10)
    assert call.end is not None


def test_a_mind_says_who_of_several_is_brought_in() -> None:
    targets = (
        AddToConference(phone_number=THEM),
        AddToConference(phone_number=OTHERS, hold_first=False),
    )
    call = brought(*targets, arguments=f'{{"to": "{OTHERS}"}}')
    assert wanted(call) == [Invite(OTHERS, aside=False)]
    comes(call)
    assert call.asked[-1].context[-1].text == guest.TOGETHER + guest.MARKED


@pytest.mark.parametrize("arguments", ["{}", '{"to": "+14155550199"}'])
def test_a_mind_calls_nobody_whom_it_may_not(arguments: str) -> None:
    targets = (AddToConference(phone_number=THEM), AddToConference(phone_number=OTHERS))
    call = brought(*targets, arguments=arguments)
    assert wanted(call) == []
    assert f"to is one of {THEM}, {OTHERS}" in call.context[-2]


def test_a_mind_with_one_guest_in_mind_names_nobody() -> None:
    call = brought(arguments=f'{{"to": "{OTHERS}"}}')
    assert wanted(call) == []
    assert "leave it out" in call.context[-2]


def test_a_mind_cannot_turn_to_others_while_it_rings_or_bring_in_a_second() -> None:
    call = brought(AddToConference(phone_number=THEM, hold_first=False))
    call.callee("And?")
    call.act("set_hold", '{"on": true}')
    call.act("add_to_conference")
    call.mind("It rings. ")
    call.hear_out()

    assert wanted(call) == [Invite(THEM, aside=False)]
    told = "\n".join(f"{message.text}" for message in call.asked[-1].context)
    assert "somebody is being called; you are told when they pick up" in told
    assert "one person at a time can be brought into the call" in told


def test_a_mind_transfers_nobody_while_a_guest_is_there() -> None:
    actions = (AddToConference(phone_number=THEM), TransferCall(phone_number=OTHERS))
    call = Led(offers=offered(actions), guests=actions[:1], transfers=actions[1:]).answered()
    call.step(events.GuestAsked(7, THEM, hold_first=False))
    comes(call)
    call.mind("Hello. ")
    call.hear_out()
    call.callee("Put me through.")
    call.mind("I connect you. ", over=False)
    call.act("transfer_call")
    call.mind()

    assert call.counted(Transfer) == 0
    assert "Nobody is transferred while" in call.asked[-1].context[-1].text


def test_a_mind_whose_guest_has_left_goes_on_with_the_callee() -> None:
    call = brought()
    comes(call)
    call.mind("Hello Sam. ")
    call.hear_out()
    asked = len(call.asked)
    call.step(GuestLeft())

    assert len(call.asked) == asked + 1
    assert call.asked[-1].context[-1].text == guest.LEFT
    assert results(call) == ["begun", "done", "left"]


def test_a_guest_whose_line_breaks_has_left() -> None:
    call = visited()
    call.step(GuestFailed(Reason.ERROR_INTERNAL))
    call.go(5)

    assert results(call) == ["begun", "done", "left"]
    assert SORRY not in call.transcript


def test_a_mind_learns_why_nobody_came() -> None:
    call = brought()
    call.step(GuestFailed(Reason.NO_ANSWER))
    assert call.hear_out() == SORRY.removeprefix("agent: ")
    call.callee("Well.")

    told = [message.text for message in call.asked[-1].context]
    assert "Nobody was reached (no_answer). The callee was told so." in told


def test_a_mind_that_is_answering_turns_to_the_guest_when_it_has_finished() -> None:
    call = brought(AddToConference(phone_number=THEM, hold_first=False))
    call.callee("And what about Sunday?")
    asked = len(call.asked)
    comes(call)
    assert len(call.asked) == asked
    call.mind("Sunday is fine. ")

    assert guest.TOGETHER + guest.MARKED in [m.text for m in call.asked[-1].context]
    call.mind("Hello Sam. ")
    assert call.hear_out() == "Hello Sam."


def test_a_mind_that_has_hung_up_brings_nobody_in() -> None:
    call = led()
    call.step(events.HangUpAsked(7, Reason.API_HANGUP))
    guest.bring_in(call.session, THEM)
    assert call.session.guest is None


def test_a_guest_who_says_hello_is_answered_and_not_greeted_as_well() -> None:
    call = brought()
    call.step(GuestCame())
    call.wait(1.0)
    call.step(events.SpeechStarted(call.ms))
    call.wait(2.0)
    asked = len(call.asked)
    speaks(call, "Sam speaking, hello.")
    assert len(call.asked) == asked + 1
    call.mind("Hello Sam. ")
    call.hear_out()
    call.wait(4.0)

    assert len(call.asked) == asked + 1
    assert guest.ALONE + guest.MARKED in [m.text for m in call.asked[-1].context]


# ---- the end ------------------------------------------------------------------------------------


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

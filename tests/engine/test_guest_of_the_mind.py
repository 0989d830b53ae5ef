"""A mind that brings somebody in: what it is told, and when it speaks."""

from __future__ import annotations

import pytest

from switchhook.domain.actions import AddToConference, EndCall, OnPhrase, TransferCall
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, guest
from switchhook.engine.effects import Invite, SetAside, Transfer
from switchhook.engine.events import GuestCame, GuestFailed, GuestLeft
from switchhook.engine.offers import offered
from switchhook.engine.thoughts import NoteMind
from switchhook.engine.triggers import triggers_of
from tests.engine.leading import SCHEMA, Led
from tests.engine.visiting import (
    OTHERS,
    SORRY,
    THEM,
    brought,
    comes,
    led,
    music,
    results,
    speaks,
    visited,
    wanted,
)


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


def test_a_mind_that_hears_and_speaks_itself_is_told_and_asked_as_well() -> None:
    actions = (AddToConference(phone_number=THEM),)
    call = Led(
        offers=offered(actions, SCHEMA), guests=actions, duplex=True, cascade=True
    ).answered()
    call.callee("Can your colleague tell me?")
    call.act("add_to_conference")
    call.mind()
    call.hear_out()
    asked = len(call.asked)
    comes(call)

    notes = [e.message.text for e in call.effects if isinstance(e, NoteMind)]
    assert guest.ALONE + guest.MARKED in notes
    assert len(call.asked) == asked + 1
    assert call.asked[-1].voiced

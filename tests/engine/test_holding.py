"""A mind that has the callee wait: until it speaks, takes them back, or has taken too long."""

from __future__ import annotations

from switchhook.domain.actions import SetHold
from switchhook.engine import events
from switchhook.engine.effects import PlayMusic
from switchhook.engine.events import Quiet
from switchhook.engine.holding import WAITED
from switchhook.engine.offers import Offer, offered
from switchhook.engine.thoughts import CallTool, MindVoiced, ToolReturned
from tests.engine.leading import Led

OFFERS = offered((SetHold(),), None, [Offer("look_up", "Look it up.", patience=90)])
ON, OFF = '{"on": true}', '{"on": false}'


def music(call: Led) -> list[bool]:
    return [effect.on for effect in call.effects if isinstance(effect, PlayMusic)]


def asked(**known: bool) -> Led:
    call = Led(offers=OFFERS, **known).answered()
    call.callee("Is there a table on Sunday?")
    return call


def holding(words: str = "Let me look. ") -> Led:
    """Return a call in which the mind looks something up while the callee hears music."""
    call = asked()
    call.mind(words, over=False)
    call.act("set_hold", ON)
    call.act("look_up")
    call.mind()
    call.hear_out()
    return call


def errand(call: Led) -> int:
    return [effect.number for effect in call.effects if isinstance(effect, CallTool)][-1]


def test_the_callee_hears_music_while_the_mind_does_something_and_no_fillers() -> None:
    call = holding()

    assert call.transcript[-1] == "agent: Let me look."
    assert music(call) == [True]
    assert call.live(12) == []


def test_a_callee_who_is_not_told_why_is_asked_to_wait() -> None:
    call = holding("")

    assert call.transcript[-1] == "agent: One moment, please."
    assert music(call) == [True]


def test_the_first_words_of_the_mind_take_the_callee_back() -> None:
    call = holding()
    call.step(ToolReturned(errand(call), "one is left"))
    assert "result: the callee hears music until you say something to them" in call.context
    call.mind("There is one left. ")

    assert call.hear_out() == "There is one left."
    assert music(call) == [True, False]


def test_a_callee_who_talks_over_the_announcement_is_answered_and_hears_no_music() -> None:
    call = asked()
    call.mind("Let me quickly look that up for you. ", over=False)
    call.act("set_hold", ON)
    call.mind()
    call.voice()
    call.play(1000)
    count = len(call.asked)
    call.callee("No, wait.")

    assert len(call.asked) == count + 1
    assert music(call) == []


def test_what_the_callee_says_meanwhile_is_answered_afterwards() -> None:
    call = holding()
    count = len(call.asked)
    call.callee("Hello?")
    assert len(call.asked) == count
    call.step(ToolReturned(errand(call), "one is left"))
    call.mind("There is one left. ")
    call.hear_out()

    assert "callee: <callee>Hello?</callee>" in call.context


def test_the_mind_takes_the_callee_back_without_a_word() -> None:
    call = holding()
    call.step(ToolReturned(errand(call), "nothing"))
    call.act("set_hold", OFF)
    assert music(call) == [True, False]
    call.act("set_hold", OFF)
    call.mind()

    assert call.context[-3] == "result: the callee hears you"
    assert call.context[-1] == "result: you do not have the callee on hold"


def test_a_callee_who_has_waited_for_a_minute_is_taken_back() -> None:
    call = holding()
    said = call.live(61)

    assert said[0] == "Thank you for waiting, just a moment longer."
    assert music(call) == [True, False]
    call.step(ToolReturned(errand(call), "nothing"))
    assert WAITED in [message.text for message in call.asked[-1].context]


def test_a_mind_that_holds_twice_holds_once() -> None:
    call = holding()
    call.step(ToolReturned(errand(call), "nothing yet"))
    call.act("set_hold", ON)
    call.mind()

    assert music(call) == [True]


def test_a_callee_whom_somebody_else_puts_on_hold_stays_there() -> None:
    call = holding()
    call.step(events.QuietAsked(7, Quiet.ON_HOLD))
    call.live(90)

    assert music(call) == [True]


def test_whoever_steers_the_call_may_speak_to_a_callee_the_mind_has_put_on_hold() -> None:
    call = holding()
    call.step(events.SayAsked(7, "Sorry for the wait."))

    assert call.hear_out() == "Sorry for the wait."
    assert music(call) == [True, False]


def test_a_mind_that_is_muted_plays_no_music() -> None:
    call = asked()
    call.mind("Let me look. ", over=False)
    call.step(events.QuietAsked(7, Quiet.MUTED))
    call.step(events.QuietAsked(8, None, "I am back."))
    call.hear_out()
    call.callee("So?")
    call.session.quiet = Quiet.MUTED
    call.act("set_hold", ON)
    call.mind()

    assert "result: those you call for have made you wait already" in call.context
    assert music(call) == []


def test_on_or_off_has_to_be_said() -> None:
    call = asked()
    call.act("set_hold", '{"on": "yes"}')
    call.mind()

    assert "on is true or false" in call.context[-1]
    assert music(call) == []


def test_a_mind_that_speaks_itself_takes_the_callee_back_by_speaking() -> None:
    call = asked(duplex=True, cascade=True)
    call.act("set_hold", ON)
    call.mind()
    call.hear_out()
    assert music(call) == [True]
    call.step(MindVoiced(call.asked[-1].generation, "item", "Here I am.", 900, last=True))

    assert music(call) == [True, False]


def test_a_mind_that_hangs_up_stops_the_music_for_its_goodbye() -> None:
    call = holding()
    call.step(ToolReturned(errand(call), "nothing"))
    call.act("end_call")
    call.mind()

    assert music(call) == [True, False]
    assert call.end is not None

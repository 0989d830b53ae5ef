from __future__ import annotations

import pytest

from switchhook.domain.actions import SendDigits
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import PressDigits, Speak
from switchhook.engine.offers import offered
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    MindDelta,
    ToolReturned,
)
from tests.engine.leading import Led, words


def leaving() -> Led:
    """Return a call whose agent is half a second into its goodbye."""
    call = Led().answered()
    call.callee("That is all.")
    call.mind("Thank you and goodbye, have a nice day. ", over=False)
    call.act("end_call", '{"outcome": "achieved"}')
    call.mind()
    call.voice()
    call.play(600)
    return call


def test_an_agent_that_held_its_breath_says_its_goodbye_all_the_same() -> None:
    call = Led().answered()
    call.callee("That is all.")
    call.mind("Thank you and goodbye, have a nice day. ", over=False)
    call.voice()
    call.play(600)
    call.step(events.SpeechStarted(call.ms))
    call.wait(0.35)
    assert call.session.paused_at is not None

    call.act("end_call")
    call.mind()
    call.step(events.SpeechStopped(call.ms))
    call.wait(2)

    assert call.session.paused_at is None
    call.play(1800)
    assert call.end is not None
    assert call.transcript[-1] == "agent: Thank you and goodbye, have a nice day."


def test_an_agent_whose_goodbye_is_interrupted_stays_on_the_line() -> None:
    call = leaving()
    call.sound(1.2, "Wait, there is one more thing.")
    call.wait(0.5)

    assert call.transcript[-2:] == [
        "agent: Thank you -",
        "callee: Wait, there is one more thing.",
    ]
    told = [message.text for message in call.asked[-1].context]
    assert any(text.startswith("the callee interrupted the goodbye") for text in told)
    call.mind("Of course.")
    call.live(20)
    assert call.end is None
    call.callee("No, that is all.")
    call.mind("Goodbye, then. ", over=False)
    call.act("end_call")
    call.mind()
    call.live(3)
    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP


@pytest.mark.parametrize("said", ["Bye!", "Thank you, goodbye."])
def test_a_callee_who_says_goodbye_as_well_interrupts_nothing(said: str) -> None:
    call = leaving()
    call.words(said)
    call.play(1800)

    assert call.end is not None
    assert call.transcript[-2:] == [
        "agent: Thank you and goodbye, have a nice day.",
        f"callee: {said}",
    ]


def test_a_callee_who_hangs_up_during_the_goodbye_was_left_by_the_agent() -> None:
    call = leaving()
    call.step(events.LineGone())

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP


def test_a_goodbye_that_the_voice_cannot_say_is_no_reason_to_stay() -> None:
    call = Led().answered()
    call.callee("That is all.")
    call.act("end_call")
    call.mind()
    assert call.speaking is not None
    call.step(events.SpeechFailed(call.speaking.utterance))

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP


def test_a_call_that_is_ended_during_the_goodbye_ends() -> None:
    call = leaving()
    call.step(events.HangUpAsked(7, Reason.API_HANGUP))
    call.live(6)

    assert call.end is not None
    assert call.end.reason is Reason.API_HANGUP


def test_an_answer_that_nobody_heard_is_taken_back_when_the_callee_goes_on() -> None:
    call = Led().answered()
    call.callee("My name is John")
    call.mind("Good evening, John. How are you? ", over=False)
    assert call.speaking is not None

    call.step(events.CalleeHeard("Doe.", True, call.ms - 300, call.ms))  # noqa: FBT003 - a field

    assert call.speaking is None
    assert call.context[-2:] == [
        "callee: <callee>My name is John</callee>",
        "callee: <callee>Doe.</callee>",
    ]


def test_somebody_who_only_wants_a_moment_is_left_in_peace() -> None:
    call = Led().answered()

    call.callee("One moment please.")

    assert call.asked == []
    call.callee("Here I am again.")
    assert call.context[-2] == "callee: <callee>One moment please.</callee>"


def test_nothing_is_guessed_while_the_agent_speaks_or_somebody_else_thinks() -> None:
    speaking = Led()
    speaking.step(events.Answered())
    speaking.start = 0
    words(speaking, "Yes", eager=True)
    assert speaking.asked == []

    led = Led(thinker=Thinker.ASSISTANT).answered()
    led.start = led.ms
    words(led, "Yes", eager=True)
    led.wait(1)
    assert led.asked == []


def test_a_goodbye_is_heard_before_the_line_is_put_down() -> None:
    call = Led().answered()
    call.callee("That is all. For four people.")
    call.act("take_note", '{"field": "guests", "value": 4}')
    call.mind("Thank you and goodbye, have a nice day. ", over=False)
    call.act("end_call", '{"outcome": "achieved", "summary": "Booked."}')
    call.mind()

    assert call.end is None
    call.hear_out()

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.end.outcome.verdict is Verdict.ACHIEVED
    assert call.end.outcome.fields["guests"].value == 4
    assert call.transcript[-1] == "agent: Thank you and goodbye, have a nice day."


def test_a_goodbye_that_is_being_said_goes_on_while_the_call_ends() -> None:
    call = Led().answered()
    call.callee("That is all.")
    call.mind("Thank you and goodbye, have a nice day. ", over=False)
    call.voice()
    call.play(600)

    call.act("end_call")
    call.mind()
    call.callee("Bye!")
    call.play(1800)

    assert call.end is not None
    assert "agent: Thank you and goodbye, have a nice day." in call.transcript


def test_a_mind_that_leaves_without_a_word_is_not_rude() -> None:
    call = Led().answered()
    call.callee("That is all.")

    call.act("end_call")
    call.mind()

    assert call.hear_out() == "Thank you for your time. Goodbye."
    assert call.end is not None


def test_a_goodbye_that_nobody_can_say_does_not_keep_the_line_open() -> None:
    call = Led().answered()
    call.callee("That is all.")
    call.mind("Goodbye.", over=False)
    call.act("end_call")
    call.mind()

    call.wait(6)

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP


def test_keys_are_pressed_in_their_place() -> None:
    call = Led(offers=offered((SendDigits(),)), navigates_menus=True).answered()
    call.callee("Press one for sales.")
    call.act("send_digits", '{"digits": "1"}')
    call.mind()

    assert call.counted(PressDigits) == 1
    assert call.session.mind.stage.name == "IDLE"


def test_actions_are_told_to_others_and_go_on_while_the_agent_speaks() -> None:
    call = Led().answered()
    call.callee("Is there a table?")
    call.mind("Let me look that up for you. ", over=False)
    call.act("look_up", '{"day": "today"}')
    call.mind()
    assert call.counted(CallTool) == 1
    assert call.speaking is not None

    call.step(ToolReturned(1, '{"free": true}'))

    assert call.context[-1] == 'result: {"free": true}'
    assert "agent: Let me look that up for you. [being said now]" in call.context
    (fact,) = (fact for fact in call.facts if fact.kind is Kind.CONTROL)
    assert fact.data == {"action": "look_up", "result": '{"free": true}'}


def test_an_interruption_drops_what_only_looks_up() -> None:
    call = Led().answered()
    call.callee("Is there a table?")
    call.mind("Let me look that up for you. ", over=False)
    call.act("look_up")
    call.voice()
    call.play(1000)

    call.callee("No, wait.")

    assert call.counted(DropTool) == 1


def test_a_hang_up_stops_the_mind_and_nothing_follows() -> None:
    call = Led().answered()
    call.callee("Yes?")

    effects = call.step(events.LineGone())

    assert isinstance(effects[0], CancelMind)
    assert call.end is not None
    assert call.step(MindDelta(1, "Too late. ")) == []
    assert call.step(ToolReturned(1, "Too late.")) == []


def test_what_an_action_brings_while_the_call_ends_is_only_told() -> None:
    call = Led().answered()
    call.callee("Book it, and bye.")
    call.act("book")
    call.mind("Goodbye then. ", over=False)
    call.act("end_call")
    call.mind()

    call.step(ToolReturned(1, "booked"))
    call.hear_out()

    assert [fact.text for fact in call.facts if fact.kind is Kind.CONTROL] == ["book: booked"]
    assert call.end is not None
    assert call.counted(AskMind) == 1


def test_speech_of_others_goes_between_and_the_mind_knows_of_it() -> None:
    call = Led().answered()
    call.step(events.SayAsked(1, "Mind the gap."))
    call.hear_out()
    call.callee("What?")

    assert "agent: Mind the gap." in call.context
    assert any(isinstance(effect, Speak) for effect in call.effects)

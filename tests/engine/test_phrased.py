"""What is said starts an action, as though the mind had called it, whoever thinks."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.actions import Action, CallApi, EndCall, OnPhrase, TransferCall
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.dialogue import Role
from switchhook.engine.effects import Transfer
from switchhook.engine.events import Quiet
from switchhook.engine.offers import offered
from switchhook.engine.thoughts import AskMind, CallTool, MindDone, ToolFailed, ToolReturned
from switchhook.engine.triggers import triggers_of
from tests.engine.conversation import Conversation
from tests.engine.leading import Led
from tests.engine.shell import Shell
from tests.engine.talking import talking

THEM = "+14155550177"
HUMAN = OnPhrase(phrases=("a human",), speaker="callee")
CONNECT = OnPhrase(phrases=("I will connect you",))
BYE = OnPhrase(phrases=("have a nice day",))


def look_up(trigger: OnPhrase) -> CallApi:
    return CallApi(
        name="look_up",
        description="Look it up.",
        url="https://api.example.com/look",
        input_schema={"type": "object"},
        trigger=trigger,
    )


LOOK = look_up(OnPhrase(phrases=("let me look",)))


def told_of(*actions: Action, **more: Any) -> dict[str, Any]:
    return {"offers": offered(actions), "triggers": triggers_of(actions, "en"), **more}


def led(*actions: Action, **more: Any) -> Led:
    """Return a call in which the callee has just said something to a mind that writes."""
    call = Led(**told_of(*actions, **more))
    call.answered()
    call.callee("A table, please.")
    return call


def wanted(call: Conversation) -> list[Transfer]:
    return [effect for effect in call.effects if isinstance(effect, Transfer)]


def tools(call: Conversation) -> list[CallTool]:
    return [effect for effect in call.effects if isinstance(effect, CallTool)]


def started(call: Conversation) -> list[tuple[str, str]]:
    return [(f.data["action"], f.data["phrase"]) for f in call.facts if "phrase" in f.data]


# ---- the agent has said it -------------------------------------------------------------------


def test_an_agent_that_was_heard_to_say_the_phrase_hangs_up() -> None:
    call = led(EndCall(trigger=BYE))
    call.mind("It is done. Thank you and have a nice day.")
    assert call.end is None
    call.live(8)

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.transcript[-1] == "agent: It is done. Thank you and have a nice day."
    assert started(call) == [("end_call", "have a nice day")]


def test_a_phrase_may_be_said_in_several_sentences() -> None:
    call = led(EndCall(trigger=OnPhrase(phrases=("all done goodbye then",))))
    call.mind("So that is all done. Goodbye then, and thank you very much.")
    call.live(8)

    assert call.end is not None


def test_everything_the_agent_has_to_say_is_said_before_it_leaves() -> None:
    call = led(EndCall(trigger=BYE))
    call.mind("Thank you and have a nice day. ", over=False)
    call.live(4)
    assert call.end is None
    call.mind("I mean it, goodbye to you.")
    call.live(6)

    assert call.end is not None
    assert call.transcript[-1] == "agent: I mean it, goodbye to you."


def test_a_phrase_that_was_cut_off_was_not_said() -> None:
    call = led(LOOK)
    call.mind("One moment please and let me look into the book.")
    call.voice()
    call.play(900)
    call.sound(1.2, "No, please wait for me.")
    call.wait(1)

    assert call.transcript[-2] == "agent: One moment please -"
    assert tools(call) == []


def test_a_phrase_before_the_interruption_was_said() -> None:
    call = led(LOOK)
    call.mind("Then let me look into the book for you and your guests.")
    call.voice()
    call.play(1800)
    call.sound(1.2, "No, please wait for me.")
    call.wait(1)

    assert call.transcript[-2].endswith(" -")
    assert [tool.name for tool in tools(call)] == ["look_up"]


@pytest.mark.parametrize(
    "action", [EndCall(trigger=CONNECT), TransferCall(phone_number=THEM, trigger=CONNECT)]
)
def test_a_callee_who_talks_over_the_phrase_is_neither_left_nor_put_through(action: Action) -> None:
    call = led(action)
    call.mind("Now I will connect you with somebody who knows all about it.")
    call.voice()
    call.play(2100)
    call.sound(1.2, "No, please wait for me.")
    call.live(12)

    assert started(call) == [(action.type, "i will connect you")]
    assert wanted(call) == []
    assert call.end is None


@pytest.mark.parametrize("warm", [False, True])
def test_an_agent_that_announces_it_puts_the_callee_through(warm: bool) -> None:  # noqa: FBT001 - a case
    others = TransferCall(phone_number="+14155550188")
    call = led(others, TransferCall(phone_number=THEM, warm=warm, trigger=CONNECT))
    call.mind("I will connect you with the kitchen. Please hold the line.")
    call.live(8)

    (transfer,) = wanted(call)
    assert transfer.to == THEM
    assert transfer.text.startswith("I have somebody on the line for you.") is warm
    assert call.transcript[-1] == "agent: Please hold the line."
    call.step(events.TransferFailed(Reason.BUSY))
    call.live(4)
    assert call.transcript[-1] == "agent: I am sorry, I could not reach anybody."


def test_what_is_said_about_an_action_does_not_start_it_again() -> None:
    call = led(TransferCall(phone_number=THEM, trigger=OnPhrase(phrases=("somebody", "anybody"))))
    call.mind("I will find somebody.")
    call.live(4)
    call.step(events.TransferFailed(Reason.BUSY))
    call.live(10)
    assert call.transcript[-1] == "agent: I am sorry, I could not reach anybody."
    assert len(wanted(call)) == 1

    call.callee("Please try again.")
    call.mind("I will find somebody.")
    call.live(4)
    assert len(wanted(call)) == 2


def test_a_mind_reads_what_came_of_what_its_words_have_started() -> None:
    call = led(LOOK)
    call.mind("Of course, let me look.")
    call.live(2)
    (tool,) = tools(call)
    assert tool.arguments == {}
    assert len(call.asked) == 1
    call.step(ToolReturned(tool.number, "a table at eight"))

    told = [m for m in call.asked[-1].context if m.role is Role.INSTRUCTIONS]
    assert told[-1].text == "What was said has started look_up: a table at eight"
    call.mind("Let me look: there is one at eight.")
    call.live(4)
    assert call.transcript[-1] == "agent: Let me look: there is one at eight."
    assert len(tools(call)) == 1


def test_a_mind_is_told_that_what_was_started_still_goes_on() -> None:
    call = led(LOOK)
    call.mind("Of course, let me look.")
    call.live(2)
    call.callee("And by the window, please.")

    told = [m.text for m in call.asked[-1].context if m.role is Role.INSTRUCTIONS]
    assert told[-1] == "What was said has started look_up: it still goes on; its result will follow"


def test_an_action_that_wants_something_said_has_it_said() -> None:
    call = led(LOOK)
    call.mind("Of course, let me look.")
    call.live(2)
    call.step(ToolReturned(tools(call)[0].number, "{}", "There is a table at eight."))
    call.live(4)

    assert call.transcript[-1] == "agent: There is a table at eight."
    assert len(call.asked) == 1


def test_one_that_hears_and_speaks_itself_is_told_what_it_did_not_call() -> None:
    call = talking(**told_of(LOOK)).asked()
    call.says("a1", "Of course, let me look.", 600)
    call.play(600)
    (tool,) = tools(call)
    call.step(ToolFailed(tool.number, "it is closed"))

    assert call.notes[-1].role is Role.INSTRUCTIONS
    assert call.notes[-1].text == "What was said has started look_up: it failed: it is closed"
    assert len(call.all(AskMind)) == 2


def test_an_assistants_words_start_an_action_as_well() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, **told_of(EndCall(trigger=BYE))).greeted()
    call.step(events.SayAsked(7, "Thank you and have a nice day.", interrupt=False))
    call.go(4)

    assert call.end is not None
    assert call.receipts[0].result == "done"


@pytest.mark.parametrize(
    ("heard", "over"), [("Thank you and have a nice day.", True), ("Thank", False)]
)
def test_a_line_that_tells_what_was_heard_tells_whether_the_phrase_was(
    heard: str,
    over: bool,  # noqa: FBT001 - a case
) -> None:
    call = Shell(thinker=Thinker.ASSISTANT, **told_of(EndCall(trigger=BYE))).greeted()
    call.step(events.SayAsked(7, "Thank you and have a nice day.", interrupt=False))
    call.go(0.5)
    call.step(events.SaidAll() if over else events.CutOff(heard))
    call.go(1)

    assert call.transcript[-1].removesuffix(" -") == f"agent: {heard}"
    assert (call.end is not None) is over


def test_a_message_left_for_somebody_starts_nothing() -> None:
    call = led(EndCall(trigger=BYE), LOOK)
    call.step(events.QuietAsked(7, Quiet.ON_HOLD, "Please hold, and have a nice day."))
    call.live(4)
    assert call.end is None
    call.step(events.QuietAsked(8, None, "I am back, let me look."))
    call.live(4)

    assert call.end is None
    assert [tool.name for tool in tools(call)] == ["look_up"]


# ---- the callee has said it --------------------------------------------------------------------


def test_a_callee_who_says_the_phrase_to_the_interview_is_put_through() -> None:
    put = TransferCall(phone_number=THEM, trigger=HUMAN)
    call = Shell(**told_of(put)).greeted()
    call.says("I would rather talk to a human.")
    call.go(5)

    assert wanted(call) == [Transfer(THEM)]
    assert call.transcript[-1] == "agent: One moment, please."
    assert call.session.interview.results == {}


def test_a_callee_who_says_goodbye_is_told_so_before_the_agent_hangs_up() -> None:
    goodbye = EndCall(trigger=OnPhrase(phrases=("gotta go",), speaker="callee"))
    call = led(goodbye)
    call.mind("Good. For how many people?")
    call.hear_out()
    call.callee("Sorry, gotta go!")

    assert call.end is not None
    assert call.transcript[-1] == "agent: Thank you for your time. Goodbye."
    assert len(call.asked) == 1
    assert call.session.mind.dialogue.last_words == "Sorry, gotta go!"


def test_the_agent_saying_what_only_the_callee_may_say_starts_nothing() -> None:
    call = led(TransferCall(phone_number=THEM, trigger=HUMAN))
    call.mind("I am not a human.")
    call.live(4)

    assert started(call) == []


def test_a_request_goes_on_beside_the_answer() -> None:
    call = led(look_up(OnPhrase(phrases=("tonight",), speaker="callee")))
    call.mind("When?")
    call.hear_out()
    call.callee("Tonight at eight.")
    (tool,) = tools(call)
    assert len(call.asked) == 2
    call.mind("One moment.")
    call.step(ToolReturned(tool.number, "full"))

    assert any("has started look_up: full" in m.text for m in call.asked[-1].context)
    assert len(call.asked) == 3


def test_an_assistant_hears_what_was_said_and_need_not_answer_it() -> None:
    put = TransferCall(phone_number=THEM, trigger=HUMAN)
    call = Shell(thinker=Thinker.ASSISTANT, **told_of(put)).greeted()
    call.says("I want a human.")
    call.go(65)

    assert [f.text for f in call.facts if f.kind is Kind.TURN] == ["I want a human."]
    assert wanted(call) == [Transfer(THEM)]
    assert call.end is None


def test_the_first_of_two_that_take_the_agent_away_wins() -> None:
    second = EndCall(trigger=HUMAN)
    call = led(look_up(HUMAN), TransferCall(phone_number=THEM, trigger=HUMAN), second)
    call.step(MindDone(call.asked[-1].generation))
    call.callee("I want a human.")
    call.live(3)

    assert [name for name, _ in started(call)] == ["look_up", "transfer_call"]
    assert wanted(call) == [Transfer(THEM)]

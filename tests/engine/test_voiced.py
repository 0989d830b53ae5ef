"""A mind that hears the callee and speaks by itself: what it says, and what it is told."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.agent import TurnSettings
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.effects import Hold, ReplaceEars, Speak
from switchhook.engine.state import Stand
from switchhook.engine.thinking import LONGEST_ANSWER
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    MindAction,
    MindDone,
    ToolReturned,
    Truncate,
)
from tests.engine.talking import Talking, talking

WORDS = "There is a table at eight. "


# ---- what it says -------------------------------------------------------------------------------


def test_its_answer_is_played_as_it_comes_and_no_voice_is_asked() -> None:
    call = talking().asked()
    before = len(call.all(Speak))

    call.voices("a1", "There is a table ", 400)
    call.play(400)
    call.voices("a1", "at eight.", 600, last=True)
    call.step(MindDone(call.generation))
    call.play(600)

    assert call.transcript[-1] == "agent: There is a table at eight."
    assert [hold.item for hold in call.all(Hold)] == ["a1"]
    assert len(call.all(Speak)) == before
    assert call.all(Truncate) == []
    assert not call.session.mind.busy


def test_words_and_sound_need_not_keep_step() -> None:
    call = talking().asked()

    call.voices("a1", "", 400)
    call.voices("a1", "There is ")
    call.voices("a1", "a table.", 200)
    call.voices("a1", last=True)
    call.play(600)

    assert call.transcript[-1] == "agent: There is a table."


def test_it_is_asked_by_voice_and_never_before_the_turn_is_over() -> None:
    call = talking()
    call.step(events.CalleeHeard("A table", False, call.ms, call.ms, eager=True))  # noqa: FBT003 - a field
    call.wait(0.3)
    assert call.all(AskMind) == []

    call.asked("A table, please.")

    assert [ask.voiced for ask in call.all(AskMind)] == [True]


def test_who_interrupts_cuts_it_where_it_was_heard() -> None:
    call = talking().asked()
    call.says("a1", WORDS, 2600)
    call.play(1300)

    call.interrupted()

    (cut,) = call.all(Truncate)
    assert cut.item == "a1"
    assert abs(cut.heard_ms - 1300) <= 200
    assert call.transcript[-1] == f"agent: {cut.heard} -"
    assert WORDS.startswith(cut.heard)
    assert call.all(CancelMind) == []


def test_an_answer_in_the_making_is_cancelled_as_well() -> None:
    call = talking().asked()
    call.voices("a1", WORDS, 2600)
    call.play(1300)

    call.interrupted()

    assert call.all(CancelMind) == [CancelMind(call.generation)]
    assert len(call.all(Truncate)) == 1


def test_of_several_items_each_is_cut_for_itself() -> None:
    call = talking().asked()
    call.voices("a1", "Yes, of course. ", 600, last=True)
    call.voices("a2", WORDS, 2600, last=True)
    call.says("a3", "Well?", 400)
    first, second, _ = (hold.utterance for hold in call.all(Hold))
    call.utterance = first
    call.play(600)
    call.utterance = second
    call.play(1300)

    call.interrupted()

    cuts = {cut.item: cut.heard_ms for cut in call.all(Truncate)}
    assert cuts.keys() == {"a2", "a3"}
    assert cuts["a3"] == 0
    assert abs(cuts["a2"] - 1300) <= 200


def test_an_answer_nobody_has_heard_is_taken_back_and_not_begun_again() -> None:
    call = talking().asked()
    call.step(events.SpeechStarted(call.ms))
    call.voices("a1", WORDS, 600)

    call.step(events.HangUpAsked(1, Reason.API_HANGUP))
    call.voices("a1", "And more.", 600)

    assert call.all(Truncate) == [Truncate("a1", 0, "")]
    assert len(call.all(Hold)) == 1


def test_what_was_dropped_is_not_said_by_a_late_piece() -> None:
    call = talking().asked()
    call.voices("a1", "One. ", 600, last=True)
    call.voices("a1", "Late.", 200)

    assert len(call.all(Hold)) == 1
    call.play(600)
    assert call.transcript[-1] == "agent: One."


def test_an_answer_that_never_ends_is_ended() -> None:
    call = talking().asked()
    call.voices("a1", "and so on " * (LONGEST_ANSWER // 10 + 1), 600)
    call.play(600)

    assert call.all(CancelMind) == [CancelMind(call.generation)]
    assert call.transcript[-1].startswith("agent: and so on")
    assert call.transcript[-1].endswith(" -")


def test_an_item_that_is_not_ended_ends_with_its_answer() -> None:
    call = talking().asked()
    call.voices("a2", "nothing")
    call.voices("a1", "There is ", 600)
    call.step(MindDone(call.generation))
    call.play(600)

    assert call.session.mute
    assert call.transcript[-1] == "agent: There is -"


def test_it_may_hang_up_when_its_goodbye_was_heard() -> None:
    call = talking().asked()
    call.voices("a1", "Goodbye.", 600, last=True)
    call.step(MindAction(call.generation, "c1", "end_call", "{}"))
    call.step(MindDone(call.generation))
    call.play(600)

    assert call.end is not None
    assert call.end.reason is Reason.AGENT_HANGUP
    assert call.transcript[-1] == "agent: Goodbye."


# ---- what it is told ----------------------------------------------------------------------------


def test_it_is_told_what_was_said_for_it() -> None:
    call = talking()

    assert [note.role for note in call.notes] == [Role.AGENT, Role.AGENT]
    assert call.notes[1].text == "I call about a table."


def test_a_mind_that_writes_is_told_nothing_of_that() -> None:
    call = talking(duplex=False).asked()
    call.step(events.DigitPressed("1"))

    assert call.notes == []
    assert call.all(AskMind)[-1].voiced is False


def test_it_is_told_what_was_pressed_and_what_it_is_asked_to_consider() -> None:
    call = talking()
    call.step(events.DigitPressed("4"))
    call.step(events.DigitPressed("#"))
    call.step(events.GuideAsked(1, "Ask for a discount."))

    keys, guidance = call.notes[-2:]
    assert keys == Message(Role.CALLEE, "[pressed 4 on the telephone]")
    assert guidance == Message(Role.INSTRUCTIONS, "Ask for a discount.")


def test_it_is_told_what_came_of_its_actions_and_asked_again() -> None:
    call = talking().asked()
    call.voices("a1", "One moment.", 400, last=True)
    call.step(MindAction(call.generation, "c1", "look", "{}"))
    call.step(MindDone(call.generation))
    (tool,) = call.all(CallTool)
    before = call.generation

    call.step(ToolReturned(tool.number, "a table at eight"))

    assert call.notes[-1] == Message(Role.RESULT, "a table at eight", "look", "c1")
    assert call.generation == before + 1


def test_it_is_told_what_is_wrong_with_an_action() -> None:
    call = talking().asked()
    call.step(MindAction(call.generation, "c1", "fly", "{}"))

    assert call.notes[-1].text == "it was not done: there is no such action"


# ---- what nobody writes down --------------------------------------------------------------------


def test_what_nobody_wrote_down_is_answered_all_the_same() -> None:
    call = talking()
    call.sound(1.2)
    call.wait(2.0)

    assert len(call.all(AskMind)) == 1
    assert not any(line.startswith("callee") for line in call.transcript)
    assert call.all(ReplaceEars) == []


def test_words_that_come_after_their_answer_are_written_down_and_not_answered_again() -> None:
    call = talking()
    start = call.ms
    call.sound(1.2)
    call.wait(2.0)

    call.step(
        events.CalleeHeard("A table", False, start, start + 1000, certain=True)  # noqa: FBT003 - a field
    )
    call.wait(2.0)

    assert call.transcript[-1] == "callee: A table"
    assert len(call.all(AskMind)) == 1
    call.step(events.CalleeHeard("A", False, start, start + 500))  # noqa: FBT003 - as above
    assert call.transcript[-1] == "callee: A table"


@pytest.mark.parametrize(("seconds", "asked"), [(0.4, 0), (6.0, 1)])
def test_a_mere_sound_is_let_pass_and_a_long_one_is_not_the_ears_fault(
    seconds: float, asked: int
) -> None:
    call = talking()
    call.sound(seconds)
    call.wait(2.0)

    assert len(call.all(AskMind)) == asked
    assert call.all(ReplaceEars) == []


# ---- where it finds the ends of turns -----------------------------------------------------------


DECIDES = TurnSettings(endpointing_mode="provider")


def over(call: Talking) -> None:
    """Let the model find that the callee has finished."""
    call.step(events.CalleeHeard("", True, call.ms, call.ms))  # noqa: FBT003 - a field


def known(**brief: Any) -> Talking:
    """A call in which it is clear that a person answered."""
    call = talking(turns=DECIDES, **brief)
    call.session.reception.stand = Stand.KNOWN
    return call


def test_a_turn_that_it_finds_over_is_answered_at_once_however_short() -> None:
    call = known()
    call.sound(0.4)

    over(call)

    assert [ask.voiced for ask in call.all(AskMind)] == [True]


def test_a_turn_that_we_did_not_hear_is_a_turn_all_the_same() -> None:
    call = known()

    over(call)

    assert len(call.all(AskMind)) == 1


def test_words_that_follow_such_an_end_are_written_down_once() -> None:
    call = known()
    start = call.ms
    call.sound(0.4)
    over(call)

    call.words("A table", start_ms=start, certain=True)
    call.wait(4.0)

    assert call.transcript[-1] == "callee: A table"
    assert len(call.all(AskMind)) == 1


def test_until_it_finds_the_end_the_callee_is_waited_for_longer_than_by_us() -> None:
    call = known()
    call.sound(1.2)

    call.wait(2.5)
    assert call.all(AskMind) == []

    call.wait(1.0)
    assert len(call.all(AskMind)) == 1


@pytest.mark.parametrize("said", ["mhm", "no, stop, please"])
def test_what_is_said_over_the_agent_waits_for_its_words(said: str) -> None:
    call = known().asked()
    asked = len(call.all(AskMind))
    call.says("a1", WORDS * 3, 7800)
    call.play(1300)
    call.step(events.SpeechStarted(call.ms))
    start = call.ms
    call.play(300)
    call.step(events.SpeechStopped(call.ms))

    over(call)
    assert len(call.all(AskMind)) == asked

    call.words(said, start_ms=start, certain=True)
    call.wait(0.1)
    answers = len(call.all(AskMind)) - asked
    assert answers == (0 if said == "mhm" else 1)


def test_a_sound_over_the_agent_that_brings_no_words_is_let_pass() -> None:
    call = known().asked()
    asked = len(call.all(AskMind))
    call.says("a1", WORDS * 3, 7800)
    call.play(1300)
    call.step(events.SpeechStarted(call.ms))
    call.play(300)
    call.step(events.SpeechStopped(call.ms))

    over(call)
    call.play(7000)

    assert len(call.all(AskMind)) == asked


def test_who_answered_is_found_out_by_words() -> None:
    call = talking(turns=DECIDES)
    call.sound(1.2)
    over(call)
    assert call.all(AskMind) == []

    call.words("A table, please.", certain=True)
    call.wait(0.1)
    assert len(call.all(AskMind)) == 1


@pytest.mark.parametrize("brief", [{"turns": TurnSettings()}, {"turns": DECIDES, "duplex": False}])
def test_nobody_else_ends_a_turn_without_words(brief: dict[str, Any]) -> None:
    call = talking(**brief)
    call.session.reception.stand = Stand.KNOWN
    call.sound(0.4)

    over(call)

    assert call.all(AskMind) == []


def test_more_words_to_come_end_no_turn() -> None:
    call = known()
    call.sound(0.4)

    call.step(events.CalleeHeard("", False, call.ms, call.ms))  # noqa: FBT003 - a field

    assert call.all(AskMind) == []

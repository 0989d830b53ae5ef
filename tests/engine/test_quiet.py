"""An agent that is muted, or has put the callee on hold, says nothing until it may again."""

from __future__ import annotations

import pytest

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import PlayMusic
from switchhook.engine.events import Quiet
from tests.engine.leading import Led
from tests.engine.shell import Shell


def music(call: Shell) -> list[bool]:
    return [effect.on for effect in call.effects if isinstance(effect, PlayMusic)]


def quiet(call: Shell, wanted: Quiet | None, text: str = "") -> None:
    call.step(events.QuietAsked(7, wanted, text))


def test_a_muted_agent_stops_at_once_and_answers_later() -> None:
    call = Shell().into_opening()
    quiet(call, Quiet.MUTED)
    assert call.receipts[-1].result == "done"
    before = len(call.transcript)
    call.says("Yes, sure.")
    call.go(100)
    assert [line for line in call.transcript[before:] if line.startswith("agent")] == []
    assert call.end is None

    quiet(call, None)
    call.go(8)
    assert call.transcript[-1].startswith("agent: ")
    assert music(call) == []


def test_somebody_on_hold_is_asked_to_wait_and_hears_music() -> None:
    call = Shell(thinker=Thinker.ASSISTANT).greeted()
    quiet(call, Quiet.ON_HOLD)
    assert music(call) == []
    call.go(30)
    assert call.transcript[-1] == "agent: One moment, please."
    assert music(call) == [True]

    quiet(call, None, "Thank you for waiting.")
    call.go(5)
    assert music(call) == [True, False]
    assert call.transcript[-1] == "agent: Thank you for waiting."
    assert [receipt.result for receipt in call.receipts] == ["done", "done"]


def test_the_words_before_the_hold_are_the_commands_own() -> None:
    call = Shell().greeted()
    quiet(call, Quiet.ON_HOLD, "I am asking the kitchen.")
    call.go(5)

    assert call.transcript[-1] == "agent: I am asking the kitchen."


def test_a_call_on_hold_ends_with_a_goodbye_and_without_music() -> None:
    call = Shell().greeted()
    quiet(call, Quiet.ON_HOLD)
    call.go(5)
    call.step(events.HangUpAsked(8, Reason.API_HANGUP))
    call.go(10)

    assert music(call) == [True, False]
    assert call.transcript[-1] == "agent: Thank you for your time. Goodbye."


def test_a_quiet_agent_is_not_told_to_speak_or_press() -> None:
    call = Shell().greeted()
    quiet(call, None)
    assert "neither muted nor on hold" in call.receipts[-1].detail
    quiet(call, Quiet.MUTED)
    for command in (events.SayAsked(8, "Hi."), events.KeysAsked(9, "1")):
        call.step(command)
        assert call.receipts[-1].result == "refused"
        assert "unmute" in call.receipts[-1].detail


def test_a_mind_considers_what_it_is_told_meanwhile() -> None:
    call = Led().answered()
    call.step(events.GuideAsked(3, "They only have half past seven: take it."))
    call.callee("At half past seven.")

    assert "instructions: They only have half past seven: take it." in [
        f"{message.role}: {message.text}" for message in call.asked[-1].context
    ]
    assert call.receipts[-1].result == "done"
    notes = [fact.text for fact in call.facts if fact.kind is Kind.NOTE]
    assert "guided: They only have half past seven: take it." in notes


@pytest.mark.parametrize("thinker", [Thinker.INTERVIEW, Thinker.ASSISTANT])
def test_who_is_no_mind_of_its_own_cannot_be_guided(thinker: Thinker) -> None:
    call = Shell(thinker=thinker).greeted()
    call.step(events.GuideAsked(3, "Be brief."))

    assert "cannot be guided" in call.receipts[-1].detail

"""Who answered, in whole conversations."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.agent import VoicemailSettings
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import ListenForTones
from switchhook.engine.screening import Tone, Verdict
from tests.engine.shell import Shell

MESSAGE = VoicemailSettings(voicemail_message="Please call Rosa back.")
GREETING = "Hi, this is Sam. Please leave a message after the tone."
LEFT = "agent: Hello, this is an AI assistant calling for Rosa. Please call Rosa back."
MENU = "For sales press one, for service press two."


def machine(**known: Any) -> Shell:
    """A machine has just said its greeting."""
    call = Shell(**{"voicemail": MESSAGE} | known).picked_up(0.3)
    call.says(GREETING, 4.0)
    return call


def beeps(call: Shell) -> None:
    """A beep has just ended, which takes a moment to be sure of."""
    call.go(0.12)
    call.step(events.ToneHeard(Tone.BEEP, call.ms - 120))


def answered_by(call: Shell) -> list[str]:
    return [f.data["answered_by"] for f in call.facts if "answered_by" in f.data]


def test_the_message_starts_right_after_the_beep() -> None:
    """S58: not 300 ms later, and it is heard whole before the call ends."""
    call = machine()
    call.go(0.3)
    ends = call.now
    beeps(call)
    call.go(0.02)

    assert call.mouth.left > 0
    assert call.now - ends <= 0.3
    call.go(20)
    assert call.transcript[-1] == LEFT
    assert call.end is not None
    assert call.end.reason is Reason.VOICEMAIL_LEFT


def test_without_a_beep_the_message_starts_after_a_second_and_a_half() -> None:
    """S58, S56: and the end is a different one."""
    call = machine()
    call.go(1.0)
    plays = len(call.plays)
    assert not [line for line in call.transcript if line == LEFT]
    call.go(0.6)

    assert len(call.plays) == plays + 1
    call.go(15)
    assert call.end is not None
    assert call.end.reason is Reason.VOICEMAIL_LEFT
    assert call.end.outcome.summary.startswith("A voicemail answered.")


def test_a_message_that_began_before_the_beep_begins_again() -> None:
    call = machine()
    call.go(2.5)
    beeps(call)
    call.go(20)

    assert [play.from_ms for play in call.plays[-2:]] == [0, 0]
    assert call.plays[-1].utterance == call.plays[-2].utterance
    assert call.transcript.count(LEFT) == 1


@pytest.mark.parametrize(
    "settings",
    [VoicemailSettings(), VoicemailSettings(on_no_human_answer="hangup", voicemail_message="Hi")],
    ids=["no message", "hang up"],
)
def test_without_a_message_nobody_talks_to_a_machine(settings: VoicemailSettings) -> None:
    """S56: the end says that it was a machine."""
    call = machine(voicemail=settings)
    call.go(2)

    assert call.end is not None
    assert call.end.reason is Reason.VOICEMAIL_HANGUP
    assert f"callee: {GREETING}" in call.transcript
    assert answered_by(call) == ["voicemail"]


def test_words_that_machines_say_are_not_answered_while_that_is_open() -> None:
    call = machine()

    assert not [f for f in call.facts if f.kind is Kind.QUESTION]
    call.go(0.5)
    assert call.session.unanswered or call.session.caller.text or call.session.turns


@pytest.mark.parametrize(
    "words", ["He's not available at the moment.", "I'm busy right now.", "Hello, who is this?"]
)
def test_somebody_who_is_not_available_is_a_person(words: str) -> None:
    """S53: the words of a person who answers."""
    call = Shell(voicemail=MESSAGE).picked_up(0.3)
    call.says(words, 1.5)
    call.go(6)

    assert answered_by(call) == ["human"]
    assert call.end is None


def test_a_long_greeting_by_a_person_does_not_end_the_call() -> None:
    """S54: how long somebody speaks proves nothing, and two turns prove a person."""
    call = Shell().picked_up(0.3)
    call.starts()
    call.go(7)
    call.words("Good morning, you are through to the office of Doctor Miller in Market Street.")
    call.stops()
    call.go(3)
    assert answered_by(call) == ["voicemail"]
    assert call.end is None

    call.go(15)
    for _ in range(3):
        call.says("Yes, sure.")
        call.go(8)

    assert answered_by(call)[-1] in {"human", "uncertain"}
    assert call.end is None or call.end.reason is Reason.AGENT_HANGUP


def test_a_late_verdict_of_the_carrier_is_noted_and_nothing_else() -> None:
    """S55: nobody who is talking is cut off."""
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    for words in ("Good morning, Miller.", "What can I do for you today?"):
        call.says(words)
        call.go(1)
    call.step(events.MachineVerdict(Verdict.VOICEMAIL))
    call.go(1)

    assert call.end is None or call.end.reason is not Reason.VOICEMAIL_HANGUP
    assert any(f.data == {"carrier": "voicemail"} for f in call.facts)


def test_an_early_verdict_of_the_carrier_counts() -> None:
    call = Shell().picked_up(1.0)
    call.step(events.MachineVerdict(Verdict.VOICEMAIL))

    assert call.end is not None
    assert call.end.reason is Reason.VOICEMAIL_HANGUP


def test_a_screening_assistant_is_told_once_who_calls_and_why() -> None:
    """S57: then a person may take half a minute."""
    call = Shell().picked_up(0.3)
    call.says("Please state your name and why you're calling.", 2.5)
    call.go(10)
    told = "agent: I am an AI assistant calling for Rosa. I am calling about a table for four."
    assert call.transcript.count(told) == 1
    call.says("Please state your name and why you're calling.", 2.5)
    call.go(15)
    assert call.transcript.count(told) == 1
    assert call.end is None
    assert "agent: Are you still there?" not in call.transcript

    call.says("Hello?", 0.5)
    call.says("Yes, sure.", 0.8)
    call.go(5)

    assert call.transcript[-1].startswith("agent: All right.")


def test_nobody_behind_a_screening_assistant_is_waited_for_for_ever() -> None:
    call = Shell().picked_up(0.3)
    call.says("Please state your name and why you're calling.", 2.5)
    call.go(60)

    assert call.end is not None
    assert call.end.reason is Reason.INACTIVITY


def test_a_number_that_is_not_in_service_ends_the_call() -> None:
    call = Shell().picked_up(0.3)
    call.step(events.ToneHeard(Tone.SPECIAL_INFORMATION, 300))

    assert call.end is not None
    assert call.end.reason is Reason.DIAL_FAILED
    assert call.end.outcome.summary.startswith("The number could not be reached.")
    assert answered_by(call) == ["unavailable"]


def test_a_network_that_says_so_in_words_ends_the_call_as_its_tones_do() -> None:
    call = Shell().picked_up(0.3)
    call.says("The number you have dialed is not in service.", 2.5)

    assert call.end is not None
    assert call.end.reason is Reason.DIAL_FAILED


def test_the_interview_is_silent_at_a_menu_and_leaves_when_it_goes_round() -> None:
    """S60: the same menu three times."""
    call = Shell(navigates_menus=True).greeted()
    for _ in range(3):
        assert call.end is None
        call.says(MENU, 3.0)
        call.go(20)

    assert call.end is not None
    assert call.end.reason is Reason.IVR_REACHED
    assert len([line for line in call.transcript if line.startswith("agent")]) == 2


def test_an_assistant_hears_the_menu_and_presses_keys() -> None:
    """S59: tones are sent, no words about them, and each key once."""
    call = Shell(thinker=Thinker.ASSISTANT, navigates_menus=True, task="").greeted()
    call.says(MENU, 3.0)
    call.go(1.0)
    assert [f.data["heard"] for f in call.facts if f.kind is Kind.TURN] == [MENU]
    call.step(events.KeysAsked(1, "2"))
    call.go(3)

    assert [f.data for f in call.facts if f.kind is Kind.DIGITS] == [
        {"digits": "2", "from": "agent"}
    ]
    assert call.receipts[-1].result == "done"
    assert not [line for line in call.transcript if "press" in line and line.startswith("agent")]


def test_a_menu_is_hung_up_on_where_only_people_count() -> None:
    call = Shell(voicemail=VoicemailSettings(on_no_human_answer="hangup")).greeted()
    call.says(MENU, 3.0)
    call.go(1)

    assert call.end is not None
    assert call.end.reason is Reason.IVR_REACHED


def test_an_agent_that_does_not_navigate_talks_to_a_menu_as_to_anybody() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, task="").greeted()
    call.says(MENU, 3.0)
    call.go(1)

    assert [f.data["heard"] for f in call.facts if f.kind is Kind.TURN] == [MENU]


def test_tones_are_listened_for_until_it_is_known_who_answered() -> None:
    call = Shell(idle_seconds=60).picked_up(0.1)
    call.go(20)

    assert [e.wanted for e in call.effects if isinstance(e, ListenForTones)] == [True, False]
    call.step(events.ToneHeard(Tone.BEEP, 0))
    assert call.end is None


def test_a_beep_without_words_is_a_machine() -> None:
    call = Shell(voicemail=MESSAGE).picked_up(0.3)
    call.starts()
    call.go(2)
    call.stops()
    beeps(call)
    call.go(15)

    assert call.end is not None
    assert call.end.reason is Reason.VOICEMAIL_LEFT


def test_nothing_is_sensed_before_somebody_picks_up() -> None:
    assert Shell().step(events.SpeechStarted(0)) == []


def test_a_welcome_before_the_menu_belongs_to_it() -> None:
    call = Shell(thinker=Thinker.ASSISTANT, task="", navigates_menus=True).greeted()
    call.says("Welcome to Miller and sons.", 2.0)
    call.go(0.8)
    call.says(MENU, 3.0)
    call.go(1)

    assert len(call.session.reception.loop.prompts) == 2
    assert call.end is None

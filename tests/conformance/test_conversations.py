"""What a callee experiences is the same over every line, whoever thinks."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchhook.domain.lifecycle import Reason, State
from switchhook.testing import HangsUp, Interrupts, Listens, Presses, Said, Waits
from tests.conformance.conversations import (
    GOODBYE,
    LINES,
    MESSAGE,
    MINDS,
    OPENING,
    hold,
)

pytestmark = [pytest.mark.parametrize("line", LINES), pytest.mark.parametrize("mind", MINDS)]


def test_hello_an_answer_and_a_goodbye_that_is_heard(tmp_path: Path, line: str, mind: str) -> None:
    script = [Said("Hello?"), *[Listens(1.5), Said("Yes, it is.")] * 4, Waits(60)]
    call = hold(tmp_path, line, mind, script)

    assert call.record.state is State.ENDED
    assert call.record.reason in {Reason.AGENT_HANGUP, Reason.API_HANGUP}
    assert call.said_by("callee")[:2] == ["Hello?", "Yes, it is."]
    assert call.said_by("agent")[0].startswith("Hello, this is an AI assistant")
    assert OPENING in " ".join(call.said_by("agent"))
    last = call.lines[-1]
    assert (last.speaker, last.interrupted) == ("agent", False)
    assert last.text.casefold().endswith("goodbye.")
    assert call.heard.casefold().endswith("goodbye.")
    assert mind == "interview" or GOODBYE in call.said_by("agent")


def test_a_callee_who_interrupts_is_answered_and_nothing_unheard_is_in_the_transcript(
    tmp_path: Path, line: str, mind: str
) -> None:
    script = [
        Said("Hello?"),
        Waits(until_heard="table"),
        Interrupts("Sorry, who is this?", 0),
        Waits(until_heard="assistant"),
        Waits(1.0),
        HangsUp(),
    ]
    call = hold(tmp_path, line, mind, script)

    cut = [spoken for spoken in call.lines if spoken.interrupted]
    assert cut
    assert cut[0].text != OPENING
    assert cut[0].text in OPENING
    assert call.after("Sorry, who is this?")


def test_somebody_who_only_shows_that_they_listen_interrupts_nobody(
    tmp_path: Path, line: str, mind: str
) -> None:
    script = [Said("Hello?"), Waits(until_heard="table"), Said("Mhm."), Waits(5.0), HangsUp()]
    call = hold(tmp_path, line, mind, script)

    assert any(OPENING in spoken.text for spoken in call.lines if not spoken.interrupted)


def test_a_callee_who_says_nothing_is_asked_and_left(tmp_path: Path, line: str, mind: str) -> None:
    call = hold(tmp_path, line, mind, [Said("Hello?"), Waits(300)])

    assert call.record.reason is Reason.INACTIVITY
    assert any("there?" in text for text in call.said_by("agent"))


def test_a_callee_who_hangs_up_has_hung_up(tmp_path: Path, line: str, mind: str) -> None:
    call = hold(tmp_path, line, mind, [Said("Hello?"), Waits(until_heard="table"), HangsUp()])

    assert (call.record.state, call.record.reason) == (State.ENDED, Reason.USER_HANGUP)
    assert call.lines[-1].interrupted


def test_a_nine_is_the_wish_not_to_be_called(tmp_path: Path, line: str, mind: str) -> None:
    script = [Said("Hello?"), Waits(until_heard="table"), Presses("9"), Waits(60)]
    call = hold(tmp_path, line, mind, script)

    assert call.record.reason is Reason.USER_REQUESTED_DNC


def test_a_machine_is_left_the_message(tmp_path: Path, line: str, mind: str) -> None:
    greeting = "You have reached Bella. Please leave a message after the tone."
    call = hold(tmp_path, line, mind, [Said(greeting), Waits(60)])

    assert call.record.reason is Reason.VOICEMAIL_LEFT
    assert call.said_by("agent")[-1].endswith(MESSAGE)

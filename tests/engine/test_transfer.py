"""A callee who is to be connected with somebody else waits with music, and is never lost."""

from __future__ import annotations

import pytest

from switchhook.domain.actions import TransferCall
from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, transfer
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import DropTransfer, Effect, PlayMusic, Transfer
from switchhook.engine.events import Quiet
from switchhook.engine.offers import offered
from switchhook.engine.thoughts import CancelMind
from tests.engine.conversation import Conversation
from tests.engine.leading import Led
from tests.engine.shell import Shell

THEM, OTHERS = "+14155550177", "+14155550188"
SORRY = "agent: I am sorry, I could not reach anybody."


def wanted(call: Conversation) -> list[Effect]:
    return [e for e in call.effects if isinstance(e, Transfer | DropTransfer)]


def results(call: Conversation) -> list[str]:
    return [f.data["result"] for f in call.facts if f.data.get("action") == "transfer"]


def transferring(text: str = "") -> Shell:
    """Return a call whose callee waits while somebody's telephone rings."""
    call = Shell().greeted()
    call.step(events.TransferAsked(7, THEM, text))
    call.go(5)
    return call


def music(call: Conversation) -> list[bool]:
    return [effect.on for effect in call.effects if isinstance(effect, PlayMusic)]


def test_nobody_is_dialled_before_the_callee_has_heard_that_they_are_to_wait() -> None:
    call = Shell().into_opening()
    call.step(events.TransferAsked(7, THEM, "A guest is on the line."))
    assert wanted(call) == []
    call.go(5)

    assert call.transcript[-1] == "agent: One moment, please."
    assert wanted(call) == [Transfer(THEM, "A guest is on the line.")]
    assert music(call) == [True]


def test_a_callee_who_is_connected_has_left_us() -> None:
    call = transferring()
    call.step(events.TransferJoining())
    call.step(events.LineGone())
    assert call.end is None
    call.step(events.TransferDone())

    assert call.end is not None
    assert call.end.reason is Reason.TRANSFER_COMPLETED
    assert [receipt.result for receipt in call.receipts] == ["done"]
    assert results(call) == ["begun", "done"]
    assert wanted(call) == [Transfer(THEM)]


@pytest.mark.parametrize("reason", [Reason.BUSY, Reason.NO_ANSWER, Reason.DECLINED])
def test_a_callee_whom_nobody_takes_is_told_so_and_asked_on(reason: Reason) -> None:
    call = transferring()
    call.step(events.TransferFailed(reason, "the carrier says so"))
    call.go(10)

    assert call.transcript[-1] == f"{SORRY} {call.session.interview.blank.question}"
    assert music(call) == [True, False]
    (receipt,) = call.receipts
    assert receipt.result == "refused"
    assert receipt.detail == f"the transfer failed ({reason.value}: the carrier says so)"
    assert [f.data.get("reason") for f in call.facts if f.kind is Kind.CONTROL][-1] == reason.value
    call.says("Yes.")
    call.go(8)
    assert call.transcript[-1].startswith("agent: ")
    assert call.end is None


def test_a_callee_who_hangs_up_meanwhile_has_nobody_called_for_them() -> None:
    call = transferring()
    call.step(events.LineGone())

    assert call.end is not None
    assert call.end.reason is Reason.USER_HANGUP
    assert wanted(call) == [Transfer(THEM), DropTransfer()]
    assert call.receipts[-1].detail == "the call has ended"


def test_a_line_that_went_while_the_move_failed_is_a_callee_who_hung_up() -> None:
    call = transferring()
    call.step(events.TransferJoining())
    call.step(events.LineGone())
    call.step(events.TransferFailed(Reason.DIAL_FAILED))

    assert call.end is not None
    assert call.end.reason is Reason.USER_HANGUP
    assert call.receipts[-1].detail == "the transfer failed (dial_failed)"


def test_a_call_that_is_resumed_takes_the_callee_back() -> None:
    call = transferring()
    call.step(events.QuietAsked(8, None, "I am back."))
    call.go(4)
    assert wanted(call) == [Transfer(THEM), DropTransfer()]
    assert call.transcript[-1] == "agent: I am back."

    # What comes of it after that is nobody's business.
    call.step(events.TransferFailed(Reason.BUSY))
    call.step(events.TransferDone())
    assert call.end is None


def test_a_callee_who_is_being_connected_cannot_be_taken_back() -> None:
    call = transferring()
    call.step(events.TransferJoining())
    call.step(events.LineGone())
    call.step(events.QuietAsked(8, None, "I am back."))

    assert call.receipts[-1].result == "refused"
    assert "being connected" in call.receipts[-1].detail
    call.step(events.TransferDone())
    assert call.end is not None
    assert call.end.reason is Reason.TRANSFER_COMPLETED


def test_a_call_that_is_ended_while_the_line_is_gone_says_goodbye_to_nobody() -> None:
    call = transferring()
    said = len(call.transcript)
    call.step(events.TransferJoining())
    call.step(events.LineGone())
    call.step(events.HangUpAsked(8, Reason.API_HANGUP))

    assert call.end is not None
    assert call.end.reason is Reason.API_HANGUP
    assert len(call.transcript) == said
    assert wanted(call) == [Transfer(THEM), DropTransfer()]


@pytest.mark.parametrize(
    "command", [events.TransferAsked(8, OTHERS), events.QuietAsked(8, Quiet.MUTED)]
)
def test_a_callee_is_transferred_once_at_a_time(command: events.Asked) -> None:
    call = transferring()
    call.step(command)

    assert call.receipts[-1].result == "refused"
    assert "being transferred" in call.receipts[-1].detail
    assert wanted(call) == [Transfer(THEM)]


def test_a_call_that_is_ended_connects_nobody() -> None:
    call = transferring()
    call.step(events.HangUpAsked(8, Reason.API_HANGUP))
    call.go(10)

    assert wanted(call) == [Transfer(THEM), DropTransfer()]
    assert call.transcript[-1] == "agent: Thank you for your time. Goodbye."


def test_whoever_asked_is_told_that_it_still_rings() -> None:
    call = transferring()
    call.go(transfer.RECEIPT_PATIENCE)
    assert [receipt.result for receipt in call.receipts] == ["begun"]

    call.step(events.TransferFailed(Reason.NO_ANSWER))
    assert len(call.receipts) == 1
    assert results(call) == ["begun", "failed"]


def test_a_call_that_is_over_is_not_transferred() -> None:
    call = Shell().greeted()
    call.step(events.LineGone())
    call.step(events.TransferAsked(7, THEM))

    assert call.receipts[-1].detail == "there is no conversation"


def test_what_is_said_to_whoever_is_asked_to_take_the_call_is_written_down() -> None:
    call = transferring("A guest.")
    call.step(events.TransferTold("A guest. Will you take the call?", by_them=False))
    call.step(events.TransferTold("Yes.", by_them=True))

    notes = [fact for fact in call.facts if fact.data.get("said")]
    assert [note.text for note in notes] == [
        f"told {THEM}: A guest. Will you take the call?",
        f"{THEM} said: Yes.",
    ]
    assert [note.data["speaker"] for note in notes] == ["agent", "target"]
    assert "A guest" not in " ".join(call.transcript)

    call.step(events.TransferFailed(Reason.DECLINED))
    call.step(events.TransferTold("Goodbye.", by_them=False))
    assert len([fact for fact in call.facts if fact.data.get("said")]) == 2


# ---- what the agent wants by itself ----------------------------------------------------------


def test_somebody_who_asks_for_a_person_is_put_through() -> None:
    call = Shell(transfers=(TransferCall(phone_number=THEM), TransferCall(phone_number=OTHERS)))
    call.greeted()
    call.says("Can I speak to a human?")
    call.go(6)

    assert call.transcript[-1] == "agent: One moment, please."
    assert wanted(call) == [Transfer(THEM)]
    call.step(events.TransferFailed(Reason.BUSY))
    call.go(8)
    assert call.transcript[-1].startswith(SORRY)


def test_a_callee_who_does_not_wait_for_the_person_they_asked_for_has_hung_up() -> None:
    call = Shell(transfers=(TransferCall(phone_number=THEM),)).greeted()
    call.says("Can I speak to a human?")
    call.go(40)
    call.step(events.LineGone())

    assert wanted(call) == [Transfer(THEM), DropTransfer()]
    assert call.receipts == []


def test_whoever_is_asked_to_take_the_call_is_told_what_it_is_about() -> None:
    call = Shell(transfers=(TransferCall(phone_number=THEM, warm=True),)).greeted()
    call.says("Can I speak to a human?")
    call.go(6)
    nobody = Shell(transfers=(TransferCall(phone_number=THEM, warm=True),), task="").greeted()
    nobody.says("Can I speak to a human?")
    nobody.go(6)

    (asked,) = wanted(call)
    assert isinstance(asked, Transfer)
    assert asked.text.startswith("I have somebody on the line for you. ")
    assert wanted(nobody) == [Transfer(THEM, "I have somebody on the line for you.")]


def led(*transfers: TransferCall) -> Led:
    call = Led(transfers=transfers, offers=offered(transfers))
    call.answered()
    call.callee("I want a person.")
    return call


def test_a_mind_is_heard_out_before_the_callee_is_put_through() -> None:
    call = led(TransferCall(phone_number=THEM))
    call.mind("I will connect you with the kitchen.", over=False)
    call.act("transfer_call")
    call.mind(" And another thing.")
    assert wanted(call) == []
    assert call.counted(CancelMind) == 1
    call.live(3)

    assert call.transcript[-1] == "agent: I will connect you with the kitchen."
    assert wanted(call) == [Transfer(THEM)]


def test_a_callee_who_interrupts_the_announcement_is_not_put_through() -> None:
    call = led(TransferCall(phone_number=THEM))
    call.mind("I will connect you with the kitchen and they will help.", over=False)
    call.act("transfer_call")
    call.mind()
    call.voice()
    call.play(600)
    call.sound(1.2, "No, wait, I do not want that.")
    call.live(3)

    assert wanted(call) == []
    assert results(call) == ["interrupted"]
    assert "agent: I will -" in call.transcript
    told = [message.text for message in call.asked[-1].context]
    assert any("they were not transferred" in text for text in told)
    call.mind("All right, then tell me more.")
    call.live(4)
    assert call.transcript[-1] == "agent: All right, then tell me more."


def test_a_mind_that_says_nothing_lets_the_callee_be_told_to_wait() -> None:
    call = led(TransferCall(phone_number=THEM, warm=True), TransferCall(phone_number=OTHERS))
    call.act("transfer_call", f'{{"to": "{OTHERS}", "about": "A wrong bill."}}')
    call.act("transfer_call", f'{{"to": "{THEM}"}}')
    call.live(3)

    assert call.transcript[-1] == "agent: One moment, please."
    assert wanted(call) == [Transfer(OTHERS)]


def test_a_mind_tells_whoever_takes_the_call_what_it_is_about() -> None:
    call = led(TransferCall(phone_number=THEM, warm=True))
    call.act("transfer_call", '{"about": "A wrong bill."}')
    call.live(3)

    assert wanted(call) == [Transfer(THEM, "A wrong bill.")]


def test_a_mind_learns_that_nobody_took_the_call() -> None:
    call = led(TransferCall(phone_number=THEM))
    call.act("transfer_call")
    call.live(3)
    call.step(events.TransferFailed(Reason.BUSY))
    call.live(4)
    assert call.transcript[-1] == SORRY
    call.callee("And now?")

    told = [message.text for message in call.asked[-1].context]
    assert any("The transfer failed (busy)" in text for text in told)


def test_an_assistant_is_not_spoken_for() -> None:
    call = Shell(thinker=Thinker.ASSISTANT).greeted()
    call.step(events.TransferAsked(7, THEM))
    call.go(5)
    call.step(events.TransferFailed(Reason.NO_ANSWER))
    call.go(5)

    assert call.transcript[-1] == SORRY


def test_an_agent_without_anybody_to_transfer_to_transfers_nobody() -> None:
    call = Led(offers=offered((TransferCall(phone_number=THEM),))).answered()
    call.callee("I want a person.")
    call.act("transfer_call")
    call.live(3)

    assert wanted(call) == []


@pytest.mark.parametrize(
    ("said", "takes"),
    [("1", True), (" Yes, please.", True), ("No, thanks.", False), ("2", None), ("Who?", None)],
)
def test_a_call_is_taken_by_a_yes_or_the_key(said: str, takes: bool | None) -> None:  # noqa: FBT001 - a case
    assert transfer.takes(said, "en") is takes

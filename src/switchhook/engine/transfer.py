"""The callee is handed over to somebody else, and is never left alone on the way.

    ──asked──► ANNOUNCED ──heard──► DIALLING ──taken──► JOINING ──► the call is over for us
                   │                    │                  │
                   └──refused, busy, unanswered, declined──┴──► told so; the agent goes on

An agent's own announcement that the callee interrupts connects nobody.

Meanwhile the callee waits with music, on our own line: it ends only with the move itself, so that
whatever goes wrong before finds them where they were.
"""

from __future__ import annotations

from typing import assert_never

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import asking, interview, meaning, quiet, speaking
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import Settle, Transfer
from switchhook.engine.ending import hang_up
from switchhook.engine.events import (
    Quiet,
    TransferDone,
    TransferFailed,
    TransferJoining,
    Transferring,
    TransferTold,
)
from switchhook.engine.informing import inform
from switchhook.engine.presence import Guest
from switchhook.engine.state import Handover, Phase, Progress, Session, Timer

RECEIPT_PATIENCE = 30.0
"""How long whoever asked waits to be told how it went; after that it is in the log only."""

STILL_RINGS = "it still rings; the call's log tells the rest"

TAKES = "1"
"""The key that says yes to a call that is offered."""


def begin(session: Session, to: str, text: str = "", command: int | None = None) -> None:
    """Tell the callee to wait, and connect them with this number."""
    session.handover = Handover(to, text, command)
    quiet.hold(session, session.brief.said.one_moment)


def to_person(session: Session, to: str = "", about: str = "") -> None:
    """Connect the callee with one of those whom the agent may transfer to, else with the first."""
    target = session.brief.target(to)
    if session.phase is not Phase.TALKING or session.handover is not None or target is None:
        return
    if session.guest is not None:
        inform(session, "Nobody is transferred while somebody else is in the call.")
        return
    text = (about or session.brief.caller_waits) if target.warm else ""
    session.handover = Handover(target.phone_number, text, None)
    asking.close(session.mind)
    quiet.hold_politely(session)


def announced(session: Session) -> None:
    """Dial, once the callee has heard that they are to wait."""
    handover = session.handover
    if handover is None or handover.progress is not Progress.ANNOUNCED:
        return
    if handover.command is None and session.agent_turn.cut:
        _interrupted(session, handover)
        return
    if not quiet.heard_out(session):
        return
    handover.progress = Progress.DIALLING
    session.arm(Timer.TRANSFER, RECEIPT_PATIENCE)
    session.emit(Transfer(handover.to, handover.text))
    _tell(session, handover, "begun")


def came(session: Session, event: Transferring) -> None:
    """Take how it goes; of a transfer that was given up, nothing."""
    handover = session.handover
    if handover is None:
        return
    match event:
        case TransferTold():
            _write(session, handover, event)
        case TransferJoining():
            handover.progress = Progress.JOINING
        case TransferFailed():
            _over(session)
            _failed(session, handover, event)
        case TransferDone():
            _over(session)
            _tell(session, handover, "done")
            settle(session, handover, "done")
            hang_up(session, Reason.TRANSFER_COMPLETED)
        case _:
            assert_never(event)


def line_gone(session: Session) -> bool:
    """Tell whether the line went because the callee is being moved."""
    if session.handover is None or not joining(session):
        return False
    session.handover.line_gone = True
    return True


def joining(session: Session) -> bool:
    """Tell whether both are being moved, which nobody can take back."""
    handover = session.handover
    return handover is not None and handover.progress is Progress.JOINING


def under_way(session: Session) -> None:
    """Let whoever asked wait no longer."""
    settle(session, session.handover, "begun", STILL_RINGS)


def takes(said: str, language: str) -> bool | None:
    """Tell whether somebody takes a call that is offered to them; nothing where it is unclear."""
    return True if said.strip() == TAKES else meaning.yes_or_no(said, language)


def _interrupted(session: Session, handover: Handover) -> None:
    """Connect nobody who talks over the announcement: perhaps they do not want it."""
    _over(session)
    quiet.lift(session)
    _tell(session, handover, "interrupted")
    session.guide("The callee interrupted the announcement, so they were not transferred.")


def _over(session: Session) -> None:
    session.handover = None
    session.disarm(Timer.TRANSFER)


def _failed(session: Session, handover: Handover, failure: TransferFailed) -> None:
    why = f"{failure.reason.value}: {failure.detail}".strip(": ")
    _tell(session, handover, "failed", reason=failure.reason.value, detail=failure.detail)
    settle(session, handover, "refused", f"the transfer failed ({why})")
    if handover.line_gone:
        hang_up(session, Reason.USER_HANGUP)
    else:
        not_reached(session, f"The transfer failed ({why}).")


def not_reached(session: Session, why: str) -> None:
    """Tell the callee that nobody was reached, and the mind why; the agent goes on."""
    if session.quiet is Quiet.ON_HOLD:
        quiet.lift(session)
    if session.brief.thinker is Thinker.MIND:
        session.guide(f"{why} The callee was told so.")
    asks = session.brief.thinker is Thinker.INTERVIEW
    question = interview.pending(session.interview) if asks else ""
    speaking.say(session, f"{session.brief.said.not_reached} {question}".strip())


def _write(session: Session, handover: Handover, told: TransferTold) -> None:
    """Write down what was said where the callee did not hear it."""
    speaker = "target" if told.by_them else "agent"
    data = {"action": "transfer", "to": handover.to, "speaker": speaker, "said": told.text}
    what = f"{handover.to} said" if told.by_them else f"told {handover.to}"
    text = f"{what}: {told.text}"
    session.publish(Fact(kind=Kind.NOTE, text=text, data=data, session_ms=session.ms))


def _tell(session: Session, handover: Handover, result: str, **more: str) -> None:
    data = {"action": "transfer", "result": result, "to": handover.to, **more}
    text = f"transfer to {handover.to}: {more.get('reason', result).replace('_', ' ')}"
    session.publish(Fact(kind=Kind.CONTROL, text=text, data=data, session_ms=session.ms))


def settle(session: Session, other: Handover | Guest | None, result: str, detail: str = "") -> None:
    """Tell whoever asked, once; an agent that wanted it by itself waits for nothing."""
    if other is not None and other.command is not None:
        session.emit(Settle(other.command, result, detail=detail))
        other.command = None

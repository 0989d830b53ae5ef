"""What somebody outside wants of the agent during a call, and whether they get it."""

from __future__ import annotations

from typing import assert_never

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import floor, guest, interview, principal, quiet, speaking, transfer
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import CloseQuestion, Settle
from switchhook.engine.ending import ASKED_LIMIT, drop_guest, drop_transfer, end
from switchhook.engine.events import (
    AnswerGiven,
    Asked,
    GuestAsked,
    GuideAsked,
    HangUpAsked,
    KeysAsked,
    Quiet,
    QuietAsked,
    SayAsked,
    TransferAsked,
)
from switchhook.engine.presence import Guest
from switchhook.engine.state import Phase, Session, Timer


def asked(session: Session, event: Asked) -> None:
    """Do it, or say why not."""
    refusal = _refusal(session, event)
    if refusal:
        session.emit(Settle(event.command, "refused", detail=refusal))
        return
    match event:
        case HangUpAsked(command, reason):
            _leave(session, command, reason)
        case SayAsked():
            _say(session, event)
        case KeysAsked(command, digits):
            speaking.press(session, digits, command)
        case GuideAsked():
            _guide(session, event)
        case QuietAsked() | TransferAsked() | GuestAsked():
            _wait(session, event)
        case AnswerGiven():
            _given(session, event)
        case _:
            assert_never(event)


def close(session: Session, fact: Fact) -> None:
    """Wait for no answer to the open question any more."""
    session.question = None
    session.disarm(Timer.QUESTION, Timer.FILLER)
    session.emit(CloseQuestion(fact))


def _refusal(session: Session, event: Asked) -> str:
    """Return why it cannot be done now; nothing, where it can."""
    if session.phase not in (Phase.TALKING, Phase.ENDING):
        return "there is no conversation"
    if isinstance(event, HangUpAsked):
        return ""
    return "the call is ending" if session.phase is Phase.ENDING else _unfit(session, event)


def _unfit(session: Session, event: Asked) -> str:
    """Return why it does not suit a conversation as this one is now."""
    match event:
        case QuietAsked(wanted=None) if session.quiet is None and not _aside(session):
            return "the agent is neither muted nor on hold"
        case QuietAsked(wanted=None) if transfer.joining(session):
            return "the callee is being connected, and cannot be taken back any more"
        case QuietAsked() | TransferAsked() | GuestAsked() if not _resumes(event):
            return _engaged(session, event)
        case GuideAsked() if session.brief.thinker is not Thinker.MIND:
            return "this agent cannot be guided: it follows its questions, or you are its mind"
        case SayAsked() | KeysAsked() | AnswerGiven() if session.quiet not in (None, Quiet.BUSY):
            return "the agent is muted or on hold: unmute it, or resume the call, first"
        case _:
            return ""


def _resumes(event: Asked) -> bool:
    return isinstance(event, QuietAsked) and event.wanted is None


def _engaged(session: Session, event: QuietAsked | TransferAsked | GuestAsked) -> str:
    """Return what keeps the agent from doing it, if anything does."""
    if isinstance(event, GuestAsked) and not session.brief.seats:
        return "this line speaks by itself, and has no room for a third person"
    if session.handover is not None:
        return "the callee is being transferred: resume the call first to take them back"
    if session.guest is not None and guest.here(session) is None:
        return "somebody is being called: resume the call first to take the callee back"
    if session.guest is not None and not isinstance(event, QuietAsked):
        return "somebody else is in the call already"
    return ""


def _aside(session: Session) -> bool:
    return session.guest is not None and session.guest.wanted_aside


def _leave(session: Session, command: int, reason: Reason) -> None:
    session.leaving.append(command)
    if session.phase is Phase.TALKING:
        end(session, reason, session.brief.said.goodbye, ASKED_LIMIT)


def _say(session: Session, event: SayAsked) -> None:
    text = event.text.strip()
    if not text:
        session.emit(Settle(event.command, "refused", detail="there is nothing to say"))
        return
    heard_now = session.tail[0] if session.tail else session.current
    if event.interrupt and heard_now is not None and heard_now.interruptible:
        speaking.stop(session)
        floor.reset(session)
    session.disarm(Timer.FILLER, Timer.ASSISTANT)
    quiet.speaks(session)
    speaking.say(session, text, command=event.command)


def _wait(session: Session, event: QuietAsked | TransferAsked | GuestAsked) -> None:
    """Have the callee wait, for us or for somebody else, or no longer."""
    match event:
        case TransferAsked():
            transfer.begin(session, event.to, event.text, event.command)
        case GuestAsked():
            guest.begin(session, event)
        case _:
            _be_quiet(session, event)


def _be_quiet(session: Session, event: QuietAsked) -> None:
    other = guest.here(session)
    if other is not None and event.wanted is not Quiet.MUTED:
        _turn(session, other, event)
        return
    if other is None:
        drop_transfer(session, "the callee was taken back")
        drop_guest(session, "the callee was taken back")
    quiet.asked(session, event.command, event.wanted, event.text)


def _turn(session: Session, other: Guest, event: QuietAsked) -> None:
    """Put the callee aside, once they have heard these words, or take them back to hear them."""
    aside = event.wanted is not None
    session.disarm(Timer.FILLER, Timer.ASSISTANT)
    if session.quiet is not None:
        quiet.lift(session)
    if not aside:
        guest.turn(session, other, aside=False)
    if event.text:
        speaking.say(session, event.text, command=event.command)
    else:
        session.emit(Settle(event.command, "done"))
    if aside:
        guest.turn(session, other, aside=True)


def _guide(session: Session, event: GuideAsked) -> None:
    """Tell it to the mind, which considers it with its next answer."""
    session.guide(event.text)
    session.publish(Fact(kind=Kind.NOTE, text=f"guided: {event.text}", session_ms=session.ms))
    session.emit(Settle(event.command, "done"))


def _given(session: Session, event: AnswerGiven) -> None:
    if principal.answered(session, event):
        return
    question = session.question
    if question is None or question.number != event.question_id:
        session.emit(Settle(event.command, "refused", detail="there is no such open question"))
        return
    close(session, principal.given(session, event))
    words = f"{event.answer} {interview.pending(session.interview)}"
    speaking.say(session, words.strip(), command=event.command)

"""How a call ends: a goodbye that is heard where there is time for one, then the hang-up."""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import asking, floor, outcome, speaking
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import (
    BeginEnding,
    DropGuest,
    DropTransfer,
    HangUp,
    PlayMusic,
    SetAside,
    Settle,
)
from switchhook.engine.presence import Presence
from switchhook.engine.state import Phase, Session, Timer
from switchhook.engine.thoughts import CancelMind, DropTool, Tell

GOODBYE_LIMIT = 10.0
ASKED_LIMIT = 5.0
"""How long a hang-up that somebody asked for may take."""

_STAYED = "the callee interrupted the goodbye, so the call goes on"


def end(session: Session, reason: Reason, words: str, limit: float = GOODBYE_LIMIT) -> None:
    """Stop talking, say goodbye, and hang up when it was heard or the time is up."""
    if session.handover is not None and session.handover.line_gone:
        # The callee was being moved, and nobody is there to hear it.
        hang_up(session, reason)
        return
    speaking.stop(session)
    _stop_thinking(session)
    gather(session)
    drop_transfer(session, "the call is ending")
    floor.reset(session)
    session.phase = Phase.ENDING
    session.reason = reason
    session.timers.clear()
    session.arm(Timer.ENDING, limit)
    session.emit(BeginEnding(reason))
    if words:
        speaking.say(session, words, interruptible=False)


def depart(session: Session, limit: float) -> None:
    """Hang up once all that is being said was heard; who interrupts it keeps us on the line."""
    session.departing = True
    session.reason = Reason.AGENT_HANGUP
    session.arm(Timer.ENDING, limit)


def stay(session: Session) -> None:
    """Stay on the line if the callee has interrupted the goodbye."""
    interrupted = session.phase is Phase.TALKING and session.agent_turn.cut
    if not session.departing or not interrupted:
        return
    session.departing = False
    session.reason = None
    session.disarm(Timer.ENDING)
    session.guide(f"{_STAYED}. Answer them; say goodbye again when they have finished.")
    session.publish(Fact(kind=Kind.NOTE, text=_STAYED, session_ms=session.ms))


def hang_up(session: Session, reason: Reason) -> None:
    """End it now; the first reason wins, and nothing follows."""
    if not session.mute:
        speaking.cut(session)
    session.write_callee()
    speaking.stop(session)
    _stop_thinking(session)
    drop_transfer(session, "the call has ended")
    drop_guest(session, "the call has ended")
    session.phase = Phase.OVER
    session.timers.clear()
    for command in session.leaving:
        session.emit(Settle(command, "done"))
    session.reason = session.reason or reason
    session.emit(HangUp(session.reason, _outcome(session), session.latency.summary()))


def gather(session: Session) -> None:
    """Let everybody who is on the line hear the goodbye, and nobody else come."""
    if session.music:
        session.music = False
        session.emit(PlayMusic(on=False))
    guest = session.guest
    if guest is None or guest.presence is not Presence.HERE:
        drop_guest(session, "the call is ending")
    elif guest.aside:
        guest.aside = guest.wanted_aside = False
        session.emit(SetAside(on=False))


def drop_guest(session: Session, why: str) -> None:
    """Let nobody else be in the call; who is there and has not heard a goodbye is told why."""
    guest, session.guest = session.guest, None
    if guest is None:
        return
    session.disarm(Timer.GUEST)
    heard_goodbye = session.phase is Phase.ENDING or session.departing
    parted = heard_goodbye or guest.presence is not Presence.HERE
    session.emit(DropGuest("" if parted else session.brief.said.caller_left))
    if guest.command is not None:
        session.emit(Settle(guest.command, "refused", detail=why))


def drop_transfer(session: Session, why: str) -> None:
    """Connect the callee with nobody any more, if they were about to be."""
    handover, session.handover = session.handover, None
    if handover is None:
        return
    session.disarm(Timer.TRANSFER)
    session.emit(DropTransfer())
    if handover.command is not None:
        session.emit(Settle(handover.command, "refused", detail=why))


def _stop_thinking(session: Session) -> None:
    asking.close(session.mind)
    moves = session.mind.taken()
    session.effects += [move for move in moves if isinstance(move, CancelMind | DropTool)]
    for told in (move for move in moves if isinstance(move, Tell)):
        session.publish(told.fact(session.ms))


def _outcome(session: Session) -> outcome.Outcome:
    if session.brief.thinker is Thinker.ASSISTANT:
        return outcome.of_assistant(session.turns)
    if session.brief.thinker is Thinker.MIND:
        return outcome.of_mind(session.mind.notes)
    return outcome.of_interview(session.interview, session.reason)

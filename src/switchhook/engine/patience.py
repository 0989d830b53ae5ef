"""Silence, length and deadness of the call: `idle` decides, and here it is done."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.engine import idle, speaking
from switchhook.engine.ending import end, hang_up
from switchhook.engine.idle import Decision, Happening
from switchhook.engine.state import Phase, Session, Timer


def answered(session: Session) -> None:
    """Start all clocks."""
    session.patience = idle.answered(session.now, session.brief.limits)
    _rearm(session)


def happened(session: Session, happening: Happening) -> None:
    """Restart or stop the clocks by what happened."""
    if session.phase is Phase.TALKING:
        session.patience, _ = idle.step(session.patience, happening, session.now)
        _rearm(session)


def listening(session: Session) -> None:
    """Let the silence count from now on, unless it counts already."""
    if session.patience.silent_since is None:
        happened(session, Happening.AGENT_FINISHED)


def busy(session: Session) -> None:
    """Let no silence count: somebody speaks, or is waited for."""
    if session.patience.silent_since is not None:
        happened(session, Happening.AGENT_SPEAKS)


def media_came(session: Session, at: float | None) -> None:
    """Note when audio last came in; who does not watch it never misses it."""
    last = session.now if at is None else at
    session.patience = idle.media_came(session.patience, last)
    if session.phase is Phase.TALKING:
        _rearm(session)


def due(session: Session) -> None:
    """Do what the silence, the length or the deadness of the call asks for."""
    session.patience, decision = idle.step(session.patience, Happening.DEADLINE, session.now)
    _rearm(session)
    said = session.brief.said
    match decision:
        case Decision.CHECK:
            speaking.say(session, said.are_you_there)
        case Decision.GOODBYE_IDLE:
            end(session, Reason.INACTIVITY, said.goodbye)
        case Decision.WARN:
            speaking.say(session, said.nearly_over)
        case Decision.GOODBYE_DURATION:
            end(session, Reason.MAX_DURATION, said.goodbye)
        case Decision.HANG_UP_NO_MEDIA:
            hang_up(session, Reason.ERROR_NO_AUDIO)
        case Decision.HANG_UP | Decision.NONE:
            # After the goodbye the call is ending, and has a deadline of its own.
            pass


def _rearm(session: Session) -> None:
    session.wake(Timer.PATIENCE, idle.deadline(session.patience))

"""The mind itself has the callee wait: alone it takes them back by speaking, and soon enough."""

from __future__ import annotations

from switchhook.engine import guest, quiet, speaking, thinking
from switchhook.engine.events import Quiet
from switchhook.engine.informing import inform
from switchhook.engine.offers import Own
from switchhook.engine.state import Session, Timer
from switchhook.engine.thoughts import CallTool, Move, ToolReturned

PATIENCE = 60.0
"""Seconds after which the agent excuses itself to somebody who waits, and goes on."""

WAITED = f"The callee was on hold for {PATIENCE:g} seconds and was taken back. Go on with them."


def takes(session: Session, move: Move) -> bool:
    """Do what the mind wants with the callee; any other move is somebody else's."""
    match move:
        case CallTool(number, Own.SET_HOLD, arguments):
            result = _hold(session) if arguments["on"] else _take_back(session)
            thinking.returned(session.mind, ToolReturned(number, result), session.now)
            return True
        case _:
            return False


def go_on(session: Session) -> None:
    """Put nobody on hold who talks over the announcement: they are answered."""
    if session.quiet is Quiet.BUSY and session.agent_turn.cut:
        quiet.lift(session)


def waited(session: Session) -> None:
    """Take back a callee who has waited for long enough."""
    if session.quiet is Quiet.BUSY:
        quiet.lift(session)
        speaking.say(session, session.brief.said.still_working)
        inform(session, WAITED)


def _hold(session: Session) -> str:
    if (other := guest.here(session)) is not None:
        guest.turn(session, other, aside=True)
        return "the callee hears music; only the person whom you brought in hears you"
    if session.guest is not None:
        return "somebody is being called; you are told when they pick up"
    if session.quiet in (Quiet.MUTED, Quiet.ON_HOLD):
        return "those you call for have made you wait already"
    if session.quiet is None:
        quiet.hold_politely(session, Quiet.BUSY)
        session.arm(Timer.HELD, PATIENCE)
    return "the callee hears music until you say something to them"


def _take_back(session: Session) -> str:
    if (other := guest.here(session)) is not None:
        guest.turn(session, other, aside=False)
        return "all three of you hear each other"
    if session.quiet is not Quiet.BUSY:
        return "you do not have the callee on hold"
    quiet.lift(session)
    return "the callee hears you"

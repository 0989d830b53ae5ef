"""Something has happened that nobody said: whoever thinks learns of it, and speaks."""

from __future__ import annotations

from switchhook.engine import interview, speaking, thinking
from switchhook.engine.brief import Thinker
from switchhook.engine.state import AgentTurn, Session


def inform(session: Session, text: str) -> None:
    """Tell the mind, and let the agent speak."""
    guide(session, text)
    speak_up(session)


def guide(session: Session, text: str) -> None:
    """Tell the mind, if there is one."""
    if session.brief.thinker is Thinker.MIND:
        session.guide(text)


def speak_up(session: Session) -> None:
    """Let the agent speak without being spoken to; an interview asks on."""
    session.agent_turn = AgentTurn()
    match session.brief.thinker:
        case Thinker.MIND:
            thinking.prompt(session.mind, session.now)
        case Thinker.INTERVIEW:
            speaking.say(session, interview.pending(session.interview))
        case _:
            # An assistant reads what happens, and speaks when it likes.
            pass

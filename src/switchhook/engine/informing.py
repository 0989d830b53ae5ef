"""Something has happened that nobody said: whoever thinks learns of it, and speaks."""

from __future__ import annotations

from switchhook.engine import interview, speaking, thinking
from switchhook.engine.brief import Thinker
from switchhook.engine.state import Session


def inform(session: Session, text: str) -> None:
    """Tell the mind, and let it speak without being spoken to; an interview asks on."""
    match session.brief.thinker:
        case Thinker.MIND:
            session.guide(text)
            thinking.prompt(session.mind, session.now)
        case Thinker.INTERVIEW:
            speaking.say(session, interview.pending(session.interview))
        case _:
            # An assistant reads what happens, and speaks when it likes.
            pass

"""What a line that speaks by itself tells of it: it knows better than any clock what was heard."""

from __future__ import annotations

from switchhook.engine import floor, speaking
from switchhook.engine.state import Session


def said_all(session: Session) -> None:
    """Let what is being said count as heard to its end."""
    speaking.told(session)


def cut_off(session: Session, heard: str) -> None:
    """Give the callee the floor: the agent was silenced after these words."""
    if session.mute:
        # It had said everything before the callee began.
        return
    session.latency.count("interruptions")
    session.cut_off = True
    speaking.told(session, len(heard.split()))
    speaking.stop(session)
    floor.reset(session)

"""The callee's hello: who is called speaks first, and the agent's opening is the answer to it.

    awaited ──a turn, or long enough without one──► over

Until it is over the agent's first words wait. Who says nothing is spoken to after a moment, and
so is somebody whose sound never becomes words.
"""

from __future__ import annotations

from switchhook.engine import answering, meaning
from switchhook.engine.brief import Thinker
from switchhook.engine.interview import Turn
from switchhook.engine.state import Phase, Session, Timer, Utterance

WORDS_WITHIN = 1.0
"""How long after a sound its words may come."""

LONGEST_SOUND = 5.0
"""How long a sound may last before its words come."""


def answered(session: Session) -> None:
    """Wait for it, where the agent is to."""
    seconds = session.brief.hello_seconds
    if seconds > 0:
        session.hello = True
        session.arm(Timer.HELLO, seconds)


def holds(session: Session, _utterance: Utterance) -> bool:
    """Tell whether the agent's words have to wait."""
    return session.hello and session.phase is Phase.TALKING


def sound(session: Session, *, begins: bool) -> None:
    """Take the beginning or the end of a sound that may be it."""
    if session.hello and not session.caller.text:
        session.arm(Timer.HELLO, LONGEST_SOUND if begins else WORDS_WITHIN)


def words(session: Session) -> None:
    """Take its first words; it ends as every turn does."""
    session.disarm(Timer.HELLO)


def over(session: Session) -> bool:
    """Let the agent speak; return whether it was waiting for this."""
    awaited, session.hello = session.hello, False
    session.disarm(Timer.HELLO)
    return awaited


def suffices(session: Session, turn: Turn) -> bool:
    """Tell whether the opening, which is about to be said, is all that this turn asks for."""
    return bool(session.brief.opening) and meaning.wish(turn.text) is None


def met(session: Session, turn: Turn) -> None:
    """Remember it, for whoever thinks; it needs no other answer than the opening."""
    if session.brief.thinker is Thinker.MIND:
        answering.ask(session, turn, wanted=False)
    session.interview.hellos += 1


def due(session: Session) -> None:
    """Speak to somebody who does not."""
    over(session)

"""The agent is told to be quiet: muted, or with the callee on hold and music on the line.

Meanwhile it hears and answers nobody; what the callee says is answered when it may speak again.
"""

from __future__ import annotations

from switchhook.engine import floor, patience, speaking
from switchhook.engine.effects import PlayMusic, Settle
from switchhook.engine.events import Quiet
from switchhook.engine.state import Phase, Session, Timer, Utterance


def asked(session: Session, command: int, wanted: Quiet | None, text: str) -> None:
    """Be quiet as somebody wants it, or speak again."""
    match wanted:
        case Quiet.MUTED:
            _begin(session, wanted)
            session.emit(Settle(command, "done"))
        case Quiet.ON_HOLD:
            _begin(session, wanted)
            words = text or session.brief.said.one_moment
            session.quiet_after = speaking.say(session, words, interruptible=False, command=command)
        case _:
            _end(session, command, text)


def holds(session: Session, utterance: Utterance) -> bool:
    """Tell whether an utterance has to wait until the agent may speak again."""
    quiet = session.quiet is not None and session.phase is Phase.TALKING
    return quiet and utterance.number > session.quiet_after


def keeps(session: Session) -> bool:
    """Tell whether the agent is quiet now that all was said; no silence counts meanwhile."""
    if session.quiet is None:
        return False
    _music(session, on=session.quiet is Quiet.ON_HOLD)
    patience.busy(session)
    return True


def _begin(session: Session, why: Quiet) -> None:
    speaking.stop(session)
    floor.reset(session)
    session.disarm(Timer.FILLER, Timer.ASSISTANT)
    session.quiet = why
    session.quiet_after = session.utterances


def _end(session: Session, command: int, text: str) -> None:
    """Speak again, first these words if there are any."""
    session.quiet = None
    _music(session, on=False)
    if text:
        speaking.say(session, text, command=command)
    else:
        session.emit(Settle(command, "done"))


def _music(session: Session, *, on: bool) -> None:
    if session.music is not on:
        session.music = on
        session.emit(PlayMusic(on))

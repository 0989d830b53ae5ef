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
            hold(session, text or session.brief.said.one_moment, command)
        case _:
            _end(session, command, text)


def hold(session: Session, words: str, command: int | None = None) -> None:
    """Have the callee wait with music, once these words were heard."""
    _begin(session, Quiet.ON_HOLD)
    session.quiet_after = speaking.say(session, words, interruptible=False, command=command)


def hold_politely(session: Session, why: Quiet = Quiet.ON_HOLD) -> None:
    """Have the callee wait with music, once all that is to be said was heard or cut."""
    if session.mute and not session.waiting:
        speaking.say(session, session.brief.said.one_moment, interruptible=False)
    session.quiet, session.quiet_after = why, session.utterances
    session.disarm(Timer.FILLER, Timer.ASSISTANT)


def lift(session: Session) -> None:
    """Let the agent speak again."""
    session.quiet = None
    session.disarm(Timer.HELD)
    _music(session, on=False)


def speaks(session: Session) -> None:
    """Take the callee back, if it was the agent itself that had them wait."""
    if session.quiet is Quiet.BUSY:
        lift(session)


def holds(session: Session, utterance: Utterance) -> bool:
    """Tell whether an utterance has to wait until the agent may speak again."""
    quiet = session.quiet is not None and session.phase is Phase.TALKING
    return quiet and utterance.number > session.quiet_after


def heard_out(session: Session) -> bool:
    """Tell whether all was heard that was to be said before the quiet."""
    return heard_until(session, session.quiet_after)


def heard_until(session: Session, number: int) -> bool:
    """Tell whether everything up to this utterance was heard, or is never said."""
    return all(utterance.number > number for utterance in session.to_be_heard)


def keeps(session: Session) -> bool:
    """Tell whether the agent is quiet now that all was said; no silence counts meanwhile."""
    if session.quiet is None:
        return False
    _music(session, on=session.quiet is not Quiet.MUTED)
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
    lift(session)
    if text:
        speaking.say(session, text, command=command)
    else:
        session.emit(Settle(command, "done"))


def _music(session: Session, *, on: bool) -> None:
    if session.music is not on:
        session.music = on
        session.emit(PlayMusic(on))

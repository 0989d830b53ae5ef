"""Who has the floor: the agent yields by degrees to a callee who speaks over it.

What `interruption` decides is done here. While something is said that must be heard whole, or
before anything was heard, nobody is interrupted: what the callee says becomes the next turn.
"""

from __future__ import annotations

from switchhook.engine import interruption, speaking
from switchhook.engine.effects import Duck, Unduck
from switchhook.engine.events import CalleeHeard
from switchhook.engine.interruption import (
    DeadlineReached,
    Decision,
    Evidence,
    SpeechEnded,
    SpeechStarted,
    WordsHeard,
)
from switchhook.engine.state import Phase, Session, Timer, Utterance
from switchhook.engine.words import words_of

SOUND_OF_WORDS = 0.4
"""How long words are believed to sound where only words are heard."""

FADING = 0.04
"""How long to wait and see whether a sound that pauses is over."""

NOISE_HOLDS = 2.0
"""How long a sound without words holds the agent back."""


def started(session: Session, at_ms: int) -> None:
    """Take the beginning of speech."""
    session.disarm(Timer.WORDS)
    if not session.audible:
        return
    if not session.caller.overlaps:
        session.caller.overlap()
    _weigh(session, SpeechStarted(), session.moment(at_ms))
    due(session)


def stopped(session: Session) -> None:
    """Take the end of speech."""
    session.noise = False
    session.disarm(Timer.HOLD)
    _weigh(session, SpeechEnded(), session.now)


def drowned(session: Session) -> None:
    """Take what has no words for noise, and speak in spite of it."""
    session.noise = True


def words(session: Session, event: CalleeHeard) -> None:
    """Take words; where no sound was heard they are the sound."""
    if not session.audible:
        return
    caller = session.caller
    if not _yields(session) or _parts_too(session, event.text):
        # What is said meanwhile interrupts nothing, also not what is said after it.
        caller.overlap()
        return
    if not caller.speaking:
        caller.overlaps = True
        _weigh(session, SpeechStarted(), session.now)
        session.arm(Timer.WORDS, SOUND_OF_WORDS)
    if caller.overlaps and caller.overlapping:
        said = WordsHeard(caller.overlapping, final=event.certain or event.final)
        _weigh(session, said, session.now)


def due(session: Session) -> None:
    """Yield by the next degree, or speak on; but not to a sound that may be over."""
    if session.caller.fading:
        session.arm(Timer.FLOOR, FADING)
    else:
        # Moments come in whole milliseconds, deadlines do not.
        _weigh(session, DeadlineReached(), session.now + 0.001)


def sounded(session: Session) -> None:
    """Take the first sound of what may be interrupted: somebody may be speaking already."""
    fresh = session.floor.started is None and _yields(session)
    if fresh and session.caller.speaking and not session.noise:
        session.caller.overlap()
        _weigh(session, SpeechStarted(), session.now)


def holds(session: Session, utterance: Utterance) -> bool:
    """Tell whether the callee is speaking, so that the agent should not begin to."""
    caller = session.caller
    if not utterance.interruptible or utterance.digits or session.phase is not Phase.TALKING:
        return False
    if session.audible or session.brief.interruption.mode is interruption.Mode.OFF:
        return False
    if caller.text:
        return True
    held = caller.speaking and not session.noise
    if held and Timer.HOLD not in session.timers:
        session.arm(Timer.HOLD, NOISE_HOLDS)
    return held


def reset(session: Session) -> None:
    """Begin anew: the agent has finished, or was silenced."""
    session.floor = interruption.State(session.brief.interruption)
    session.disarm(Timer.FLOOR, Timer.WORDS)
    _raise_voice(session)


def _weigh(session: Session, evidence: Evidence, at: float) -> None:
    if not _yields(session):
        # A sound that interrupts nothing has not begun when there is something to interrupt again.
        session.floor = interruption.State(session.brief.interruption)
        session.disarm(Timer.FLOOR)
        _raise_voice(session)
        return
    session.floor, decision = interruption.step(session.floor, evidence, at)
    _act(session, decision)
    session.wake(Timer.FLOOR, interruption.deadline(session.floor))


def _yields(session: Session) -> bool:
    if session.phase is not Phase.TALKING or not session.audible:
        return False
    heard = session.tail[0] if session.tail else session.current
    return heard is not None and heard.interruptible


def _parts_too(session: Session, text: str) -> bool:
    """Tell whether the callee only says goodbye as well."""
    return session.departing and words_of(session.brief.language).turns.closings.make_up(text)


def _act(session: Session, decision: Decision) -> None:
    match decision:
        case Decision.DUCK:
            session.ducked = True
            session.emit(Duck())
        case Decision.UNDUCK:
            _raise_voice(session)
        case Decision.PAUSE:
            speaking.pause(session)
        case Decision.COMMIT:
            session.latency.count("interruptions")
            session.cut_off = True
            speaking.stop(session)
            reset(session)
        case Decision.RESTORE | Decision.DISMISS:
            _go_on(session, decision)
        case _:
            # Nothing changes: what is said becomes the next turn.
            pass


def _go_on(session: Session, decision: Decision) -> None:
    restored = decision is Decision.RESTORE
    session.latency.count("back_channels" if restored else "false_interruptions")
    _raise_voice(session)
    if session.paused_at is not None:
        session.latency.count("resumed")
        speaking.resume(session)


def _raise_voice(session: Session) -> None:
    if session.ducked:
        session.ducked = False
        session.emit(Unduck())

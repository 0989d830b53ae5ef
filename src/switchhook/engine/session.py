"""The conversation core: `step(session, event, now)` returns what is to be done.

    WAITING ──answered──► TALKING ──a reason to end──► ENDING ──goodbye heard──► OVER
                             └──────────────the line is gone──────────────────────►

It neither waits nor asks the time: the shell steps it with every event, and again when the moment
`deadline(session)` has come. While talking, the callee's words are heard at any time; speech of
the agent that may be interrupted stops when the callee talks over it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from switchhook.domain.lifecycle import Reason
from switchhook.engine import (
    answering,
    ears,
    floor,
    guest,
    hello,
    holding,
    interruption,
    interview,
    patience,
    phrased,
    principal,
    quiet,
    reception,
    speaking,
    steering,
    telling,
    transfer,
    turns,
)
from switchhook.engine.answering import Thought
from switchhook.engine.brief import Brief, Thinker
from switchhook.engine.effects import Effect, PlaceMark
from switchhook.engine.ending import end, hang_up, stay
from switchhook.engine.events import (
    Answered,
    AnswerGiven,
    CalleeHeard,
    CutOff,
    DeadlineReached,
    DigitPressed,
    EarsEnded,
    Event,
    FramesSent,
    GuestAsked,
    GuestCame,
    GuestFailed,
    GuestLeft,
    GuideAsked,
    HangUpAsked,
    KeysAsked,
    LineGone,
    MachineVerdict,
    MarkEchoed,
    Played,
    QuietAsked,
    SaidAll,
    SayAsked,
    Sensed,
    SpeechFades,
    SpeechFailed,
    SpeechReady,
    SpeechStarted,
    SpeechStopped,
    ToneHeard,
    TransferAsked,
    TransferDone,
    TransferFailed,
    TransferJoining,
    Transferring,
    TransferTold,
    Visiting,
)
from switchhook.engine.interview import Interview
from switchhook.engine.state import Phase, Session, Timer


def start(brief: Brief) -> Session:
    """Return a session that waits for the callee to pick up."""
    mind = answering.mind_of(brief)
    return Session(brief, Interview(brief), mind, floor=interruption.State(brief.interruption))


def deadline(session: Session) -> float | None:
    """Return when the session wants to be stepped again, even if nothing happens."""
    return min(session.timers.values(), default=None)


def foreseen(session: Session) -> tuple[str, ...]:
    """Return what may be said whatever the callee says, the first words first."""
    said = session.brief.said
    lines = (
        session.brief.disclosure,
        _opening(session),
        session.brief.apology,
        said.one_moment,
        said.still_working,
        said.are_you_there,
        said.goodbye,
    )
    return tuple(line for line in lines if line)


def step(session: Session, event: Event, now: float) -> list[Effect]:
    """Take what happened and return what is to be done, in this order."""
    session.now = max(session.now, now)
    match event:
        case (
            SayAsked()
            | KeysAsked()
            | GuideAsked()
            | QuietAsked()
            | TransferAsked()
            | GuestAsked()
            | AnswerGiven()
            | HangUpAsked()
        ):
            steering.asked(session, event)
        case SpeechReady() | SpeechFailed() | FramesSent() | MarkEchoed() | SaidAll() | CutOff():
            _played(session, event)
        case _ if session.phase is not Phase.OVER:
            _happened(session, event)
        case _:
            pass
    _go_on(session)
    answering.watch(session)
    effects, session.effects = session.effects, []
    return effects


def _happened(
    session: Session,
    event: Answered
    | CalleeHeard
    | EarsEnded
    | Sensed
    | DigitPressed
    | LineGone
    | Transferring
    | Visiting
    | DeadlineReached
    | Thought,
) -> None:
    match event:
        case Answered():
            _answered(session)
        case CalleeHeard():
            turns.heard(session, event)
        case EarsEnded():
            ears.ended(session)
        case SpeechStarted() | SpeechFades() | SpeechStopped() | ToneHeard() | MachineVerdict():
            _sensed(session, event)
        case DigitPressed(digit):
            turns.keys(session, digit)
        case (
            LineGone()
            | TransferTold()
            | TransferJoining()
            | TransferFailed()
            | TransferDone()
            | GuestCame()
            | GuestFailed()
            | GuestLeft()
        ):
            _comes_or_goes(session, event)
        case DeadlineReached(media_at):
            patience.media_came(session, media_at)
            _due(session)
        case _:
            answering.came(session, event)


def _comes_or_goes(session: Session, event: LineGone | Transferring | Visiting) -> None:
    """Let the callee go, to somebody else or for good, or a guest come and go."""
    match event:
        case GuestCame() | GuestFailed() | GuestLeft():
            guest.came(session, event)
        case LineGone():
            if not transfer.line_gone(session):
                hang_up(session, Reason.ERROR_NO_AUDIO if event.lost else Reason.USER_HANGUP)
        case _:
            transfer.came(session, event)


def _sensed(session: Session, event: Sensed) -> None:
    if session.phase is Phase.WAITING:
        return
    match event:
        case SpeechStarted(at_ms):
            turns.sound(session, at_ms)
        case SpeechFades(quiet):
            session.caller.fading = quiet
        case SpeechStopped(at_ms):
            turns.silence(session, at_ms)
        case ToneHeard():
            reception.tone(session, event)
        case MachineVerdict():
            reception.carrier(session, event)
        case _:
            assert_never(event)


def _go_on(session: Session) -> None:
    """Begin what waits; when nothing does, take the callee's turn, listen, or leave."""
    phrased.agent_said(session)
    stay(session)
    holding.go_on(session)
    guest.go_on(session)
    while session.phase in (Phase.TALKING, Phase.ENDING) and _next(session):
        pass
    transfer.announced(session)
    if session.phase is not Phase.OVER and not session.mute:
        patience.busy(session)
        speaking.prepare(session)


def _next(session: Session) -> bool:
    """Do one thing; return whether there may be another to do."""
    _play(session)
    if session.current is not None:
        return False
    if session.waiting:
        speaking.begin(session)
        return True
    return not session.tail and _alone(session)


def _alone(session: Session) -> bool:
    """Decide what to do when all was said; return whether it was anything."""
    if session.phase is Phase.ENDING or session.departing:
        hang_up(session, Reason.AGENT_HANGUP)
    elif reception.left(session):
        hang_up(session, Reason.VOICEMAIL_LEFT)
    elif not turns.take(session):
        floor.reset(session)
        if not quiet.keeps(session):
            turns.listen(session)
        return False
    return True


def _play(session: Session) -> None:
    """Let what is ready be heard, unless there is a reason to wait."""
    utterance = session.current
    if utterance is None or session.paused_at is not None:
        return
    if not any(holds(session, utterance) for holds in _HOLDS):
        speaking.release(session)


def _answered(session: Session) -> None:
    if session.phase is not Phase.WAITING:
        return
    session.phase = Phase.TALKING
    session.answered_at = session.now
    patience.answered(session)
    hello.answered(session)
    session.emit(PlaceMark(session.ledger.probe(session.now)))
    speaking.say(session, session.brief.disclosure, interruptible=False)
    if words := _opening(session):
        speaking.say(session, words)
    reception.answered(session)


def _opening(session: Session) -> str:
    asks = session.brief.thinker is Thinker.INTERVIEW
    return interview.opening(session.interview) if asks else session.brief.opening


def _played(session: Session, event: Played) -> None:
    if session.phase is Phase.OVER:
        return
    match event:
        case MarkEchoed(name):
            speaking.echoed(session, name)
            floor.sounded(session)
        case SpeechReady():
            speaking.ready(session, event)
        case FramesSent():
            speaking.sent(session, event)
            floor.sounded(session)
        case SpeechFailed(number):
            _speech_failed(session, number)
        case SaidAll():
            telling.said_all(session)
        case CutOff(heard):
            telling.cut_off(session, heard)
        case _:
            assert_never(event)


def _speech_failed(session: Session, number: int) -> None:
    utterance = speaking.find(session, number)
    if utterance is not None and not speaking.failed(session, utterance):
        _voice_failed(session)


def _voice_failed(session: Session) -> None:
    """End with the apology, which was made when there was a voice; without one, at once."""
    if session.departing:
        hang_up(session, Reason.AGENT_HANGUP)
    elif session.phase is Phase.ENDING:
        speaking.stop(session)
    else:
        end(session, Reason.ERROR_TTS, session.brief.apology)


def _due(session: Session) -> None:
    """Do what each timer that is due stands for; one may silence the others."""
    while due := [timer for timer, at in session.timers.items() if at <= session.now]:
        first = min(due)
        session.disarm(first)
        _RINGS[first](session)


def _never_ends(session: Session) -> None:
    hang_up(session, Reason.AGENT_HANGUP)


def _no_assistant(session: Session) -> None:
    end(session, Reason.ERROR_LLM, session.brief.apology)


def _overdue(session: Session) -> None:
    if not speaking.overdue(session):
        _voice_failed(session)


def _unanswered(session: Session) -> None:
    number = session.question.number if session.question else ""
    steering.close(session, principal.unanswered(session, number))
    words = f"{session.brief.said.fallback} {interview.pending(session.interview)}"
    speaking.say(session, words.strip())


_HOLDS = (hello.holds, quiet.holds, guest.holds, floor.holds, reception.holds)

_RINGS: dict[Timer, Callable[[Session], None]] = {
    Timer.ENDING: _never_ends,
    Timer.HELLO: hello.due,
    Timer.MOUTH: _overdue,
    Timer.PLAYOUT: speaking.played_out,
    Timer.FLOOR: floor.due,
    Timer.WORDS: floor.stopped,
    Timer.DIGITS: turns.keyed,
    Timer.GUESS: answering.suppose,
    Timer.TURN: turns.finish,
    Timer.TURN_MAX: turns.finish,
    Timer.RECEPTION: reception.due,
    Timer.HOLD: floor.drowned,
    Timer.MIND: answering.due,
    Timer.TRANSFER: transfer.under_way,
    Timer.GUEST: guest.due,
    Timer.HELD: holding.waited,
    Timer.QUESTION: _unanswered,
    Timer.ASSISTANT: _no_assistant,
    Timer.FILLER: turns.fill,
    Timer.PATIENCE: patience.due,
}

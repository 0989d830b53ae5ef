"""Whose turn it is: what the callee said, and what becomes of it."""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Line
from switchhook.engine import answering, interview, meaning, speaking
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import OpenQuestion
from switchhook.engine.ending import end
from switchhook.engine.events import CalleeHeard
from switchhook.engine.interview import Reply, Turn
from switchhook.engine.meaning import Wish
from switchhook.engine.state import Phase, Question, Session, Timer

FILLER_AFTER = 6.0
ASSISTANT_PATIENCE = 60.0
QUESTION_PATIENCE = 20
PROMPTS = 2


def heard(session: Session, event: CalleeHeard) -> None:
    """Take words of the callee: they silence the agent, and a finished turn wants an answer."""
    if session.phase is Phase.WAITING or not event.text.strip():
        return
    session.disarm(Timer.IDLE)
    listening_only = session.current is not None and meaning.backchannel(event.text)
    if session.phase is Phase.TALKING and not listening_only:
        _interrupt(session)
    if event.final:
        _finished(session, event, listening_only=listening_only)


def take(session: Session) -> bool:
    """Answer what the callee said; return whether the agent has something to do now."""
    if not session.unanswered or session.question is not None:
        return False
    turn = Turn(" ".join(t.text for t in session.unanswered), session.unanswered[-1].line)
    session.unanswered.clear()
    if session.brief.thinker is Thinker.INTERVIEW and _too_early(session, turn):
        return False
    if session.brief.thinker is Thinker.MIND:
        answering.ask(session, turn)
    elif session.brief.thinker is Thinker.ASSISTANT:
        _hand_over(session, turn)
    else:
        _reply(session, interview.hear(session.interview, turn))
    return bool(session.waiting) or session.phase is Phase.ENDING


def listen(session: Session) -> None:
    """Give the callee the floor; silence is noticed, unless somebody else is waited for."""
    others = (Timer.QUESTION, Timer.ASSISTANT, Timer.IDLE)
    if not session.mind.busy and not any(timer in session.timers for timer in others):
        session.arm(Timer.IDLE, session.brief.idle_seconds)


def silent(session: Session) -> None:
    """Ask whether anybody is there; after the second time leave."""
    if session.prompts >= PROMPTS:
        end(session, Reason.INACTIVITY, session.brief.said.goodbye)
        return
    session.prompts += 1
    speaking.say(session, session.brief.said.are_you_there)


def _interrupt(session: Session) -> None:
    if session.current is not None and session.current.interruptible:
        speaking.stop(session)
        answering.interrupted(session)


def _finished(session: Session, event: CalleeHeard, *, listening_only: bool) -> None:
    spoken = Line(speaker="callee", text=event.text, start_ms=event.start_ms, end_ms=event.end_ms)
    turn = Turn(event.text, session.write(spoken))
    if session.phase is not Phase.TALKING or listening_only:
        return
    session.turns += 1
    session.prompts = 0
    session.last_turn_ms = event.end_ms
    session.last_final_ms = session.ms
    session.unanswered.append(turn)
    if meaning.wish(event.text) is Wish.STOP_CALLING:
        # Whoever thinks, and whatever is being said: this wish is granted at once.
        session.unanswered.clear()
        _reply(session, interview.hear(session.interview, turn))


def _too_early(session: Session, turn: Turn) -> bool:
    """Tell whether it was said before the agent's last words, so that it cannot answer them."""
    if session.last_turn_ms > session.last_spoke_ms or meaning.wish(turn.text) is not None:
        return False
    language = session.brief.language
    return not meaning.question(turn.text) or meaning.yes_or_no(turn.text, language) is not None


def _hand_over(session: Session, turn: Turn) -> None:
    session.latency.callee_ended(session.last_turn_ms, session.last_final_ms)
    data = {"heard": turn.text}
    session.publish(Fact(kind=Kind.TURN, text=turn.text, data=data, session_ms=session.ms))
    if Timer.ASSISTANT not in session.timers:
        session.arm(Timer.FILLER, FILLER_AFTER)
        session.arm(Timer.ASSISTANT, ASSISTANT_PATIENCE)


def _reply(session: Session, reply: Reply) -> None:
    if reply.end is not None:
        session.latency.callee_ended(session.last_turn_ms, session.last_final_ms)
        silent_end = reply.end is Reason.VOICEMAIL_HANGUP
        goodbye = "" if silent_end else session.brief.said.goodbye
        end(session, reply.end, f"{reply.text} {goodbye}".strip())
        return
    if not reply.text:
        return
    session.latency.callee_ended(session.last_turn_ms, session.last_final_ms)
    speaking.say(session, reply.text)
    if reply.ask:
        _ask(session, reply.ask)


def _ask(session: Session, text: str) -> None:
    session.questions += 1
    question = Question(f"q{session.questions}", text)
    session.question = question
    session.arm(Timer.QUESTION, QUESTION_PATIENCE)
    data = {
        "question_id": question.number,
        "question": text,
        "deadline_seconds": QUESTION_PATIENCE,
    }
    fact = Fact(kind=Kind.QUESTION, text=text, data=data, session_ms=session.ms)
    session.emit(OpenQuestion(question.number, fact))

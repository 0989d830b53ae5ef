"""Where the conversation and a mind meet: turns go in, what it wants done becomes speech."""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import speaking, thinking
from switchhook.engine.acting import Notes
from switchhook.engine.brief import Brief
from switchhook.engine.dialogue import Dialogue
from switchhook.engine.effects import BeginEnding
from switchhook.engine.ending import end
from switchhook.engine.interview import Turn
from switchhook.engine.mind import Mind
from switchhook.engine.state import Phase, Session, Timer
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    Fill,
    GiveUp,
    Leave,
    MindAction,
    MindDelta,
    MindDone,
    MindFailed,
    Move,
    Press,
    Tell,
    ToolFailed,
    ToolReturned,
    Utter,
)

HEARD_OUT = 5.0
"""Seconds beyond its length that the last thing said may take to be heard."""

HEARD_OUT_LIMIT = 10.0

_CHARACTERS_PER_SECOND = 12

Thought = MindDelta | MindAction | MindDone | MindFailed | ToolReturned | ToolFailed


def mind_of(brief: Brief) -> Mind:
    """Return a mind that knows what the agent was told, and nobody has spoken to yet."""
    fields = (brief.result_schema or {}).get("properties", {})
    return Mind(
        Dialogue(brief.told),
        Notes(fields),
        offers=brief.offers,
        language=brief.language,
        spare=brief.spare_mind,
    )


def suppose(session: Session, text: str) -> None:
    """Think about a turn that seems to be over."""
    _up_to_date(session)
    thinking.suppose(session.mind, text)
    _perform(session)


def resumed(session: Session) -> None:
    """Take it back: the callee speaks on."""
    thinking.resumed(session.mind)
    _perform(session)


def ask(session: Session, turn: Turn) -> None:
    """Answer a turn of the callee."""
    _up_to_date(session)
    thinking.ask(session.mind, turn.text, turn.line, session.now)
    _perform(session)


def came(session: Session, event: Thought) -> None:
    """Take what a mind wrote, or what an action returned."""
    _up_to_date(session)
    match event:
        case ToolReturned() | ToolFailed():
            thinking.returned(session.mind, event, session.now)
        case _:
            thinking.came(session.mind, event, session.now)
    _perform(session)


def interrupted(session: Session) -> None:
    """Stop thinking: the callee has taken the floor."""
    thinking.interrupted(session.mind)
    _perform(session)


def due(session: Session) -> None:
    """Do what the mind's deadline stands for."""
    _up_to_date(session)
    thinking.due(session.mind, session.now)
    _perform(session)


def watch(session: Session) -> None:
    """Notice silence while the mind thinks, and arm its deadline."""
    mind = session.mind
    if session.phase is Phase.TALKING:
        silent = session.mute and not session.waiting
        thinking.quiet(mind, session.now, silent=silent)
    if mind.deadline is None or session.phase is Phase.OVER:
        session.disarm(Timer.MIND)
    else:
        session.timers[Timer.MIND] = mind.deadline


def _up_to_date(session: Session) -> None:
    """Let the dialogue forget what was dropped before it was heard."""
    alive = {utterance.number for utterance in [*session.tail, *session.waiting]}
    if session.current is not None:
        alive.add(session.current.number)
    session.mind.dialogue.keep(alive)


def _perform(session: Session) -> None:
    for move in session.mind.taken():
        _do(session, move)


def _do(session: Session, move: Move) -> None:
    match move:
        case AskMind() | CancelMind() | CallTool() | DropTool():
            session.emit(move)
        case Utter(spoken):
            speaking.say(session, spoken.text.strip())
            session.mind.dialogue.begins(session.utterances, spoken)
        case Fill(number):
            said = session.brief.said
            speaking.say(session, said.still_working if number % 2 == 0 else said.one_moment)
        case Press(digits):
            speaking.press(session, digits)
        case Leave(farewell_said):
            _leave(session, farewell_said=farewell_said)
        case GiveUp():
            said = session.brief.said
            end(session, Reason.ERROR_LLM, f"{said.apology} {said.goodbye}")
        case Tell(text, data):
            kind = Kind.CONTROL if data else Kind.NOTE
            fact = Fact(kind=kind, text=text, data=dict(data), session_ms=session.ms)
            session.publish(fact)


def _leave(session: Session, *, farewell_said: bool) -> None:
    """Hang up when everything that is being said was heard, however long the line takes."""
    if not farewell_said:
        speaking.say(session, session.brief.said.goodbye, interruptible=False)
    still = [u.text for u in [*session.tail, *session.waiting]]
    still += [session.current.text] if session.current is not None else []
    limit = HEARD_OUT + sum(map(len, still)) / _CHARACTERS_PER_SECOND
    session.phase = Phase.ENDING
    session.reason = Reason.AGENT_HANGUP
    kept = {t: at for t, at in session.timers.items() if t in {Timer.MOUTH, Timer.PLAYOUT}}
    session.timers.clear()
    session.timers.update(kept)
    session.arm(Timer.ENDING, min(limit, HEARD_OUT_LIMIT))
    session.emit(BeginEnding(Reason.AGENT_HANGUP))

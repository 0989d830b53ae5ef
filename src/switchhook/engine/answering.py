"""Where the conversation and a mind meet: turns go in, what it wants done becomes speech."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.engine import (
    asking,
    guest,
    holding,
    principal,
    quiet,
    speaking,
    thinking,
    transfer,
    voiced,
)
from switchhook.engine.acting import Notes
from switchhook.engine.brief import Brief, Thinker
from switchhook.engine.dialogue import Dialogue
from switchhook.engine.effects import ReplaceEars
from switchhook.engine.ending import depart, end, gather
from switchhook.engine.interview import Turn
from switchhook.engine.mind import Mind
from switchhook.engine.state import Phase, Session, Timer
from switchhook.engine.thoughts import (
    AskMind,
    BringIn,
    CallTool,
    CancelMind,
    DropTool,
    FallBack,
    Fill,
    GiveUp,
    HandOver,
    Leave,
    MindAction,
    MindDelta,
    MindDone,
    MindFailed,
    MindVoiced,
    Move,
    NoteMind,
    Press,
    ToolFailed,
    ToolReturned,
    Utter,
)
from switchhook.engine.triggers import Trigger

HEARD_OUT = 5.0
"""Seconds beyond its length that the last thing said may take to be heard."""

HEARD_OUT_LIMIT = 10.0

STABLE = 0.2
"""Seconds without a new word after which a turn may be over."""

_CHARACTERS_PER_SECOND = 12

Thought = MindDelta | MindVoiced | MindAction | MindDone | MindFailed | ToolReturned | ToolFailed


def mind_of(brief: Brief) -> Mind:
    """Return a mind that knows what the agent was told, and nobody has spoken to yet."""
    fields = (brief.result_schema or {}).get("properties", {})
    return Mind(
        Dialogue(brief.told),
        Notes(fields),
        offers=brief.offers,
        language=brief.language,
        voiced=brief.duplex,
        stands_by=brief.cascade,
        spare=brief.spare_mind,
    )


def await_guess(session: Session) -> None:
    """Think ahead as soon as the ears believe that the turn is over, or the words are stable."""
    # One that hears for itself is asked once the turn is over: what it heard cannot be taken back.
    thinks = session.brief.thinker is Thinker.MIND and not session.mind.voiced
    # With two on the line it is clear only at its end whose turn it was.
    if not thinks or not session.mute or session.guest is not None:
        return
    if session.caller.eager:
        suppose(session)
    else:
        session.arm(Timer.GUESS, STABLE)


def suppose(session: Session) -> None:
    """Think about a turn that seems to be over."""
    if session.phase is not Phase.TALKING or session.question is not None or not session.mute:
        return
    _up_to_date(session)
    thinking.suppose(session.mind, _so_far(session))
    _perform(session)


def spoke_on(session: Session) -> None:
    """Give a guess up that more words have made a wrong one."""
    thinking.spoke_on(session.mind, _so_far(session))
    _perform(session)


def take_back(session: Session) -> None:
    """Never say what is made of an answer that the callee has overtaken, unless it is heard."""
    if session.brief.thinker is not Thinker.MIND or session.audible:
        return
    speaking.take_back(session)


def ask(session: Session, turn: Turn, *, wanted: bool) -> None:
    """Answer a turn of the callee, unless they only want a moment."""
    _up_to_date(session)
    if wanted:
        thinking.ask(session.mind, turn, session.now)
    else:
        session.latency.open = None
        thinking.note(session.mind, turn)
    _perform(session)


def start(session: Session, trigger: Trigger, *, heard: bool) -> None:
    """Do what a phrase starts that the agent was heard to say, or that the callee has said."""
    _up_to_date(session)
    thinking.start(session.mind, trigger, session.now, heard=heard)
    if heard and session.brief.thinker is Thinker.MIND:
        thinking.await_results(session.mind)
    _perform(session)


def came(session: Session, event: Thought) -> None:
    """Take what a mind wrote, or what an action returned."""
    _up_to_date(session)
    match event:
        case ToolReturned() | ToolFailed():
            thinking.returned(session.mind, event, session.now)
        case _:
            over = isinstance(event, MindDone | MindFailed)
            if over and event.generation == session.mind.generation:
                voiced.leave_off(session)
            thinking.came(session.mind, event, session.now)
    _perform(session)


def bereft(session: Session) -> None:
    """Go on without the mind that heard and spoke itself."""
    _up_to_date(session)
    session.latency.count("duplex_lost")
    asking.lost(session.mind, session.now, "the model that hears and speaks was lost")
    _perform(session)


def due(session: Session) -> None:
    """Do what the mind's deadline stands for."""
    _up_to_date(session)
    thinking.due(session.mind, session.now)
    _perform(session)


def watch(session: Session) -> None:
    """Notice silence while the mind thinks, and arm its deadline."""
    _perform(session)
    mind = session.mind
    if session.phase is Phase.TALKING:
        thinking.quiet(mind, session.now, silent=_silent(session))
    if mind.deadline is None or session.phase is Phase.OVER:
        session.disarm(Timer.MIND)
    else:
        session.timers[Timer.MIND] = mind.deadline


def _up_to_date(session: Session) -> None:
    """Let the dialogue forget what was dropped before it was heard."""
    alive = {utterance.number for utterance in (*session.tail, *session.waiting)}
    if session.current is not None:
        alive.add(session.current.number)
    session.mind.dialogue.keep(alive)


def _silent(session: Session) -> bool:
    """Tell whether nobody makes a sound, or is about to."""
    mouth = session.mute and not session.waiting and session.quiet is None
    return mouth and not session.caller.speaking and not session.caller.text


def _so_far(session: Session) -> str:
    """Return what the callee has said since the agent answered last."""
    return " ".join([*(turn.text for turn in session.unanswered), session.caller.text]).strip()


def _perform(session: Session) -> None:
    for move in session.mind.taken():
        if not (principal.takes(session, move) or holding.takes(session, move)):
            _do(session, move)


def _do(session: Session, move: Move) -> None:
    match move:
        case AskMind() | NoteMind() | CallTool() | DropTool():
            session.emit(move)
        case CancelMind():
            session.emit(move)
            voiced.leave_off(session)
        case FallBack():
            session.emit(ReplaceEars(by_others=True))
        case Utter() | MindVoiced() | Fill() | Press():
            _say(session, move)
        case HandOver() | BringIn():
            _call(session, move)
        case Leave(farewell_said):
            _leave(session, farewell_said=farewell_said)
        case GiveUp():
            end(session, Reason.ERROR_LLM, session.brief.apology)
        case _:
            session.publish(move.fact(session.ms))


def _say(session: Session, move: Utter | MindVoiced | Fill | Press) -> None:
    match move:
        case Utter(spoken):
            quiet.speaks(session)
            number = speaking.say(session, spoken.text.strip())
            session.mind.dialogue.begins(number, spoken)
        case MindVoiced():
            voiced.spoke_on(session, move)
        case Fill():
            speaking.fill(session)
        case _:
            speaking.press(session, move.digits)


def _call(session: Session, move: HandOver | BringIn) -> None:
    match move:
        case HandOver(to, about):
            transfer.to_person(session, to, about)
        case _:
            guest.bring_in(session, move.to)


def _leave(session: Session, *, farewell_said: bool) -> None:
    """Hang up when everything that is being said was heard, however long the line takes."""
    if not farewell_said:
        speaking.say(session, session.brief.said.goodbye)
    characters = sum(len(utterance.text) for utterance in session.to_be_heard)
    limit = HEARD_OUT + characters / _CHARACTERS_PER_SECOND
    quiet.speaks(session)
    gather(session)
    depart(session, min(limit, HEARD_OUT_LIMIT))

"""What was said starts an action, as though the mind had called it.

The agent's words count once they were heard, and when its mind has nothing to add; the callee's
when they are a turn. Each trigger is started once in a turn of the agent, so that what it says
about the action does not start it again; and only while there is a conversation that nobody is
about to leave.
"""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.engine import answering, reception
from switchhook.engine.interview import Turn
from switchhook.engine.mind import Stage
from switchhook.engine.state import Phase, Session
from switchhook.engine.triggers import Speaker, started_by


def agent_said(session: Session) -> None:
    """Start what the agent's words start, as far as they were heard."""
    turn = session.agent_turn
    if not turn.fresh or session.mind.stage is Stage.ASKED:
        return
    turn.fresh = False
    if not _open(session):
        turn.text = ""
        return
    places = started_by(session.brief.triggers, "agent", turn.text, turn.started)
    turn.started.update(places)
    _start(session, places, "agent", turn.text)


def callee_said(session: Session, turn: Turn) -> bool:
    """Start what a turn of the callee starts; return whether that is the answer to it."""
    places = started_by(session.brief.triggers, "callee", turn.text)
    return _start(session, places, "callee", turn.text)


def _start(session: Session, places: list[int], speaker: Speaker, said: str) -> bool:
    """Start one after the other, until one of them takes the agent away."""
    for place in places:
        trigger = session.brief.triggers[place]
        phrase = min(trigger.phrases.found(said))
        data = {"action": trigger.offer.name, "phrase": phrase, "from": speaker}
        text = f'{trigger.offer.name}: the {speaker} said "{phrase}"'
        session.publish(Fact(kind=Kind.NOTE, text=text, data=data, session_ms=session.ms))
        answering.start(session, trigger, heard=speaker == "agent")
        if not _open(session):
            return True
    return False


def _open(session: Session) -> bool:
    """Tell whether there is a conversation in which an action makes sense."""
    leaves = session.departing or session.handover is not None
    talking = session.phase is Phase.TALKING and session.quiet is None
    return talking and not leaves and not reception.blocks(session)

"""A mind that hears and speaks itself: it may find the ends of turns, and its words are sound.

What it says is an utterance whose words and sound come as it speaks.
"""

from __future__ import annotations

from switchhook.engine import quiet, speaking
from switchhook.engine.effects import Hold
from switchhook.engine.endpointing import Mode
from switchhook.engine.events import CalleeHeard, SpeechReady
from switchhook.engine.speakable import Spoken
from switchhook.engine.state import Session, Stand, Utterance
from switchhook.engine.thoughts import MindVoiced


def spoke_on(session: Session, event: MindVoiced) -> None:
    """Take more of an item; each is an utterance, and one that was dropped is not begun again."""
    items = session.mind.round.items
    utterance = next((u for u in _coming(session) if u.item == event.item), None)
    if utterance is None and event.item not in items:
        items.add(event.item)
        utterance = _begin(session, event.item)
    if utterance is None:
        return
    utterance.text += event.text
    session.mind.dialogue.grows(utterance.number, utterance.text)
    speaking.ready(session, SpeechReady(utterance.number, event.milliseconds, (), event.last))


def ends_turn(session: Session, event: CalleeHeard) -> bool:
    """Tell whether the callee's turn is over, by the word of a mind that heard its end itself.

    The words may come later. They are waited for where it matters what they are: who answered may
    be a machine, and what begins while the agent speaks may only show that somebody listens.
    """
    caller = session.caller
    decides = session.mind.voiced and session.brief.endpointing.mode is Mode.PROVIDER
    if not decides or not event.final:
        return False
    caller.ended(event.end_ms)
    known = session.reception.stand is Stand.KNOWN
    return bool(caller.text) or (known and not caller.overlaps)


def leave_off(session: Session) -> None:
    """Let what the mind was saying end where it is: nothing more of it comes."""
    for utterance in _coming(session):
        utterance.broken = True
        speaking.ready(session, SpeechReady(utterance.number, 0, (), last=True))


def _begin(session: Session, item: str) -> Utterance:
    quiet.speaks(session)
    number = speaking.say(session, "", item=item)
    session.mind.dialogue.begins(number, Spoken.verbatim(""))
    session.emit(Hold(number, item))
    return session.waiting[-1]


def _coming(session: Session) -> list[Utterance]:
    """Return what the mind is still speaking."""
    making = [*([session.current] if session.current else []), *session.waiting]
    return [u for u in making if u.item and not u.complete]

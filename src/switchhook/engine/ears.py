"""What becomes of a call whose ears end before it does."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.engine import answering
from switchhook.engine.effects import ReplaceEars
from switchhook.engine.ending import end
from switchhook.engine.state import Phase, Session


def ended(session: Session) -> None:
    """Have the ears opened again, then each of the others; whom nothing can hear is told so."""
    if session.phase is Phase.ENDING:
        return
    if session.mind.voiced:
        answering.bereft(session)
        return
    session.latency.count("ears_ended")
    session.ears_ended += 1
    match session.ears_ended:
        case 1:
            session.emit(ReplaceEars())
        case times if times - 1 <= session.brief.spare_ears:
            session.emit(ReplaceEars(by_others=True))
        case _:
            said = session.brief.said
            end(session, Reason.ERROR_ASR, f"{said.apology} {said.goodbye}")

"""Those the agent calls for, asked during the call: by the rules that lead it, or by its mind.

They answer through whoever follows the call, or do not. For a mind the question is an action like
others: its result is the answer, and once nobody has answered for so long, that.
"""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.engine import asking, thinking
from switchhook.engine.effects import CloseQuestion, OpenQuestion, Settle
from switchhook.engine.events import AnswerGiven
from switchhook.engine.mind import Stage
from switchhook.engine.offers import PRINCIPAL_PATIENCE, Own
from switchhook.engine.state import Consulted, Session
from switchhook.engine.thoughts import CallTool, DropTool, Move, ToolFailed, ToolReturned

UNANSWERED = "nobody answered the question in time"


def opened(session: Session, text: str) -> str:
    """Ask, and return the number under which an answer comes."""
    session.questions += 1
    number = f"q{session.questions}"
    data = {"question_id": number, "question": text, "deadline_seconds": PRINCIPAL_PATIENCE}
    fact = Fact(kind=Kind.QUESTION, text=text, data=data, session_ms=session.ms)
    session.emit(OpenQuestion(number, fact))
    return number


def unanswered(session: Session, number: str) -> Fact:
    """Return the fact that nobody has answered."""
    data = {"question_id": number}
    return Fact(kind=Kind.NOTE, text=UNANSWERED, data=data, session_ms=session.ms)


def given(session: Session, event: AnswerGiven) -> Fact:
    """Return the fact that somebody has answered."""
    data = {"question_id": event.question_id, "answer": event.answer}
    return Fact(kind=Kind.ANSWERED, text=event.answer, data=data, session_ms=session.ms)


def takes(session: Session, move: Move) -> bool:
    """Ask what the mind wants to know, or give it up; any other move is somebody else's."""
    match move:
        case CallTool(number, Own.ASK_PRINCIPAL, arguments):
            _consult(session, number, str(arguments["question"]))
        case DropTool(number) if session.consulted and session.consulted.errand == number:
            session.emit(CloseQuestion(unanswered(session, session.consulted.question)))
            session.consulted = None
        case _:
            return False
    return True


def answered(session: Session, event: AnswerGiven) -> bool:
    """Hand an answer to the mind; tell whether it was the mind that had asked."""
    consulted = session.consulted
    if consulted is None or consulted.question != event.question_id:
        return False
    session.consulted = None
    session.emit(CloseQuestion(given(session, event)))
    session.emit(Settle(event.command, "done"))
    thinking.returned(session.mind, ToolReturned(consulted.errand, event.answer), session.now)
    if session.mind.stage is Stage.IDLE:
        # The callee has spoken meanwhile, and was answered without it.
        asking.begin(session.mind, session.now)
    return True


def _consult(session: Session, errand: int, question: str) -> None:
    if session.consulted is not None:
        refusal = ToolFailed(errand, "they have another question of yours to answer first")
        thinking.returned(session.mind, refusal, session.now)
        return
    session.consulted = Consulted(opened(session, question), errand)

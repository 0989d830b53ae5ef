"""How an utterance ends, exactly once: heard to its end, cut where nobody heard it, or dropped."""

from __future__ import annotations

from switchhook.domain.transcript import Word
from switchhook.engine import heard
from switchhook.engine.effects import Forget, Settle
from switchhook.engine.state import Session, Utterance
from switchhook.engine.thoughts import Truncate


def whole(session: Session, utterance: Utterance) -> None:
    """Let the utterance count as heard to its end, or as far as there was a voice."""
    if utterance.broken:
        words = heard.heard_by(heard.words_of(utterance), utterance.milliseconds)
        _part(session, utterance, utterance.words or words)
        return
    if not utterance.digits:
        heard.write(session, utterance, heard.words_of(utterance))
    settle(session, utterance, "done", utterance.text)


def cut(session: Session, utterance: Utterance, position: int) -> None:
    """End it at this place; whatever comes after it nobody has heard."""
    words = heard.heard_by(heard.words_of(utterance), position)
    if _unheard(utterance, words):
        _truncate(session, utterance, position, heard.text_of(words))
    end(session, utterance, words)


def end(session: Session, utterance: Utterance, words: tuple[Word, ...]) -> None:
    """End it after these words."""
    if _unheard(utterance, words):
        session.agent_turn.cut = True
        _part(session, utterance, words)
    else:
        whole(session, utterance)


def drop(session: Session, utterance: Utterance) -> None:
    """Never say this."""
    session.agent_turn.cut = True
    _truncate(session, utterance, 0, "")
    settle(session, utterance, "interrupted")


def settle(session: Session, utterance: Utterance, result: str, said: str = "") -> None:
    """Let go of an utterance, and tell whoever asked for it what became of it."""
    if utterance.command is not None:
        session.emit(Settle(utterance.command, result, heard=said))
    if utterance.asked:
        session.emit(Forget(utterance.number))


def _unheard(utterance: Utterance, words: tuple[Word, ...]) -> bool:
    """Tell whether more was to be said than these words."""
    return not words or words != heard.words_of(utterance) or not utterance.complete


def _truncate(session: Session, utterance: Utterance, position: int, said: str) -> None:
    """Let a mind that spoke this itself know how far it was heard."""
    if utterance.item:
        session.emit(Truncate(utterance.item, position, said))


def _part(session: Session, utterance: Utterance, words: tuple[Word, ...]) -> None:
    if words:
        heard.write(session, utterance, words, interrupted=True)
    settle(session, utterance, "interrupted", heard.text_of(words))

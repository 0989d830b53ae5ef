"""What of an utterance was heard, word by word, and how the transcript has it."""

from __future__ import annotations

from switchhook.domain.transcript import Line, Word, evenly
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.state import Session, Utterance

MOSTLY = 0.6
"""How much of a word must have been played to count as heard."""

CHARACTER_MS = 70
"""How long a character is believed to sound where the voice did not come to the end."""


def write(
    session: Session, utterance: Utterance, words: tuple[Word, ...], *, interrupted: bool = False
) -> None:
    """Let the words count as heard: to the mind, and in the transcript."""
    said = text_of(words) if interrupted else utterance.text.strip()
    session.mind.dialogue.heard(utterance.number, said, interrupted=interrupted)
    session.agent_turn.heard(said)
    if not utterance.item:
        session.note(Message(Role.AGENT, said))
    remember(session, utterance)
    at = tuple(utterance.timed(word) for word in words)
    unsure = utterance.estimated or session.ledger.estimated(session.now)
    session.write(
        Line(
            speaker="agent",
            text=said,
            start_ms=utterance.at(0),
            end_ms=at[-1].end_ms if at else utterance.at(0),
            interrupted=interrupted,
            heard_estimated=not utterance.told and (unsure or not utterance.words),
            words=at,
        )
    )


def remember(session: Session, utterance: Utterance) -> None:
    """Note when the present playing was heard, before the ledger forgets it."""
    if utterance.launched:
        for position, moment in session.ledger.since(utterance.begins):
            place = utterance.skipped + position - utterance.begins
            utterance.plays.append((place, round((moment - session.answered_at) * 1000)))


def words_of(utterance: Utterance) -> tuple[Word, ...]:
    """Return the words with their times; a voice that tells none is taken to speak evenly."""
    if utterance.words or not utterance.milliseconds:
        return utterance.words
    made = utterance.milliseconds
    ended = utterance.complete and not utterance.broken
    whole = made if ended else max(made, len(utterance.text) * CHARACTER_MS)
    return evenly(utterance.text, whole)


def heard_by(words: tuple[Word, ...], position: int) -> tuple[Word, ...]:
    """Return those of which most was played before this place in the utterance."""
    return tuple(word for word in words if _mostly_played(word) <= position)


def text_of(words: tuple[Word, ...]) -> str:
    """Return the words as a text."""
    return " ".join(word.text for word in words)


def _mostly_played(word: Word) -> float:
    return word.start_ms + MOSTLY * (word.end_ms - word.start_ms)

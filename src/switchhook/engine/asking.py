"""Asking the mind, saying what it writes, and what follows when its answer is over or fails."""

from __future__ import annotations

from collections.abc import Iterable

from switchhook.engine.mind import Due, Mind, Round, Stage
from switchhook.engine.sentences import Sentences
from switchhook.engine.speakable import speak
from switchhook.engine.thoughts import AskMind, CancelMind, FallBack, GiveUp, Leave, Tell, Utter

MIND_PATIENCE = 12.0
"""Seconds without a word from the mind after which it is given up."""

VOICED_PATIENCE = 6.0
"""The same for one that speaks itself, whose silence is the callee's."""

ROUNDS = 6
"""How often in a turn the mind is asked again because actions returned something."""


def begin(mind: Mind, now: float) -> None:
    """Ask for an answer that is spoken as it comes."""
    mind.stage = Stage.ASKED
    await_more(mind, now)
    send(mind)


def await_more(mind: Mind, now: float) -> None:
    """Give the mind its time for the next word."""
    mind.deadlines[Due.MIND] = now + (VOICED_PATIENCE if mind.voiced else MIND_PATIENCE)


def send(mind: Mind, guessed: str | None = None) -> None:
    """Ask for an answer, to what was said or to what seems to have been said."""
    mind.generation += 1
    mind.round = Round()
    mind.sentences = Sentences(mind.language)
    context = mind.dialogue.messages(guessed=guessed)
    ask = AskMind(mind.generation, context, mind.offers, mind.on_spare, mind.voiced)
    mind.moves.append(ask)


def cancel(mind: Mind) -> None:
    """Let the mind stop writing, if it does."""
    if mind.stage in (Stage.ASKED, Stage.GUESSING):
        mind.moves.append(CancelMind(mind.generation))


def utter(mind: Mind, pieces: Iterable[str]) -> None:
    """Say pieces of the answer, one after the other."""
    for piece in pieces:
        spoken = speak(piece, mind.language)
        if spoken.text:
            mind.round.said = mind.turn.spoken = True
            mind.moves.append(Utter(spoken))


def stream_ended(mind: Mind, now: float) -> None:
    """Say the rest; then leave, rest, wait for actions or ask again."""
    utter(mind, mind.sentences.end())
    mind.deadlines.pop(Due.MIND, None)
    mind.stage = Stage.WAITING
    if mind.turn.farewell is not None:
        leave(mind)
    else:
        go_on(mind, now)


def go_on(mind: Mind, now: float) -> None:
    """Rest, wait for actions, or ask the mind what it makes of their results."""
    if mind.errands.wanted:
        return
    if mind.round.read_results or (mind.round.noted and not mind.round.said):
        again(mind, now)
    elif mind.round.said:
        mind.stage = Stage.IDLE
        mind.deadlines.clear()
    else:
        failed(mind, now, "the mind said nothing")


def again(mind: Mind, now: float) -> None:
    """Ask the mind what it makes of the results, unless it never comes to an end."""
    mind.turn.rounds += 1
    if mind.turn.rounds > ROUNDS:
        _give_up(mind, "the mind does not stop calling actions")
    else:
        begin(mind, now)


def failed(mind: Mind, now: float, why: str, *, hung: bool = False) -> None:
    """Ask the other mind, or the same one again unless it hangs; after that there is none."""
    if hung:
        cancel(mind)
    mind.deadlines.pop(Due.MIND, None)
    if mind.turn.farewell is not None:
        leave(mind)
    elif mind.voiced and (hung or mind.turn.asked_other):
        _fall_back(mind, now, why)
    elif mind.turn.asked_other or (hung and not mind.spare):
        _give_up(mind, why)
    else:
        mind.moves.append(Tell(f"{why}; it is asked again"))
        mind.turn.asked_other = True
        if not mind.voiced:
            mind.on_spare = mind.spare and not mind.on_spare
        _ask_other(mind, now)


def lost(mind: Mind, now: float, why: str) -> None:
    """Do without the mind that heard and spoke itself: it is gone."""
    if mind.busy:
        failed(mind, now, why, hung=True)
    else:
        _fall_back(mind, now, why)


def close(mind: Mind) -> None:
    """Stop: nothing more is asked or said, and what still goes on is waited for by nobody."""
    cancel(mind)
    mind.stage = Stage.IDLE
    mind.deadlines.clear()
    mind.errands.forget()


def _fall_back(mind: Mind, now: float, why: str) -> None:
    """Ask the mind that writes, which knows what was heard; without one there is none."""
    mind.voiced = False
    if not mind.stands_by:
        _give_up(mind, why)
        return
    mind.moves += [FallBack(), Tell(f"{why}; the call goes on with ears, a mind and a voice")]
    mind.turn.asked_other = False
    if mind.busy:
        _ask_other(mind, now)


def _ask_other(mind: Mind, now: float) -> None:
    if mind.errands.wanted:
        mind.stage, mind.round.read_results = Stage.WAITING, True
    else:
        begin(mind, now)


def leave(mind: Mind) -> None:
    """Hang up once the goodbye was heard."""
    mind.stage = Stage.IDLE
    close(mind)
    mind.moves.append(Leave(farewell_said=mind.turn.spoken))


def _give_up(mind: Mind, why: str) -> None:
    mind.stage = Stage.IDLE
    close(mind)
    mind.moves += [Tell(why), GiveUp()]

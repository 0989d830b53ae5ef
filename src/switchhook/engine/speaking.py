"""The agent's mouth: one utterance at a time, each heard or interrupted exactly once."""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.transcript import Line, Word
from switchhook.engine.effects import PlaceMark, PressDigits, Settle, Speak, StopSpeech
from switchhook.engine.events import FramesSent, SpeechReady
from switchhook.engine.state import Session, Timer, Utterance

VOICE_PATIENCE = 10.0
"""How long a voice may take to make the audio of an utterance."""

MARK_PATIENCE = 2.0
"""How long after its end an utterance is believed to be on its way, when no mark comes back."""

MOSTLY = 0.6
"""How much of a word must have been played to count as heard."""


def say(
    session: Session, text: str, *, interruptible: bool = True, command: int | None = None
) -> None:
    """Speak this after everything that waits already."""
    session.utterances += 1
    session.waiting.append(Utterance(session.utterances, text, interruptible, command))


def press(session: Session, digits: str, command: int) -> None:
    """Press keys after everything that waits already."""
    session.utterances += 1
    session.waiting.append(Utterance(session.utterances, "", command=command, digits=digits))


def begin(session: Session) -> None:
    """Start the first utterance that waits."""
    utterance = session.waiting.popleft()
    if utterance.digits:
        _press(session, utterance)
        return
    session.current = utterance
    session.disarm(Timer.IDLE)
    session.arm(Timer.PLAYOUT, VOICE_PATIENCE)
    session.emit(Speak(utterance.number, utterance.text))


def ready(session: Session, utterance: Utterance, event: SpeechReady) -> None:
    """Take the length and the words of the audio that is about to be played."""
    utterance.milliseconds = event.milliseconds
    utterance.words = event.words
    utterance.begins = session.ledger.sent
    utterance.start_ms = session.last_spoke_ms = session.ms
    session.arm(Timer.PLAYOUT, event.milliseconds / 1000 + MARK_PATIENCE)
    if not event.milliseconds:
        heard(session, utterance)


def sent(session: Session, utterance: Utterance, event: FramesSent) -> None:
    """Count what left, and ask for a mark every now and then and at the end."""
    if not utterance.sent:
        utterance.start_ms = session.last_spoke_ms = session.ms
        timing = session.latency.agent_started(session.ms)
        if timing:
            session.publish(timing)
    session.ledger.send(session.now, event.milliseconds)
    utterance.sent += event.milliseconds
    remaining = max(0, (utterance.milliseconds or 0) - utterance.sent)
    if not remaining or session.ledger.mark_due():
        session.emit(PlaceMark(session.ledger.mark()))
    session.arm(Timer.PLAYOUT, remaining / 1000 + MARK_PATIENCE)


def echoed(session: Session, name: str) -> None:
    """Take a mark that came back; the last one of an utterance says that it was heard."""
    session.ledger.echo(session.now, name)
    utterance = session.current
    if utterance is None or utterance.milliseconds is None:
        return
    end = utterance.begins + utterance.milliseconds
    if utterance.sent >= utterance.milliseconds and session.ledger.acked >= end:
        heard(session, utterance)


def heard(session: Session, utterance: Utterance) -> None:
    """Let the utterance count as heard to its end."""
    _spoken(session, utterance, utterance.words)
    _done(session, utterance)


def overdue(session: Session, utterance: Utterance) -> bool:
    """Give up waiting; return whether any of the utterance was ever ready to be played."""
    if utterance.milliseconds is not None and utterance.sent >= utterance.milliseconds:
        heard(session, utterance)
    else:
        stop(session)
    return utterance.milliseconds is not None


def stop(session: Session) -> None:
    """Stop at once: the transcript keeps what was heard, what waits is never said."""
    utterance = session.current
    if utterance is not None:
        session.emit(StopSpeech(session.ledger.heard(session.now)))
        cut(session, utterance)
    for dropped in session.waiting:
        _settle(session, dropped, "interrupted")
    session.waiting.clear()


def cut(session: Session, utterance: Utterance) -> None:
    """End the utterance where the callee stopped hearing it."""
    position = session.ledger.clear(session.now) - utterance.begins
    words = tuple(w for w in utterance.words if _mostly_played(w) <= position)
    if words == utterance.words and words:
        heard(session, utterance)
        return
    if words:
        _spoken(session, utterance, words, interrupted=True)
    _settle(session, utterance, "interrupted", _text(words))
    _clear(session)


def _spoken(
    session: Session, utterance: Utterance, words: tuple[Word, ...], *, interrupted: bool = False
) -> None:
    said = _text(words) if interrupted else utterance.text
    session.mind.dialogue.heard(utterance.number, said, interrupted=interrupted)
    start = utterance.start_ms
    at = tuple(
        Word(text=w.text, start_ms=start + w.start_ms, end_ms=start + w.end_ms) for w in words
    )
    session.write(
        Line(
            speaker="agent",
            text=said,
            start_ms=start,
            end_ms=at[-1].end_ms if interrupted else session.ms,
            interrupted=interrupted,
            words=at,
        )
    )


def _press(session: Session, utterance: Utterance) -> None:
    session.emit(PressDigits(utterance.digits))
    data = {"digits": utterance.digits, "from": "agent"}
    text = f"pressed {utterance.digits}"
    session.publish(Fact(kind=Kind.DIGITS, text=text, data=data, session_ms=session.ms))
    _settle(session, utterance, "done")


def _done(session: Session, utterance: Utterance) -> None:
    _settle(session, utterance, "done", utterance.text)
    _clear(session)


def _clear(session: Session) -> None:
    session.current = None
    session.disarm(Timer.PLAYOUT)


def _settle(session: Session, utterance: Utterance, result: str, said: str = "") -> None:
    if utterance.command is not None:
        session.emit(Settle(utterance.command, result, heard=said))


def _mostly_played(word: Word) -> float:
    return word.start_ms + MOSTLY * (word.end_ms - word.start_ms)


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)

"""The agent's mouth: one utterance after the other, each heard or interrupted exactly once.

    waiting ──► current: made ──► played ──► tail: sent, not yet heard ──► heard
       ▲                 └─ held ─┘  │ pause, resume │
       └── what follows a pause ─────┴───────────────┘

An utterance is made piece by piece, and played as soon as there is a cushion of it. When the voice
is slower than speech the mouth runs dry: the utterance is neither over nor heard to its end. The
next one is made once the present one is made whole, and follows it without a gap. What was sent
and not heard is thrown away by a stop, and kept by a pause.
"""

from __future__ import annotations

from switchhook.domain.happenings import Fact, Kind
from switchhook.engine import heard, interruption, settling, thinking
from switchhook.engine.effects import (
    PauseSpeech,
    PlaceMark,
    Play,
    PressDigits,
    Speak,
    StopSpeech,
)
from switchhook.engine.events import FramesSent, SpeechReady
from switchhook.engine.state import Session, Timer, Utterance

VOICE_PATIENCE = 10.0
"""How long a voice may take until an utterance can be played, or played on."""

MARK_PATIENCE = 2.0
"""How long after its end an utterance is believed to be on its way, when no mark comes back."""

CLOCK_PATIENCE = 0.1
"""The same, where marks mean nothing."""

_FRAME_MS = 20
_KEYS = str.maketrans("abcd,", "ABCDW")


def say(
    session: Session,
    text: str,
    *,
    interruptible: bool = True,
    command: int | None = None,
    filler: bool = False,
    item: str = "",
) -> int:
    """Speak this after everything that waits already; return its number.

    An item is being spoken by the mind itself.
    """
    session.utterances += 1
    if not filler:
        session.latency.thought(session.ms)
    utterance = Utterance(
        session.utterances,
        text,
        interruptible,
        command,
        item=item,
        filler=filler,
        asked=bool(item),
    )
    session.waiting.append(utterance)
    return session.utterances


def fill(session: Session) -> None:
    """Fill the silence with a few words, not twice in a row the same; they answer nothing."""
    said = session.brief.said
    say(session, said.still_working if session.fillers % 2 else said.one_moment, filler=True)
    session.fillers += 1


def press(session: Session, digits: str, command: int | None = None) -> None:
    """Press keys after everything that waits already."""
    session.utterances += 1
    keys = digits.translate(_KEYS)
    session.waiting.append(
        Utterance(session.utterances, "", interruptible=False, command=command, digits=keys)
    )


def begin(session: Session) -> None:
    """Take the first utterance that waits; it is played once enough of it is made."""
    utterance = session.current = session.waiting.popleft()
    _ask(session, utterance)
    _await_voice(session)


def prepare(session: Session) -> None:
    """Have the next utterance made while the present one is played."""
    if session.waiting and (session.current is None or session.current.complete):
        _ask(session, session.waiting[0])


def ready(session: Session, event: SpeechReady) -> None:
    """Take a piece of an utterance."""
    utterance = find(session, event.utterance)
    if utterance is None or utterance.complete:
        return
    if utterance.dry and event.milliseconds:
        session.latency.count("underruns")
    was_playable = utterance.playable
    utterance.milliseconds += event.milliseconds
    utterance.words += event.words
    utterance.complete = event.last
    if utterance.playable and not was_playable and not utterance.filler:
        session.latency.voiced(session.ms)
    if utterance is session.current:
        _go_on(session, utterance)


def failed(session: Session, utterance: Utterance) -> bool:
    """Let an utterance end where its voice left it off; return whether there is any of it."""
    if not utterance.milliseconds:
        return False
    utterance.complete = utterance.broken = True
    if utterance is session.current:
        _go_on(session, utterance)
    return True


def find(session: Session, number: int) -> Utterance | None:
    """Return the utterance of this number that is not over."""
    known = [*session.waiting, *([session.current] if session.current else [])]
    return next((u for u in known if u.number == number), None)


def release(session: Session) -> None:
    """Play what is ready and was held back."""
    utterance = session.current
    if utterance is None or utterance.launched or not utterance.playable:
        return
    if not utterance.milliseconds:
        utterance.launched = True
        utterance.start_ms = session.ms
        session.current = None
        settling.whole(session, utterance)
    else:
        _launch(session, utterance, utterance.sent)


def sent(session: Session, event: FramesSent) -> None:
    """Count what left, and ask for a mark every now and then and at the end."""
    utterance = session.current
    if not event.utterance:
        session.ledger.send(session.now, event.milliseconds)
        if utterance is not None and utterance.dry:
            # The room sounds in the gap, and what follows it is that much later.
            utterance.begins += event.milliseconds
    if utterance is None or utterance.number != event.utterance or not utterance.launched:
        return
    if utterance.start_ms is None:
        _first_sound(session, utterance)
    session.ledger.send(session.now, event.milliseconds)
    utterance.sent += event.milliseconds
    _go_on(session, utterance)
    if utterance.left <= 0 or session.ledger.mark_due():
        session.emit(PlaceMark(session.ledger.mark()))


def echoed(session: Session, name: str) -> None:
    """Take a mark that came back; the last one of an utterance says that it was heard."""
    believed = not session.ledger.unreliable
    session.ledger.echo(session.now, name)
    if not session.ledger.unreliable:
        _settle_tail(session, session.ledger.acked)
    elif believed:
        session.latency.count("marks_unreliable")
        if session.tail:
            session.arm(Timer.PLAYOUT, session.ledger.remaining(session.now) + CLOCK_PATIENCE)


def played_out(session: Session) -> None:
    """Let what was sent count as heard: no mark tells, and the time is over."""
    if not session.ledger.unreliable:
        session.latency.count("marks_missing")
    for utterance in session.tail:
        utterance.estimated = True
    _settle_tail(session, session.ledger.sent)


def overdue(session: Session) -> bool:
    """Give up waiting for the mouth; return whether it ever had anything to play."""
    utterance = session.current
    had_audio = utterance is not None and (utterance.milliseconds > 0 or utterance.complete)
    if had_audio:
        stop(session)
    return had_audio


def pause(session: Session) -> None:
    """Stop sending and keep the place, exactly where the callee stopped hearing."""
    position = session.ledger.heard(session.now)
    session.emit(PauseSpeech(position))
    _settle_tail(session, position)
    for utterance in _mouth(session):
        heard.remember(session, utterance)
        utterance.skipped = utterance.sent = utterance.heard(position)
        utterance.begins = 0
        utterance.launched = False
    if session.tail:
        if session.current is not None:
            session.tail.append(session.current)
        session.current, *later = session.tail
        session.waiting.extendleft(reversed(later))
        session.tail.clear()
    session.ledger.clear(session.now)
    session.paused_at = session.now if session.current is not None else None
    session.disarm(Timer.MOUTH, Timer.PLAYOUT)


def resume(session: Session) -> None:
    """Speak on from the place that was kept, or after a long pause from the last word."""
    since = session.now if session.paused_at is None else session.paused_at
    session.paused_at = None
    for utterance in _mouth(session):
        starts = (word.start_ms for word in utterance.words)
        start = interruption.resume_from(utterance.sent, starts, session.now - since)
        utterance.sent = start // _FRAME_MS * _FRAME_MS
    _await_voice(session)


def restart(session: Session) -> None:
    """Say what is being said from its beginning."""
    pause(session)
    session.paused_at = None
    for utterance in _mouth(session):
        utterance.sent = 0
    _await_voice(session)


def take_back(session: Session) -> None:
    """Never say what is made or waits, unless somebody asked for it or it must be heard."""
    for utterance in [*_mouth(session), *session.waiting]:
        if utterance.command is not None or not utterance.interruptible:
            continue
        settling.drop(session, utterance)
        if utterance is session.current:
            session.current = None
            session.disarm(Timer.MOUTH)
        else:
            session.waiting.remove(utterance)


def stop(session: Session) -> None:
    """Stop at once: the transcript keeps what was heard, what waits is never said or thought."""
    if not session.mute:
        session.emit(StopSpeech(session.ledger.heard(session.now)))
        cut(session)
    for dropped in session.waiting:
        settling.drop(session, dropped)
    session.waiting.clear()
    thinking.interrupted(session.mind)


def cut(session: Session) -> None:
    """End what is being said where the callee stopped hearing it."""
    position = session.ledger.heard(session.now)
    for utterance in _mouth(session):
        settling.cut(session, utterance, utterance.heard(position))
    session.current = None
    _forget_playing(session)


def told(session: Session, count: int | None = None) -> None:
    """End what is being said after so many words, or as heard to its end: the line knows."""
    launched = [utterance for utterance in _mouth(session) if utterance.launched]
    for utterance in launched:
        utterance.told = True
        if utterance.start_ms is None:
            _first_sound(session, utterance)
        if count is None or utterance is not launched[-1]:
            settling.whole(session, utterance)
        else:
            settling.end(session, utterance, heard.words_of(utterance)[:count])
    if launched:
        session.current = session.current if session.current not in launched else None
        _forget_playing(session)


def _ask(session: Session, utterance: Utterance) -> None:
    if utterance.asked:
        return
    utterance.asked = True
    if utterance.digits:
        session.emit(PressDigits(utterance.number, utterance.digits))
    else:
        session.emit(Speak(utterance.number, utterance.text, utterance.interruptible))


def _await_voice(session: Session) -> None:
    if session.current is not None and not session.current.playable:
        session.arm(Timer.MOUTH, VOICE_PATIENCE)


def _launch(session: Session, utterance: Utterance, from_ms: int) -> None:
    utterance.launched = True
    utterance.skipped = utterance.sent = from_ms
    utterance.begins = session.ledger.sent
    if session.ledger.dry(session.now):
        session.emit(PlaceMark(session.ledger.probe(session.now)))
    session.emit(Play(utterance.number, from_ms))
    _go_on(session, utterance)


def _go_on(session: Session, utterance: Utterance) -> None:
    """Wait for the line, for the voice, or for the last of it to be heard."""
    if not utterance.launched:
        if utterance.playable:
            session.disarm(Timer.MOUTH)
    elif utterance.left > 0:
        session.arm(Timer.MOUTH, utterance.left / 1000 + MARK_PATIENCE)
    elif utterance.complete:
        _sent_all(session, utterance)
        # The last mark may be back already when the voice says that there is nothing more.
        _settle_tail(session, session.ledger.acked)
    else:
        session.arm(Timer.MOUTH, VOICE_PATIENCE)


def _first_sound(session: Session, utterance: Utterance) -> None:
    utterance.start_ms = session.last_spoke_ms = session.ms
    session.reply = None
    if utterance.filler:
        session.latency.filler_started(session.ms)
    elif timing := session.latency.agent_started(session.ms):
        session.publish(timing)
    if utterance.digits:
        data = {"digits": utterance.digits, "from": "agent"}
        text = f"pressed {utterance.digits}"
        session.publish(Fact(kind=Kind.DIGITS, text=text, data=data, session_ms=session.ms))


def _sent_all(session: Session, utterance: Utterance) -> None:
    session.tail.append(utterance)
    session.current = None
    session.disarm(Timer.MOUTH)
    unsure = CLOCK_PATIENCE if session.ledger.unreliable else MARK_PATIENCE
    session.arm(Timer.PLAYOUT, session.ledger.remaining(session.now) + unsure)


def _forget_playing(session: Session) -> None:
    session.ledger.clear(session.now)
    session.tail.clear()
    session.paused_at = None
    session.disarm(Timer.MOUTH, Timer.PLAYOUT)


def _mouth(session: Session) -> list[Utterance]:
    """Return what is being said, in the order in which it is heard."""
    return [*session.tail, *([session.current] if session.current else [])]


def _settle_tail(session: Session, position: int) -> None:
    while session.tail and session.tail[0].ends <= position:
        settling.whole(session, session.tail.popleft())
    if not session.tail:
        session.disarm(Timer.PLAYOUT)

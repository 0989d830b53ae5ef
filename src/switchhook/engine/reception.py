"""Who answered, and what is done about it: people are talked to, machines are left a message.

    LISTENING ──a person, or long enough──► KNOWN
        │  a machine, and there is a message
        └──► LEAVING ──beep, or silence──► MESSAGE ──heard──► the call ends

Until two turns were exchanged every verdict is open to revision.
"""

from __future__ import annotations

from dataclasses import replace

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import floor, hello, interview, menus, patience, screening, speaking
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import ListenForTones
from switchhook.engine.ending import end
from switchhook.engine.events import MachineVerdict, ToneHeard
from switchhook.engine.idle import Happening
from switchhook.engine.meaning import Wish
from switchhook.engine.screening import Judgement, Tone, Verdict
from switchhook.engine.screening import Reason as Ground
from switchhook.engine.state import Phase, Reception, Session, Stand, Timer, Utterance

SILENCE_BEFORE_MESSAGE = 1.5
"""How long it is quiet before a message is left without a beep."""

HUMAN_AFTER_SCREENING = 30.0
"""How long somebody may need to look at what their telephone's assistant shows them."""

_MACHINES = frozenset({Verdict.VOICEMAIL, Verdict.MENU, Verdict.UNAVAILABLE, Verdict.ASSISTANT})


def answered(session: Session) -> None:
    """Begin to find out who it is."""
    evidence = screening.Evidence(session.now, session.brief.language)
    session.reception = Reception(
        evidence=evidence, loop=screening.MenuLoop(session.brief.language)
    )
    session.emit(ListenForTones(wanted=True))
    _consider(session)


def sounds(session: Session, *, begins: bool) -> None:
    """Take the beginning or the end of speech."""
    known = session.reception.evidence
    now = session.now
    session.reception.evidence = known.speech_started(now) if begins else known.speech_ended(now)
    _consider(session)


def words(session: Session) -> None:
    """Take the words that are being said."""
    reception = session.reception
    if reception.stand is not Stand.LISTENING:
        return
    said = " ".join([*reception.words, session.caller.text])
    known = replace(reception.evidence, text=said)
    if not session.caller.speaking:
        # Words without sound are sound: a machine that is quiet says none.
        known = known.speech_started(session.now).speech_ended(session.now)
    reception.evidence = known
    _consider(session)


def turn(session: Session, text: str) -> None:
    """Take a finished turn; one that answers the agent is a sign of a person."""
    reception = session.reception
    if reception.stand is Stand.LISTENING:
        reception.words.append(text)
        exchanged = session.last_spoke_ms > 0 and not _is_machine(reception.verdict)
        if exchanged and screening.by_words(text, session.brief.language) not in _MACHINES:
            known = reception.evidence
            reception.evidence = replace(known, turns=known.turns + 1)
        _consider(session)
    if _at_menu(session):
        _at_hold(session)
        _prompted(session, text)


def tone(session: Session, event: ToneHeard) -> None:
    """Take a tone; the beep of a machine opens its ear, however late it comes."""
    reception = session.reception
    known = reception.evidence
    reception.evidence = replace(known, tones=known.tones | {event.tone})
    if event.tone is Tone.BEEP and reception.stand in {Stand.LEAVING, Stand.MESSAGE}:
        _speak_message(session)
    else:
        _consider(session)


def carrier(session: Session, event: MachineVerdict) -> None:
    """Take what the carrier believes; once it is known who answered it is only noted."""
    _note(session, f"the carrier says: {event.verdict.value}", {"carrier": event.verdict.value})
    session.reception.evidence = replace(session.reception.evidence, carrier=event.verdict)
    _consider(session)


def due(session: Session) -> None:
    """Look again, now that some time has passed."""
    if session.reception.stand is Stand.LEAVING:
        _speak_message(session)
    else:
        _consider(session)


def blocks(session: Session) -> bool:
    """Tell whether what was said is not for the agent to answer."""
    reception = session.reception
    if reception.stand in {Stand.LEAVING, Stand.MESSAGE}:
        return True
    if _at_menu(session):
        return session.brief.thinker is Thinker.INTERVIEW
    verdict = reception.verdict
    waits = verdict is not None and verdict.verdict is Verdict.VOICEMAIL
    return reception.stand is Stand.LISTENING and waits and _acts_on(verdict)


def holds(session: Session, utterance: Utterance) -> bool:
    """Tell whether an utterance is the message, and its time has not come."""
    reception = session.reception
    return reception.stand is Stand.LEAVING and utterance.number == reception.message


def left(session: Session) -> bool:
    """Tell whether the message was said to its end."""
    return session.reception.stand is Stand.MESSAGE and session.mute and not session.waiting


def _consider(session: Session) -> None:
    reception = session.reception
    if reception.stand is not Stand.LISTENING or session.phase is not Phase.TALKING:
        return
    judged = screening.judge(reception.evidence, session.now)
    reception.verdict = judged
    session.wake(Timer.RECEPTION, screening.deadline(reception.evidence, session.now))
    if judged is None:
        return
    if judged.confirmed and judged.verdict is not reception.noted:
        reception.noted = judged.verdict
        data = {"answered_by": judged.verdict.value, "because": judged.reason.value}
        _note(session, f"answered by: {judged.verdict.value}", data)
    if judged.confirmed:
        _act(session, judged)


def _act(session: Session, judged: Judgement) -> None:
    match judged.verdict:
        case Verdict.HUMAN if judged.reason is Ground.TURNS:
            _known(session)
        case Verdict.UNCERTAIN:
            _known(session)
        case Verdict.VOICEMAIL if _acts_on(judged):
            _machine(session)
        case Verdict.UNAVAILABLE:
            # What a carrier reports of such a number before anybody answers.
            end(session, Reason.DIAL_FAILED, "")
        case Verdict.MENU:
            _menu(session)
        case Verdict.ASSISTANT:
            _introduce(session)
        case _:
            # A person who may still turn out to be a machine is talked to.
            pass


def _acts_on(judged: Judgement | None) -> bool:
    """Tell whether a verdict rests on more than how long somebody spoke."""
    return judged is not None and judged.reason is not Ground.TIMING


def _known(session: Session) -> None:
    session.reception.stand = Stand.KNOWN
    session.disarm(Timer.RECEPTION)
    session.emit(ListenForTones(wanted=False))


def _machine(session: Session) -> None:
    """Leave a message, or hang up without a word."""
    hello.over(session)
    voicemail = session.brief.voicemail
    session.interview.wishes.append(Wish.VOICEMAIL)
    session.unanswered.clear()
    message = voicemail.voicemail_message
    if voicemail.on_no_human_answer == "hangup" or not message:
        end(session, Reason.VOICEMAIL_HANGUP, "")
        return
    reception = session.reception
    reception.stand = Stand.LEAVING
    speaking.stop(session)
    floor.reset(session)
    patience.busy(session)
    text = f"{session.brief.disclosure} {message}"
    reception.message = speaking.say(session, text, interruptible=False)
    if Tone.BEEP in reception.evidence.tones:
        _speak_message(session)
    else:
        quiet = max(0.0, SILENCE_BEFORE_MESSAGE - reception.evidence.silence(session.now))
        session.arm(Timer.RECEPTION, quiet)


def _speak_message(session: Session) -> None:
    """Let the message be heard; one that began before the beep begins again."""
    session.disarm(Timer.RECEPTION)
    reception = session.reception
    if reception.stand is Stand.MESSAGE and session.audible:
        speaking.restart(session)
    reception.stand = Stand.MESSAGE


def _menu(session: Session) -> None:
    """Say nothing to a menu: whoever thinks may press keys, and its music is no silence."""
    reception = session.reception
    hello.over(session)
    _known(session)
    if session.brief.voicemail.on_no_human_answer == "hangup":
        end(session, Reason.IVR_REACHED, "")
        return
    for said in reception.words:
        reception.loop = reception.loop.heard(said)
    speaking.stop(session)
    floor.reset(session)
    _at_hold(session)


def _prompted(session: Session, text: str) -> None:
    """Take what a menu says: press a key that fits, or leave when it goes round in circles."""
    reception = session.reception
    if reception.pressed and _picked_up(session, text):
        return
    reception.loop = reception.loop.heard(text)
    if reception.loop.looping:
        end(session, Reason.IVR_REACHED, "")
    elif session.brief.thinker is Thinker.INTERVIEW and session.brief.navigates_menus:
        purpose = f"{session.brief.task} {session.brief.first_message}"
        key = menus.choose(text, purpose, reception.pressed if reception.loop.repeated > 1 else "")
        if key is not None:
            reception.pressed += key
            speaking.press(session, key)


def _picked_up(session: Session, text: str) -> bool:
    """Begin anew with somebody whom the menu led to, and who has heard nothing yet."""
    known = screening.by_words(text, session.brief.language)
    if known is not Verdict.HUMAN and (known is not None or not menus.person(text)):
        return False
    session.reception.verdict = Judgement(Verdict.HUMAN, confirmed=True, reason=Ground.WORDS)
    _note(session, "answered by: human", {"answered_by": "human", "because": "words"})
    session.unanswered.clear()
    patience.happened(session, Happening.CALLER_SPOKE)
    speaking.say(session, session.brief.disclosure, interruptible=False)
    speaking.say(session, interview.opening(session.interview))
    return True


def _at_hold(session: Session) -> None:
    """Take silence for the menu's own, where the agent is to find its way."""
    if session.brief.navigates_menus:
        patience.happened(session, Happening.ON_HOLD)


def _at_menu(session: Session) -> bool:
    reception = session.reception
    verdict = reception.verdict
    return (
        reception.stand is Stand.KNOWN and verdict is not None and (verdict.verdict is Verdict.MENU)
    )


def _introduce(session: Session) -> None:
    """Tell a telephone's assistant once who calls and why, and wait for a person."""
    reception = session.reception
    hello.over(session)
    session.unanswered.clear()
    reception.evidence = screening.Evidence(session.now, session.brief.language)
    reception.words.clear()
    session.write_callee()
    session.caller.close()
    session.disarm(Timer.TURN)
    patience.happened(session, Happening.ASKED_TO_WAIT)
    if reception.introduced:
        return
    reception.introduced = True
    speaking.stop(session)
    floor.reset(session)
    speaking.say(session, session.brief.who, interruptible=False)
    limits = replace(session.patience.limits, asked_to_wait=HUMAN_AFTER_SCREENING)
    session.patience = replace(session.patience, limits=limits)


def _is_machine(judged: Judgement | None) -> bool:
    return _acts_on(judged) and judged is not None and judged.verdict in _MACHINES


def _note(session: Session, text: str, data: dict[str, str]) -> None:
    session.publish(Fact(kind=Kind.NOTE, text=text, data=data, session_ms=session.ms))

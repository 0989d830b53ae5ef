"""Whose turn it is: when the callee has finished, what they said, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Line
from switchhook.engine import (
    answering,
    endpointing,
    floor,
    guest,
    hello,
    idle,
    interruption,
    interview,
    meaning,
    patience,
    phrased,
    principal,
    reception,
    screening,
    speaking,
    transfer,
    voiced,
)
from switchhook.engine.awaited import awaited
from switchhook.engine.brief import Thinker
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.effects import ReplaceEars
from switchhook.engine.ending import end
from switchhook.engine.endpointing import Evidence, Expectation
from switchhook.engine.events import CalleeHeard
from switchhook.engine.idle import Happening
from switchhook.engine.interview import Reply, Turn
from switchhook.engine.latency import Answer
from switchhook.engine.meaning import Wish
from switchhook.engine.offers import PRINCIPAL_PATIENCE
from switchhook.engine.questionnaire import by_speaker
from switchhook.engine.state import AgentTurn, Phase, Question, Session, Timer
from switchhook.engine.state import Reply as Unheard

FILLER_AFTER = 1.5
"""How long whoever thinks may be silent before the agent fills the silence."""
ASSISTANT_PATIENCE = 60.0
ANSWERS_WITHIN_MS = 800
"""How long before the agent's end a mere "yes" is an answer, and not a sign of listening."""
WORDLESS_MS = 1000
"""How long speech without words is worth to be asked for again."""
DEAF_MS = 5000
"""How long speech without words shows that the ears are at fault."""
MISHEARD_AT_MOST = 2
_LONGEST_REQUEST = 8


def sound(session: Session, at_ms: int) -> None:
    """Take the beginning of the callee's speech."""
    session.caller.sound(at_ms)
    hello.sound(session, begins=True)
    _await_end(session)
    _bound(session)
    patience.busy(session)
    reception.sounds(session, begins=True)
    floor.started(session, at_ms)


def silence(session: Session, at_ms: int) -> None:
    """Take the end of it; after a while the turn is over."""
    session.caller.silence(at_ms)
    hello.sound(session, begins=False)
    reception.sounds(session, begins=False)
    floor.stopped(session)
    _await_end(session)


def heard(session: Session, event: CalleeHeard) -> None:
    """Take words of the callee: they may interrupt the agent, and a finished turn is answered."""
    if session.phase is Phase.WAITING:
        return
    if not event.text.strip():
        if voiced.ends_turn(session, event):
            finish(session)
        return
    if not session.caller.words(event, session.ms):
        _written_late(session, event)
        return
    session.cut_off = False
    if event.final or event.certain:
        session.ears_ended = 0
    _bound(session)
    hello.words(session)
    answering.spoke_on(session)
    patience.happened(session, Happening.CALLER_SPOKE)
    if event.speaker == "callee":
        reception.words(session)
    floor.words(session, event)
    if event.final:
        finish(session)
    else:
        _await_end(session)


def finish(session: Session) -> None:
    """Let what the callee said be a turn."""
    session.disarm(Timer.GUESS, Timer.TURN, Timer.TURN_MAX)
    caller = session.caller
    session.noise |= caller.speaking
    line = session.write_callee()
    if line is None:
        _wordless(session)
        return
    turn = Turn(caller.text, line, caller.speaker)
    ended = Answer(caller.quiet_ms, caller.words_ms, session.ms)
    listens = _only_listens(session, turn.text)
    caller.close()
    if session.phase is Phase.TALKING and not listens:
        _taken(session, turn, ended)


def take(session: Session) -> bool:
    """Answer what the callee said; return whether the agent has something to do now.

    This is the one place where a finished turn goes to whoever thinks.
    """
    waits = session.question is not None or session.quiet is not None
    if not session.unanswered or waits or reception.blocks(session):
        return False
    said = list(session.unanswered)
    *earlier, turn = by_speaker(said)
    session.unanswered.clear()
    session.agent_turn = AgentTurn()
    done = turn.speaker == "callee" and phrased.callee_said(session, turn)
    waits = done or _asked_to_wait(session, turn)
    if session.brief.thinker is Thinker.MIND:
        for other in earlier:
            answering.ask(session, other, wanted=False)
        answering.ask(session, turn, wanted=not waits)
    elif session.brief.thinker is Thinker.ASSISTANT:
        for one in (*earlier, turn):
            _hand_over(session, one, done=done)
    elif waits or _too_early(session, turn):
        session.latency.open = None
    else:
        before = replace(
            session.interview,
            results=dict(session.interview.results),
            wishes=list(session.interview.wishes),
        )
        reply = interview.hear(session.interview, turn)
        takes_back = reply.text and not reply.ask and reply.end is None
        session.reply = Unheard(before, said) if takes_back else None
        _reply(session, reply)
    return bool(session.waiting) or session.phase is Phase.ENDING


def listen(session: Session) -> None:
    """Give the callee the floor; silence is noticed, unless somebody else is waited for."""
    if session.mind.busy:
        patience.busy(session)
    elif Timer.QUESTION in session.timers or Timer.ASSISTANT in session.timers:
        patience.busy(session)
        if Timer.FILLER not in session.timers:
            session.arm(Timer.FILLER, session.brief.turns.dead_air_secs)
    elif not session.caller.speaking:
        patience.listening(session)


def fill(session: Session) -> None:
    """Say something, so that nobody thinks that the line is dead."""
    if not session.mute or session.waiting or session.caller.text:
        return
    speaking.fill(session)


def keys(session: Session, digit: str) -> None:
    """Take a key that the callee pressed; several together are a turn."""
    data = {"digits": digit, "from": "callee"}
    text = f"the callee pressed {digit}"
    session.publish(Fact(kind=Kind.DIGITS, text=text, data=data, session_ms=session.ms))
    patience.happened(session, Happening.CALLER_SPOKE)
    yields = session.current is not None and session.current.interruptible
    if session.brief.turns.interrupt_on_digits and session.audible and yields:
        speaking.stop(session)
        floor.reset(session)
    session.digits += digit
    if digit == "#":
        keyed(session)
    else:
        session.arm(Timer.DIGITS, DIGITS_PATIENCE)


def keyed(session: Session) -> None:
    """Let the keys be a turn; a nine alone is the wish not to be called again."""
    digits, session.digits = session.digits.strip("#"), ""
    session.disarm(Timer.DIGITS)
    if session.phase is not Phase.TALKING or not digits:
        return
    turn = Turn(digits, max(0, session.lines - 1))
    session.note(Message(Role.CALLEE, f"[pressed {digits} on the telephone]"))
    ended = Answer(session.ms, session.ms, session.ms)
    if digits == "9" and awaited(session) is not Expectation.NUMBER:
        _stop_calling(session)
    else:
        _taken(session, turn, ended)


DIGITS_PATIENCE = 3.0
"""How long after a key another one may follow."""


def _bound(session: Session) -> None:
    """Let no turn last for ever."""
    if Timer.TURN_MAX not in session.timers:
        session.arm(Timer.TURN_MAX, session.brief.turns.user_turn_max_secs)


def _await_end(session: Session) -> None:
    caller = session.caller
    if caller.speaking or not caller.open:
        session.disarm(Timer.TURN, Timer.GUESS)
        if caller.text:
            # A sound that brings no more words is not the callee's.
            session.arm(Timer.TURN, session.brief.turns.dead_air_secs)
        return
    answering.await_guess(session)
    evidence = Evidence(
        text=caller.text,
        provider_ended=caller.told_over,
        provider_eager=caller.eager,
        expectation=awaited(session),
        pace=caller.pace,
    )
    delay = endpointing.end_delay(evidence, session.brief.endpointing)
    session.wake(Timer.TURN, max(session.now, session.moment(caller.quiet_ms) + delay))


def _only_listens(session: Session, text: str) -> bool:
    """Tell whether it was said over the agent and leaves it the floor."""
    if not session.caller.overlaps or session.mute:
        return False
    sensitivity = session.brief.interruption.sensitivity
    if not interruption.is_backchannel(text, session.brief.language, sensitivity):
        return False
    answers = not meaning.backchannel(text) and _nearly_over(session)
    return not answers


def _nearly_over(session: Session) -> bool:
    """Tell whether the agent was about to finish when it was said."""
    if session.waiting:
        return False
    speaks = session.current
    return speaks is None or (speaks.complete and speaks.left <= ANSWERS_WITHIN_MS)


def _taken(session: Session, turn: Turn, ended: Answer) -> None:
    if turn.speaker == "guest":
        # The interview's questions are the callee's to answer.
        if session.brief.thinker is not Thinker.INTERVIEW:
            _to_be_answered(session, turn, ended)
        return
    session.turns += 1
    session.misheard = 0
    session.last_turn_ms = ended.spoken
    unwanted = screening.asks_not_to_be_called(turn.text, session.brief.language)
    if unwanted or meaning.wish(turn.text) is Wish.STOP_CALLING:
        _stop_calling(session)
        return
    if hello.over(session) and hello.suffices(session, turn):
        hello.met(session, turn)
    else:
        _to_be_answered(session, turn, ended)
    reception.turn(session, turn.text)


def _to_be_answered(session: Session, turn: Turn, ended: Answer) -> None:
    if not session.audible:
        session.latency.callee_ended(ended)
    if guest.here(session) is not None:
        # The answer greets them, if they are to be greeted.
        session.disarm(Timer.GUEST)
    _take_back(session)
    answering.take_back(session)
    session.unanswered.append(turn)


def _stop_calling(session: Session) -> None:
    """Grant this wish at once, whoever thinks and whatever is being said."""
    session.unanswered.clear()
    session.interview.wishes.append(Wish.STOP_CALLING)
    session.interview.stand = interview.Stand.FINISHED
    said = session.brief.said
    end(session, Reason.USER_REQUESTED_DNC, f"{said.stop_calling} {said.goodbye}")


def _take_back(session: Session) -> None:
    """Forget an answer that nobody heard: the callee had not finished."""
    reply, session.reply = session.reply, None
    if reply is None or session.audible:
        return
    speaking.take_back(session)
    session.interview = reply.interview
    session.unanswered[:0] = reply.turns


def _written_late(session: Session, event: CalleeHeard) -> None:
    """Keep words whose turn was answered before they came, by whoever heard it itself."""
    if session.mind.voiced and event.certain:
        start, end = event.start_ms, event.end_ms
        session.write(Line(speaker=event.speaker, text=event.text, start_ms=start, end_ms=end))
        session.mind.dialogue.callee(event.text, event.speaker)


def _wordless(session: Session) -> None:
    """Ask again when somebody surely spoke and no words came; noise is let pass."""
    caller = session.caller
    spoke = caller.voiced_ms >= WORDLESS_MS or caller.surely_spoke or session.cut_off
    deaf = caller.voiced_ms >= DEAF_MS and not session.mind.voiced
    ended = Answer(caller.quiet_ms, session.ms, session.ms)
    caller.close()
    if session.phase is not Phase.TALKING or reception.blocks(session):
        return
    if deaf:
        session.emit(ReplaceEars())
    if spoke and session.mind.voiced:
        # Whoever hears for itself may have understood what nobody has written down.
        session.cut_off = False
        _taken(session, Turn("", max(0, session.lines - 1)), ended)
        return
    idle_mouth = session.mute and not session.waiting and not session.unanswered
    if not spoke or not idle_mouth or session.misheard >= MISHEARD_AT_MOST:
        return
    session.cut_off = False
    session.misheard += 1
    again = session.brief.said.again
    asked = session.brief.thinker is Thinker.INTERVIEW
    question = interview.pending(session.interview) if asked else ""
    speaking.say(session, f"{again} {question}".strip())


def _asked_to_wait(session: Session, turn: Turn) -> bool:
    """Be patient with somebody who wants a moment and nothing else."""
    more = meaning.question(turn.text) or meaning.wish(turn.text) is not None
    short = len(turn.text.split()) <= _LONGEST_REQUEST
    if more or not short or not idle.asks_to_wait(turn.text, session.brief.language):
        return False
    patience.happened(session, Happening.AGENT_FINISHED)
    patience.happened(session, Happening.ASKED_TO_WAIT)
    return True


def _too_early(session: Session, turn: Turn) -> bool:
    """Tell whether it was said before the agent's last words, so that it cannot answer them."""
    if session.last_turn_ms > session.last_spoke_ms or meaning.wish(turn.text) is not None:
        return False
    language = session.brief.language
    return not meaning.question(turn.text) or meaning.yes_or_no(turn.text, language) is not None


def _hand_over(session: Session, turn: Turn, *, done: bool) -> None:
    data = {"heard": turn.text, "speaker": turn.speaker}
    session.publish(Fact(kind=Kind.TURN, text=turn.text, data=data, session_ms=session.ms))
    if not done and Timer.ASSISTANT not in session.timers:
        session.arm(Timer.FILLER, FILLER_AFTER)
        session.arm(Timer.ASSISTANT, ASSISTANT_PATIENCE)


def _reply(session: Session, reply: Reply) -> None:
    if reply.person:
        transfer.to_person(session)
    elif reply.end is not None:
        silent_end = reply.end is Reason.VOICEMAIL_HANGUP
        goodbye = "" if silent_end else session.brief.said.goodbye
        end(session, reply.end, f"{reply.text} {goodbye}".strip())
    elif reply.text:
        # Who is told to wait a moment has not been answered.
        speaking.say(session, reply.text, filler=bool(reply.ask))
        if reply.ask:
            _ask(session, reply.ask)
    else:
        session.latency.open = None


def _ask(session: Session, text: str) -> None:
    session.question = Question(principal.opened(session, text), text)
    session.fillers = 1
    session.arm(Timer.QUESTION, PRINCIPAL_PATIENCE)

"""Looks over the engine's shoulder: after every step it asks whether every promise is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from switchhook.domain.happenings import Kind
from switchhook.engine import session as engine
from switchhook.engine.effects import (
    Effect,
    HangUp,
    Hold,
    PauseSpeech,
    Play,
    PressDigits,
    Publish,
    Settle,
    Speak,
    StopSpeech,
)
from switchhook.engine.events import CalleeHeard, DeadlineReached, Event, FramesSent
from switchhook.engine.idle import Wait
from switchhook.engine.state import Phase, Session, Utterance
from tests.simulation.plans import WANTS_AN_ANSWER
from tests.simulation.waiting import Waiting

ANSWER_WITHIN = 4.0
"""Seconds in which a question of the callee is answered, or a filler is said."""

SILENT_AT_MOST = 5.0
"""Seconds in which the agent says something to who has spoken."""

QUIET_AT_MOST = 20.0
"""Seconds for which a conversation may be silent on both sides: idle, and a voice that hangs."""

Step = Callable[[Session, Event, float], list[Effect]]


@dataclass
class Watch:
    """Steps sessions as the engine does, and notes every promise that was broken."""

    broken: list[str] = field(default_factory=list[str])
    log: list[str] | None = None
    inner: Step = engine.step
    answers_within: float = ANSWER_WITHIN
    quiet_at_most: float = QUIET_AT_MOST
    waiting: Waiting = field(default_factory=lambda: Waiting(SILENT_AT_MOST))
    asides: list[Watch] = field(default_factory=list["Watch"])
    """Those that look at who is asked whether they take the call."""
    steps: int = 0
    stops: int = 0
    generation: int = 0
    interruptions: int = 0
    over_at: float | None = None
    _session: Session | None = None
    _now: float = 0.0
    _over: bool = False
    _playing: int | None = None
    _asked: set[int] = field(default_factory=set[int])
    _gone: set[int] = field(default_factory=set[int])
    _settled: set[int] = field(default_factory=set[int])
    _sounded: float | None = None
    _owed: float | None = None
    _hash: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=16))

    @property
    def trace(self) -> str:
        """A fingerprint of everything that happened, in order and with its times."""
        return self._hash.hexdigest()

    def step(self, session: Session, event: Event, now: float) -> list[Effect]:
        """Step the session and look at what came of it; every session has a watch of its own."""
        self._session = self._session or session
        if session is not self._session:
            return self._aside(session).step(session, event, now)
        before = _unheard(session)
        effects = self.inner(session, event, now)
        self.steps += 1
        told = f"{now:.4f} {event!r} -> {effects!r}"
        self._hash.update(told.encode())
        if self.log is not None:
            self.log.append(told)
        self._time(session, event, now)
        self._sound(session, event, effects)
        self._speech(before, _unheard(session), effects)
        self._silence(session, event, now)
        self._ending(session, effects, now)
        for promise in self.waiting.step(session, event, effects, now):
            self._say(promise)
        return effects

    def _aside(self, session: Session) -> Watch:
        for watch in self.asides:
            if watch._session is session:
                return watch
        patient = self.quiet_at_most
        self.asides.append(
            Watch(
                self.broken,
                self.log,
                self.inner,
                patient,
                patient,
                Waiting(patient),
                _session=session,
                _hash=self._hash,
            )
        )
        return self.asides[-1]

    def _say(self, promise: str) -> None:
        self.broken.append(f"{promise} (at {self._now:.2f} s, step {self.steps})")

    def _hold(self, kept: bool, promise: str) -> None:  # noqa: FBT001 - reads as an assertion
        if not kept:
            self._say(promise)

    def _time(self, session: Session, event: Event, now: float) -> None:
        self._hold(now >= self._now - 1e-9, "time never goes back")
        self._now = max(self._now, now)
        moment = engine.deadline(session)
        if moment is not None:
            self._hold(not self._over, "a call that is over waits for nothing")
            # One that is due at once is met at the next beat; one that was met is over.
            ahead = moment > now if isinstance(event, DeadlineReached) else moment > now - 3.0
            self._hold(ahead, "every deadline is in the future")

    def _sound(self, session: Session, event: Event, effects: list[Effect]) -> None:
        ledger = session.ledger
        if session.phase is not Phase.OVER:
            self.generation = ledger.generation
        self._hold(ledger.heard(self._now) <= ledger.sent, "no more is heard than was sent")
        if isinstance(event, FramesSent):
            live = event.utterance in (0, self._playing)
            self._hold(live, "only the utterance that is live is sent")
        for effect in effects:
            match effect:
                case Play(number):
                    self._hold(number in self._asked, "only what was made is played")
                    self._playing = number
                case StopSpeech() | PauseSpeech():
                    self.stops += 1
                    self._playing = None
                case _:
                    self._effect(effect)

    def _effect(self, effect: Effect) -> None:
        match effect:
            case Speak(number) | PressDigits(number) | Hold(number):
                self._hold(number not in self._asked, "no utterance is made twice")
                self._asked.add(number)
            case Settle(command):
                self._hold(command not in self._settled, "a command is settled once")
                self._settled.add(command)
            case _:
                pass

    def _speech(
        self, before: dict[int, Utterance], after: dict[int, Utterance], effects: list[Effect]
    ) -> None:
        gone = {number: u for number, u in before.items() if number not in after}
        self._hold(not self._gone & after.keys(), "an utterance that ended does not come back")
        self._gone |= gone.keys()
        lines = _agents(effects)
        self._hold(len(lines) <= len(gone), "an utterance ends once, heard or interrupted")
        for line in lines:
            self._line(list(gone.values()), line)

    def _line(self, ended: list[Utterance], effect: Publish) -> None:
        said = effect.fact.text.split()
        if not effect.fact.data["interrupted"]:
            whole = any(said == u.text.split() for u in ended)
            self._hold(whole, "what was heard to its end is written whole")
            return
        self.interruptions += 1
        parts = [u for u in ended if said == _in_order(u)[: len(said)]]
        self._hold(bool(parts), "the transcript has the words in their order")
        # Several may end together; the line is of one of those that were cut.
        cut = [u for u in parts if _unfinished(u) or len(said) < len(_in_order(u))]
        self._hold(
            not parts or bool(cut), "what was interrupted is not written as if heard to its end"
        )
        for utterance in cut[:1]:
            if not utterance.words or utterance.told:
                # Of what the line itself tells it knows more than what was sent.
                continue
            sent = sum(word.start_ms <= utterance.sent for word in utterance.words)
            self._hold(len(said) <= sent, "the transcript has no word that was never sent")

    def _silence(self, session: Session, event: Event, now: float) -> None:
        talking = session.phase is Phase.TALKING
        waits = session.quiet is not None or session.patience.wait is not Wait.NONE
        if not talking or waits or self._sounded is None:
            self._sounded = now
        self._hold(now - self._sounded <= self.quiet_at_most, "nobody is silent for too long")
        if isinstance(event, FramesSent | CalleeHeard):
            self._sounded = now
        if self._owed is not None:
            limit = self.answers_within
            self._hold(now - self._owed <= limit, "a question is answered or a filler is said")
        if isinstance(event, FramesSent) or not talking or waits or session.question is not None:
            self._owed = None
        elif isinstance(event, CalleeHeard):
            wanted = event.final and event.text in WANTS_AN_ANSWER
            self._owed = now if wanted else None

    def _ending(self, session: Session, effects: list[Effect], now: float) -> None:
        after = [e for e in effects if not (isinstance(e, Settle) and e.result == "refused")]
        if self._over:
            self._hold(not after, "nothing follows a hang-up")
            self._hold(session.phase is Phase.OVER, "what is over stays over")
            return
        ends = [n for n, e in enumerate(effects) if isinstance(e, HangUp)]
        self._hold(len(ends) <= 1, "a call ends once")
        if ends:
            self._over, self.over_at = True, now
            rest = [e for e in effects[ends[0] + 1 :] if not isinstance(e, Settle)]
            self._hold(not rest, "nothing follows a hang-up")
        self._hold(self._over == (session.phase is Phase.OVER), "a call that is over was hung up")


@contextmanager
def watching(watch: Watch) -> Generator[Watch]:
    """Have every step of the engine watched while the context lasts."""
    watch.inner = engine.step
    engine.step = watch.step
    try:
        yield watch
    finally:
        engine.step = watch.inner


def _unheard(session: Session) -> dict[int, Utterance]:
    """Return every utterance that has not ended."""
    return {utterance.number: utterance for utterance in session.to_be_heard}


def _in_order(utterance: Utterance) -> list[str]:
    """Return the words as the voice told them, or as they were to be said."""
    return [word.text for word in utterance.words] or utterance.text.split()


def _unfinished(utterance: Utterance) -> bool:
    return utterance.broken or not utterance.complete


def _agents(effects: list[Effect]) -> list[Publish]:
    """Return the lines that the agent adds to the transcript."""
    said = (e for e in effects if isinstance(e, Publish) and e.fact.kind is Kind.SPOKEN)
    return [e for e in said if e.fact.data["speaker"] == "agent"]

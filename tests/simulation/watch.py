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
    PlaceMark,
    Publish,
    Settle,
    Speak,
    StopSpeech,
)
from switchhook.engine.events import CalleeHeard, DeadlineReached, Event, FramesSent
from switchhook.engine.state import Phase, Session, Utterance
from tests.simulation.plans import WANTS_AN_ANSWER

ANSWER_WITHIN = 4.0
"""Seconds in which a question of the callee is answered, or a filler is said."""

QUIET_AT_MOST = 16.0
"""Seconds for which a conversation may be silent on both sides: idle, and a voice that hangs."""

Step = Callable[[Session, Event, float], list[Effect]]


@dataclass
class Watch:
    """Steps sessions as the engine does, and notes every promise that was broken."""

    broken: list[str] = field(default_factory=list[str])
    log: list[str] | None = None
    inner: Step = engine.step
    answers_within: float = ANSWER_WITHIN
    steps: int = 0
    stops: int = 0
    generation: int = 0
    interruptions: int = 0
    over_at: float | None = None
    _now: float = 0.0
    _over: bool = False
    _speaking: int | None = None
    _lines: int = 0
    _settled: set[int] = field(default_factory=set[int])
    _marks: set[str] = field(default_factory=set[str])
    _sounded: float | None = None
    _owed: float | None = None
    _hash: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=16))

    @property
    def trace(self) -> str:
        """A fingerprint of everything that happened, in order and with its times."""
        return self._hash.hexdigest()

    def step(self, session: Session, event: Event, now: float) -> list[Effect]:
        """Step the session and look at what came of it."""
        before = session.current
        effects = self.inner(session, event, now)
        self.steps += 1
        told = f"{now:.4f} {event!r} -> {effects!r}"
        self._hash.update(told.encode())
        if self.log is not None:
            self.log.append(told)
        self._time(session, event, now)
        self._speech(session, before, effects)
        self._silence(session, event, now)
        self._ending(session, effects, now)
        return effects

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
            ahead = moment > now if isinstance(event, DeadlineReached) else moment >= now - 0.05
            self._hold(ahead, "every deadline is in the future")

    def _speech(self, session: Session, before: Utterance | None, effects: list[Effect]) -> None:
        ledger = session.ledger
        if session.phase is not Phase.OVER:
            self.generation = ledger.generation
        self._hold(ledger.heard(self._now) <= ledger.sent, "no more is heard than was sent")
        spoken = _agents(effects)
        self._effects(effects)
        current = session.current
        if current is not None:
            self._hold(current.number == self._speaking, "one utterance is live, the last begun")
        begun = sum(isinstance(e, Speak) for e in effects)
        ended = before is not None and (current is None or current.number != before.number)
        self._hold(len(spoken) <= ended + begun, "an utterance ends once, heard or interrupted")
        if ended and before is not None:
            for effect in spoken[:1]:
                self._line(before, effect)

    def _effects(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Speak(number):
                    fresh = self._speaking is None or number > self._speaking
                    self._hold(fresh, "no utterance is spoken twice")
                    self._speaking = number
                case StopSpeech():
                    self.stops += 1
                case PlaceMark(name):
                    self._hold(name not in self._marks, "every mark has a name of its own")
                    self._marks.add(name)
                case Settle(command):
                    self._hold(command not in self._settled, "a command is settled once")
                    self._settled.add(command)
                case _:
                    pass

    def _line(self, utterance: Utterance, effect: Publish) -> None:
        said, whole = effect.fact.text.split(), utterance.text.split()
        interrupted = bool(effect.fact.data["interrupted"])
        self.interruptions += interrupted
        if not interrupted:
            self._hold(said == whole, "what was heard to its end is written whole")
            return
        words = [word.text for word in utterance.words]
        self._hold(said == words[: len(said)], "the transcript has the words in their order")
        all_of_it = len(said) == len(words)
        self._hold(not all_of_it, "what was interrupted is not written as if heard to its end")
        started = sum(word.start_ms <= utterance.sent for word in utterance.words)
        self._hold(len(said) <= started, "the transcript has no word that was never sent")

    def _silence(self, session: Session, event: Event, now: float) -> None:
        talking = session.phase is Phase.TALKING
        if not talking or self._sounded is None:
            self._sounded = now
        self._hold(now - self._sounded <= QUIET_AT_MOST, "nobody is silent for too long")
        if isinstance(event, FramesSent | CalleeHeard):
            self._sounded = now
        if self._owed is not None:
            limit = self.answers_within
            self._hold(now - self._owed <= limit, "a question is answered or a filler is said")
        if isinstance(event, FramesSent) or not talking or session.question is not None:
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


def _agents(effects: list[Effect]) -> list[Publish]:
    """Return the lines that the agent adds to the transcript."""
    said = (e for e in effects if isinstance(e, Publish) and e.fact.kind is Kind.SPOKEN)
    return [e for e in said if e.fact.data["speaker"] == "agent"]

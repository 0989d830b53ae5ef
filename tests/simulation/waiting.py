"""Looks at a callee who waits: for an answer, with music, or to be connected with somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from switchhook.domain.happenings import Kind
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import (
    CloseQuestion,
    DropTransfer,
    Effect,
    HangUp,
    OpenQuestion,
    PlayMusic,
    Publish,
    Transfer,
)
from switchhook.engine.events import (
    CalleeHeard,
    Event,
    FramesSent,
    Quiet,
    SpeechStarted,
    SpeechStopped,
    TransferDone,
    TransferFailed,
)
from switchhook.engine.idle import Wait
from switchhook.engine.state import Phase, Session

MUSIC_AT_MOST = 110.0
"""Seconds that a transfer may take: it rings, somebody is asked, both are moved."""


@dataclass
class Waiting:
    """What the callee of one call waits for."""

    silent_at_most: float
    transfers: int = 0
    connected: int = 0
    endings: list[float] = field(default_factory=list[float])
    """When transfers were over: somebody was connected, or nobody comes."""
    _ended: bool = True
    _asked: bool = False
    _music: bool = False
    _begun: float | None = None
    _turn: float | None = None
    _told: list[str] = field(default_factory=list[str])

    def step(
        self, session: Session, event: Event, effects: list[Effect], now: float
    ) -> Iterator[str]:
        """Yield every promise that this step has broken."""
        yield from self._how_it_went(event, now)
        for effect in effects:
            yield from self._done(effect, now)
        yield from self._consulted(session, effects)
        yield from self._music_and_silence(session, event, effects, now)

    def _how_it_went(self, event: Event, now: float) -> Iterator[str]:
        if not isinstance(event, TransferDone | TransferFailed):
            return
        self.connected += isinstance(event, TransferDone)
        if self._ended:
            yield "how a transfer ended is told once, and only of one that is wanted"
        self._end(now)

    def _end(self, now: float) -> None:
        self._ended, self._begun = True, None
        self.endings.append(now)

    def _done(self, effect: Effect, now: float) -> Iterator[str]:
        match effect:
            case Transfer():
                self.transfers += 1
                if not self._ended:
                    yield "one transfer at a time"
                self._ended, self._begun = False, now
            case DropTransfer() if not self._ended:
                self._end(now)
            case PlayMusic(on):
                if on is self._music:
                    yield "music is turned on or off, and never twice"
                self._music = on
            case Publish(fact) if fact.data.get("action") == "transfer" and "result" in fact.data:
                yield from self._noted(str(fact.data["result"]))
            case HangUp() if not self._ended:
                yield "no transfer outlives the call"
            case _:
                pass

    def _consulted(self, session: Session, effects: list[Effect]) -> Iterator[str]:
        for effect in effects:
            if isinstance(effect, OpenQuestion | CloseQuestion):
                self._asked = isinstance(effect, OpenQuestion)
        waits = session.question is not None or session.consulted is not None
        if session.phase is not Phase.OVER and self._asked is not waits:
            yield "a question is open for as long as its answer is waited for"

    def _noted(self, result: str) -> Iterator[str]:
        if result in ("done", "failed") and self._told[-1:] != ["begun"]:
            yield "the log tells how a transfer ended once"
        self._told.append(result)

    def _music_and_silence(
        self, session: Session, event: Event, effects: list[Effect], now: float
    ) -> Iterator[str]:
        if session.phase is Phase.OVER:
            return
        if self._music and session.quiet is not Quiet.ON_HOLD:
            yield "music plays for nobody but who waits"
        if self._begun is not None and now - self._begun > MUSIC_AT_MOST:
            yield "nobody waits for a transfer for too long"
        if self._turn is not None and now - self._turn > self.silent_at_most:
            yield "who has spoken is not left in silence"
            self._turn = None
        self._listen(session, event, effects, now)

    def _listen(self, session: Session, event: Event, effects: list[Effect], now: float) -> None:
        """Note since when the agent, or who thinks for it, has the word and nothing is heard."""
        sounds = isinstance(event, CalleeHeard | SpeechStarted | SpeechStopped)
        says = isinstance(event, FramesSent) and event.utterance > 0
        waits = session.quiet is not None or session.patience.wait is not Wait.NONE
        assistants = any(isinstance(e, Publish) and e.fact.kind is Kind.TURN for e in effects)
        if session.phase is not Phase.TALKING or says or waits:
            self._turn = None
        elif assistants or (sounds and self._turn is not None):
            self._turn = now
        elif session.mind.busy:
            self._turn = now if self._turn is None else self._turn
        elif session.brief.thinker is Thinker.MIND:
            self._turn = None

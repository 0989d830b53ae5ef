"""Those who hear, speak and think in a call, who writes it down, and who steers it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from switchhook.audio.activity import Change
from switchhook.domain.agent import Language
from switchhook.domain.agent import Mind as MindChoice
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.analysis import Analysis
from switchhook.domain.happenings import Fact
from switchhook.domain.interaction import Interaction, Recording
from switchhook.domain.lifecycle import Reason, Stage, State
from switchhook.domain.outcome import Outcome
from switchhook.domain.transcript import Word
from switchhook.engine.dialogue import Message
from switchhook.engine.expectation import Expectation
from switchhook.engine.offers import Offer
from switchhook.ports.telephone import Frame


class Clock(Protocol):
    """The time, handed in so that tests can bend it."""

    def now(self) -> datetime:
        """Return the wall time in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        ...

    async def sleep_until(self, moment: float) -> None:
        """Wait until `monotonic()` has reached the moment."""
        ...


# ---- hearing, speaking --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """Words the callee said since `start_ms`; `final` when the turn is complete.

    `certain` when these words will not change, though more may follow: then the pauses and the
    words tell when the turn is complete. `eager` when the ears believe that it soon will be.
    """

    text: str
    final: bool
    start_ms: int
    end_ms: int
    certain: bool = False
    eager: bool = False


@dataclass(frozen=True, slots=True)
class Listening:
    """What the ears should know of a call before it begins.

    `keywords` are names and words to listen for; `model` is the agent's own choice, and without
    one the ears take their default.
    """

    language: Language
    keywords: tuple[str, ...] = ()
    model: str | None = None


class Hearing(Protocol):
    """One call's open ear."""

    def expect(self, asked: Expectation) -> None:
        """Learn what sort of answer may come; ears that understand everything need not care."""
        ...

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio, which began at this time of the call; never waits."""
        ...

    async def run(self) -> None:
        """Keep listening until `close`; raise `EarsLost` for what ends it for good.

        Ears without a connection return at once.
        """
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Ears(Protocol):
    """Turns the callee's audio into words."""

    name: str

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Hearing:
        """Start to listen to one call; what is heard is told as it becomes clear."""
        ...


class Detecting(Protocol):
    """Tells whether one call's far end is speaking."""

    @property
    def fading(self) -> bool:
        """Whether speech is on but has been quiet for a moment; never, where nobody can tell."""
        ...

    def feed(self, frame: Frame, pcm: bytes, own: int) -> None:
        """Take 20 ms, once more as samples; `own` is the RMS of our own side meanwhile."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Detector(Protocol):
    """Opens a detector of speech for a call; changes are told as they become certain."""

    def __call__(self, told: Callable[[Change], None], min_volume: float) -> Detecting:
        """Start to listen; what is softer than the volume, from 0 to 1, is silence."""
        ...


@dataclass(frozen=True, slots=True)
class Speech:
    """A piece of an utterance: 20 ms frames, and the words that begin in them.

    The words are timed from the beginning of the utterance, whichever piece it is.
    """

    frames: tuple[Frame, ...]
    words: tuple[Word, ...]


class Speaking(Protocol):
    """One call's open voice."""

    def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance piece by piece as it is made; to close it early cancels it."""
        ...

    async def run(self) -> None:
        """Keep the connection for as long as the call lasts, until `close`.

        Voices without a connection return at once.
        """
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Voice(Protocol):
    """Turns words into audio."""

    name: str

    def open(self, language: Language, choice: VoiceChoice) -> Speaking:
        """Start to speak in one call."""
        ...


# ---- thinking -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MindRequest:
    """What was said and done so far, as it was heard, and what the mind may do now."""

    call_id: str
    language: Language
    context: tuple[Message, ...]
    offers: tuple[Offer, ...]
    choice: MindChoice = field(default_factory=MindChoice)
    """What the agent asks of the mind."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The mind wrote on."""

    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """The mind wants something to be done; the arguments are JSON as the mind wrote it."""

    call_id: str
    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Done:
    """The mind has finished, having read and written so many tokens."""

    tokens_in: int = 0
    tokens_out: int = 0


MindEvent = Delta | Action | Done


class Mind(Protocol):
    """Decides what is said and done; its stream is closed when nobody waits for it any more."""

    name: str

    def answer(self, request: MindRequest) -> AsyncIterator[MindEvent]:
        """Yield the answer as it comes to be."""
        ...

    async def prepare(self, request: MindRequest) -> None:
        """Warm up while the telephone rings; never raises."""
        ...


# ---- the record of a call -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """What a running call adds to its record, all of it in one transaction."""

    facts: tuple[Fact, ...] = ()
    state: State | None = None
    stage: Stage | None = None
    reason: Reason | None = None
    carrier_ref: str | None = None
    in_doubt: bool | None = None
    """Whether the carrier may have dialled without saying so."""
    outcome: Outcome | None = None
    judged: Outcome | None = None
    """What was found out afterwards; it fills what the call itself left open."""
    analysis: Analysis | None = None
    recording: Recording | None = None
    latency: dict[str, Any] | None = None
    open_question: str | None = None
    question_closed: bool = False


class Journal(Protocol):
    """Where a running call writes; a step against the lifecycle is noted and changes nothing."""

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Store the entry and return the record as it now stands."""
        ...

"""Everything the conversation core remembers of one call."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto

from switchhook.domain.happenings import Fact
from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Line, Word
from switchhook.engine.brief import Brief
from switchhook.engine.effects import Effect, Publish
from switchhook.engine.interview import Interview, Turn
from switchhook.engine.latency import Latency
from switchhook.engine.ledger import Ledger
from switchhook.engine.mind import Mind


class Phase(Enum):
    """Where the conversation is."""

    WAITING = auto()
    TALKING = auto()
    ENDING = auto()
    OVER = auto()


class Timer(IntEnum):
    """What the session waits for; when several are due at once, the first comes first."""

    ENDING = auto()
    MAX_DURATION = auto()
    PLAYOUT = auto()
    MIND = auto()
    QUESTION = auto()
    ASSISTANT = auto()
    FILLER = auto()
    IDLE = auto()


@dataclass(slots=True)
class Utterance:
    """Something the agent says, or keys it presses, until it was heard or interrupted."""

    number: int
    text: str
    interruptible: bool = True
    command: int | None = None
    digits: str = ""
    milliseconds: int | None = None
    words: tuple[Word, ...] = ()
    sent: int = 0
    begins: int = 0
    start_ms: int = 0


@dataclass(slots=True)
class Question:
    """What the assistant was asked and has not answered yet."""

    number: str
    text: str


@dataclass(slots=True)
class Session:
    """One call; `step` changes it, nothing else does."""

    brief: Brief
    interview: Interview
    mind: Mind
    phase: Phase = Phase.WAITING
    now: float = 0.0
    answered_at: float = 0.0
    reason: Reason | None = None
    ledger: Ledger = field(default_factory=Ledger)
    latency: Latency = field(default_factory=Latency)
    current: Utterance | None = None
    waiting: deque[Utterance] = field(default_factory=deque[Utterance])
    unanswered: list[Turn] = field(default_factory=list[Turn])
    last_turn_ms: int = 0
    last_final_ms: int = 0
    last_spoke_ms: int = 0
    question: Question | None = None
    timers: dict[Timer, float] = field(default_factory=dict[Timer, float])
    leaving: list[int] = field(default_factory=list[int])
    prompts: int = 0
    utterances: int = 0
    questions: int = 0
    turns: int = 0
    lines: int = 0
    effects: list[Effect] = field(default_factory=list[Effect])

    @property
    def ms(self) -> int:
        """Milliseconds since the call was answered."""
        return round((self.now - self.answered_at) * 1000)

    def emit(self, effect: Effect) -> None:
        """Want something done."""
        self.effects.append(effect)

    def publish(self, fact: Fact) -> None:
        """Let others read a fact."""
        self.effects.append(Publish(fact))

    def write(self, line: Line) -> int:
        """Add a line to the transcript and return its place."""
        self.publish(line.fact())
        self.lines += 1
        return self.lines - 1

    def arm(self, timer: Timer, seconds: float) -> None:
        """Wait so long from now."""
        self.timers[timer] = self.now + seconds

    def disarm(self, *timers: Timer) -> None:
        """Wait no longer."""
        for timer in timers:
            self.timers.pop(timer, None)

"""What one call's mind is busy with: the answer in the making."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto

from switchhook.domain.agent import Language
from switchhook.engine.acting import Notes
from switchhook.engine.dialogue import Dialogue
from switchhook.engine.errands import Errands
from switchhook.engine.offers import Offer
from switchhook.engine.sentences import Sentences
from switchhook.engine.thoughts import Farewell, MindEvent, Move


class Stage(Enum):
    """Where the answer is."""

    IDLE = auto()
    GUESSING = auto()
    ASKED = auto()
    WAITING = auto()


class Due(IntEnum):
    """What thinking waits for; when several are due at once, the first comes first."""

    MIND = auto()
    FILLER = auto()


@dataclass(slots=True)
class Round:
    """What one request to the mind has brought so far."""

    said: bool = False
    items: set[str] = field(default_factory=set[str])
    """What it has spoken itself, whether or not it is still to be heard."""
    written: int = 0
    read_results: bool = False
    noted: bool = False


@dataclass(slots=True)
class Turn:
    """What answering one turn of the callee has brought so far."""

    rounds: int = 1
    spoken: bool = False
    sounded: bool = False
    fillers: int = 0
    asked_other: bool = False
    scolded: bool = False
    farewell: Farewell | None = None


@dataclass(slots=True)
class Guess:
    """What the mind was asked before the turn was over, and what it has written since."""

    text: str = ""
    held: list[MindEvent] = field(default_factory=list[MindEvent])
    written: int = 0
    tries: int = 0


@dataclass(slots=True)
class Mind:
    """The mind's side of one call; `thinking` and `asking` change it, nothing else does."""

    dialogue: Dialogue
    notes: Notes
    offers: tuple[Offer, ...] = ()
    language: Language = "en"
    voiced: bool = False
    """Whether it hears the callee and speaks itself."""
    stands_by: bool = False
    """Whether there is one that writes, should that one fail."""
    spare: bool = False
    on_spare: bool = False
    stage: Stage = Stage.IDLE
    generation: int = 0
    turn: Turn = field(default_factory=Turn)
    round: Round = field(default_factory=Round)
    guess: Guess = field(default_factory=Guess)
    sentences: Sentences = field(default_factory=Sentences)
    errands: Errands = field(default_factory=Errands)
    deadlines: dict[Due, float] = field(default_factory=dict[Due, float])
    moves: list[Move] = field(default_factory=list[Move])

    @property
    def busy(self) -> bool:
        """Whether the callee waits for an answer that is being thought about."""
        return self.stage in (Stage.ASKED, Stage.WAITING)

    @property
    def deadline(self) -> float | None:
        """When something is to be done even if nothing happens."""
        dues = [*self.deadlines.values(), *self.errands.dues]
        # Asked after every event, and nearly always there is none.
        return min(dues) if dues else None

    def taken(self) -> list[Move]:
        """Return what is to be done, once."""
        moves, self.moves = self.moves, []
        return moves

"""Everything the conversation core remembers of one call."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto

from switchhook.domain.happenings import Fact
from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Line, Word
from switchhook.engine import idle, interruption, screening
from switchhook.engine.brief import Brief
from switchhook.engine.caller import Caller
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.effects import Effect, Publish
from switchhook.engine.events import Quiet
from switchhook.engine.interview import Interview, Turn
from switchhook.engine.latency import Latency
from switchhook.engine.ledger import Ledger
from switchhook.engine.mind import Mind
from switchhook.engine.presence import Guest
from switchhook.engine.thoughts import NoteMind

CUSHION_MS = 100
"""How much of an utterance is made before it is played, unless that is all of it."""


class Phase(Enum):
    """Where the conversation is."""

    WAITING = auto()
    TALKING = auto()
    ENDING = auto()
    OVER = auto()


class Timer(IntEnum):
    """What the session waits for; when several are due at once, the first comes first."""

    ENDING = auto()
    """The goodbye must be over."""
    HELLO = auto()
    """The callee has had time to say hello."""
    MOUTH = auto()
    """The voice or the line is overdue with what is to be said."""
    PLAYOUT = auto()
    """What was sent must have been heard."""
    FLOOR = auto()
    """The agent yields further, or speaks on."""
    WORDS = auto()
    """No more words come: whoever said them is silent."""
    DIGITS = auto()
    """No more keys come."""
    GUESS = auto()
    """The callee seems to have finished."""
    TURN = auto()
    """The callee has finished."""
    TURN_MAX = auto()
    """The callee has spoken long enough."""
    RECEPTION = auto()
    """It may be clear by now who answered."""
    HOLD = auto()
    """A sound without words has held the agent back for long enough."""
    MIND = auto()
    """The mind, or an action, takes too long."""
    TRANSFER = auto()
    """Whoever asked for a transfer is told that it is under way."""
    GUEST = auto()
    """Whoever asked for somebody else is told that it is under way; who came is spoken to."""
    HELD = auto()
    """The callee has waited for the agent for long enough."""
    QUESTION = auto()
    ASSISTANT = auto()
    FILLER = auto()
    PATIENCE = auto()
    """It has been silent for too long, or the call has lasted too long."""


@dataclass(slots=True)
class Utterance:
    """Something the agent says, or keys it presses, until it was heard or interrupted."""

    number: int
    text: str
    interruptible: bool = True
    command: int | None = None
    digits: str = ""
    item: str = ""
    """Under which name the mind speaks it, where it does so itself."""
    filler: bool = False
    """Whether it only fills the silence before an answer."""
    asked: bool = False
    """Whether its audio was asked for."""
    launched: bool = False
    """Whether it is being played, or was."""
    milliseconds: int = 0
    """How much of it is made."""
    complete: bool = False
    """Whether it is made to its end."""
    broken: bool = False
    """Whether the voice left it off before its end."""
    words: tuple[Word, ...] = ()
    skipped: int = 0
    """Where in it the present playing began."""
    sent: int = 0
    """How far in it frames have left."""
    begins: int = 0
    """Where in the ledger the present playing began."""
    start_ms: int | None = None
    """When its first frame left."""
    plays: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """From which places in it playing was heard, and when: more than one after a break."""
    estimated: bool = False
    """Whether no mark tells how much of it was heard."""
    told: bool = False
    """Whether the line itself told how much of it was heard."""

    @property
    def left(self) -> int:
        """How much of it is made and has not left."""
        return self.milliseconds - self.sent

    @property
    def playable(self) -> bool:
        """Whether so much is made that it can be played without a gap, as far as one can tell."""
        return self.complete or self.left >= CUSHION_MS

    @property
    def dry(self) -> bool:
        """Whether all that is made has left, and more is to come."""
        return self.launched and not self.complete and self.left <= 0

    @property
    def ends(self) -> int:
        """Where in the ledger it will have been heard to its end."""
        return self.begins + self.milliseconds - self.skipped

    def at(self, place: int) -> int:
        """Return when this place in it was heard last, in milliseconds of the call."""
        plays = ((begins, ms) for begins, ms in reversed(self.plays) if begins <= place)
        begins, ms = next(plays, (place, self.start_ms or 0))
        return ms + place - begins

    def timed(self, word: Word) -> Word:
        """Return the word with the times at which it was heard; a pause may lie in it."""
        start, long = self.at(word.start_ms), word.end_ms > word.start_ms
        end = self.at(word.end_ms - 1) + 1 if long else start
        return Word(text=word.text, start_ms=start, end_ms=end)

    def heard(self, position: int) -> int:
        """Return how much of it was heard, at a position of the ledger."""
        return self.skipped + max(0, min(position - self.begins, self.sent - self.skipped))


@dataclass(slots=True)
class Question:
    """What the assistant was asked and has not answered yet."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """What the mind has asked those it calls for, and the action that waits for the answer."""

    question: str
    errand: int


class Stand(Enum):
    """How far it is known who answered, and what is done about it."""

    LISTENING = auto()
    KNOWN = auto()
    LEAVING = auto()
    """A machine answered: its beep is waited for."""
    MESSAGE = auto()
    """The message is being said."""


@dataclass(slots=True)
class Reception:
    """Who picked up, as far as can be told."""

    stand: Stand = Stand.LISTENING
    evidence: screening.Evidence = field(default_factory=lambda: screening.Evidence(0.0))
    verdict: screening.Judgement | None = None
    noted: screening.Verdict | None = None
    """What was published last."""
    words: list[str] = field(default_factory=list[str])
    loop: screening.MenuLoop = field(default_factory=screening.MenuLoop)
    pressed: str = ""
    """The keys that were pressed at menus."""
    introduced: bool = False
    """Whether the telephone's own assistant was told who calls."""
    message: int | None = None


class Progress(Enum):
    """How far a transfer has come."""

    ANNOUNCED = auto()
    """The callee is being told to wait."""
    DIALLING = auto()
    JOINING = auto()
    """Both are being moved, so that the callee's line may go."""


@dataclass(slots=True)
class Handover:
    """The callee is to be connected with somebody else, and waits for it."""

    to: str
    text: str
    command: int | None
    """Who waits to be told what becomes of it."""
    progress: Progress = Progress.ANNOUNCED
    line_gone: bool = False


@dataclass(slots=True)
class AgentTurn:
    """What the agent has said since it took the callee's last turn."""

    text: str = ""
    """As far as it was heard."""
    fresh: bool = False
    """Whether more of it was heard since phrases were looked for."""
    cut: bool = False
    """Whether there is more that the callee was to hear and did not let the agent say."""
    started: set[int] = field(default_factory=set[int])
    """Which triggers it has started, by their place in the brief."""

    def heard(self, text: str) -> None:
        """Add what was heard."""
        self.text = f"{self.text} {text}".strip()
        self.fresh = True


@dataclass(slots=True)
class Reply:
    """An answer that nobody has heard, and all that is needed to take it back."""

    interview: Interview
    turns: list[Turn]


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
    # ---- the agent's mouth
    current: Utterance | None = None
    """What is being made, played or paused."""
    tail: deque[Utterance] = field(default_factory=deque[Utterance])
    """What was sent to its end and may not have been heard."""
    waiting: deque[Utterance] = field(default_factory=deque[Utterance])
    paused_at: float | None = None
    quiet: Quiet | None = None
    """Why the agent says nothing, where somebody wants it so."""
    quiet_after: int = 0
    """The last utterance that is still said before it is quiet."""
    music: bool = False
    handover: Handover | None = None
    guest: Guest | None = None
    agent_turn: AgentTurn = field(default_factory=AgentTurn)
    departing: bool = False
    """Whether the agent hangs up once it was heard out."""
    floor: interruption.State = field(default_factory=interruption.State)
    ducked: bool = False
    # ---- the callee
    caller: Caller = field(default_factory=Caller)
    reception: Reception = field(default_factory=Reception)
    hello: bool = False
    """Whether the callee is to speak first, and has not."""
    patience: idle.State = field(default_factory=lambda: idle.answered(0.0))
    unanswered: list[Turn] = field(default_factory=list[Turn])
    reply: Reply | None = None
    """What the agent is about to answer, as long as nothing of it was heard."""
    digits: str = ""
    noise: bool = False
    """Whether the sound that is heard has no words and holds nobody back."""
    cut_off: bool = False
    """Whether the agent was interrupted, and no words have told why."""
    misheard: int = 0
    ears_ended: int = 0
    """How often the ears have ended since the callee was understood."""
    fillers: int = 0
    last_turn_ms: int = 0
    last_spoke_ms: int = 0
    question: Question | None = None
    consulted: Consulted | None = None
    timers: dict[Timer, float] = field(default_factory=dict[Timer, float])
    leaving: list[int] = field(default_factory=list[int])
    utterances: int = 0
    questions: int = 0
    turns: int = 0
    lines: int = 0
    effects: list[Effect] = field(default_factory=list[Effect])

    @property
    def ms(self) -> int:
        """Milliseconds since the call was answered."""
        return round((self.now - self.answered_at) * 1000)

    @property
    def mute(self) -> bool:
        """Whether nothing is said, or was sent and may still be heard."""
        return self.current is None and not self.tail

    @property
    def audible(self) -> bool:
        """Whether the agent is being heard, or holds its place."""
        playing = self.current is not None and self.current.sent > 0
        return bool(self.tail) or playing or self.paused_at is not None

    @property
    def to_be_heard(self) -> list[Utterance]:
        """What was sent and may still be heard, is being said, and waits to be said, in order."""
        return [*self.tail, *([self.current] if self.current else []), *self.waiting]

    def moment(self, ms: int) -> float:
        """Return the time of a moment of the call."""
        return self.answered_at + ms / 1000

    def emit(self, effect: Effect) -> None:
        """Want something done."""
        self.effects.append(effect)

    def publish(self, fact: Fact) -> None:
        """Let others read a fact."""
        self.effects.append(Publish(fact))

    def note(self, message: Message) -> None:
        """Tell a mind that hears and speaks itself what it cannot know otherwise."""
        if self.mind.voiced:
            self.effects.append(NoteMind(message))

    def guide(self, text: str) -> None:
        """Tell the mind something that the callee does not hear."""
        self.mind.dialogue.guide(text)
        self.note(Message(Role.INSTRUCTIONS, text))

    def write(self, line: Line) -> int:
        """Add a line to the transcript and return its place."""
        self.publish(line.fact())
        self.lines += 1
        return self.lines - 1

    def write_callee(self) -> int | None:
        """Add what the callee, or a guest, is saying to the transcript, if there are words."""
        caller = self.caller
        if not caller.text:
            return None
        start, speaker = caller.start_ms or 0, caller.speaker
        return self.write(
            Line(speaker=speaker, text=caller.text, start_ms=start, end_ms=caller.quiet_ms)
        )

    def arm(self, timer: Timer, seconds: float) -> None:
        """Wait so long from now."""
        self.timers[timer] = self.now + seconds

    def wake(self, timer: Timer, moment: float | None) -> None:
        """Wait until this moment, or no longer."""
        if moment is None:
            self.timers.pop(timer, None)
        else:
            self.timers[timer] = moment

    def disarm(self, *timers: Timer) -> None:
        """Wait no longer."""
        for timer in timers:
            self.timers.pop(timer, None)

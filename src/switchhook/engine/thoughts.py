"""What passes between the conversation core, the minds and the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.outcome import Verdict
from switchhook.engine.dialogue import Message
from switchhook.engine.offers import Offer
from switchhook.engine.speakable import Spoken

# ---- wanted of the shell ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskMind:
    """Ask the mind for an answer; what it says bears the generation. `spare` asks the other one.

    `voiced` asks the one that hears and speaks itself, and knows the conversation already.
    """

    generation: int
    context: tuple[Message, ...]
    offers: tuple[Offer, ...]
    spare: bool = False
    voiced: bool = False


@dataclass(frozen=True, slots=True)
class CancelMind:
    """Nobody waits for this answer any more."""

    generation: int


@dataclass(frozen=True, slots=True)
class NoteMind:
    """Let the mind that hears and speaks itself know what it can neither hear nor have said."""

    message: Message


@dataclass(frozen=True, slots=True)
class Truncate:
    """Of an item that the mind has spoken the callee heard only so much, in time and in words."""

    item: str
    heard_ms: int
    heard: str


@dataclass(frozen=True, slots=True)
class CallTool:
    """Carry out an action, beside everything else."""

    number: int
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DropTool:
    """Nobody waits for this action any more."""

    number: int


# ---- told by the shell --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MindDelta:
    """The mind wrote on."""

    generation: int
    text: str


@dataclass(frozen=True, slots=True)
class MindVoiced:
    """The mind itself spoke on: so much more sound of an item, so many more of its words."""

    generation: int
    item: str
    text: str = ""
    milliseconds: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class MindAction:
    """The mind wants something to be done; the arguments are JSON as the mind wrote it."""

    generation: int
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class MindDone:
    """The mind has finished its answer."""

    generation: int


@dataclass(frozen=True, slots=True)
class MindFailed:
    """The mind broke off."""

    generation: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToolReturned:
    """An action came to its end; `say` is spoken as it is."""

    number: int
    result: str
    say: str = ""


@dataclass(frozen=True, slots=True)
class ToolFailed:
    """An action went wrong; `malformed` if it was the fault of its arguments."""

    number: int
    detail: str
    malformed: bool = False


MindEvent = MindDelta | MindVoiced | MindAction | MindDone | MindFailed
ToolEvent = ToolReturned | ToolFailed

# ---- wanted of the session ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Utter:
    """Say this next."""

    spoken: Spoken


@dataclass(frozen=True, slots=True)
class FallBack:
    """The mind that heard and spoke itself is given up: listen with ears again."""


@dataclass(frozen=True, slots=True)
class Fill:
    """Say something that shows that nobody has gone away; the number counts them in a turn."""

    number: int


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys after what is being said."""

    digits: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Connect the callee with one of those whom the agent may transfer to."""

    to: str
    about: str


@dataclass(frozen=True, slots=True)
class BringIn:
    """Bring one of those into the call whom the agent may bring in."""

    to: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Hang up when what is being said was heard; where nothing is, say goodbye first."""

    farewell_said: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No mind answers: apologise and hang up."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Let others read what happened, beside what was said."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def fact(self, at_ms: int) -> Fact:
        """Return it as others read it."""
        kind = Kind.CONTROL if self.data else Kind.NOTE
        return Fact(kind=kind, text=self.text, data=dict(self.data), session_ms=at_ms)


Move = (
    AskMind
    | CancelMind
    | NoteMind
    | CallTool
    | DropTool
    | Utter
    | MindVoiced
    | FallBack
    | Fill
    | Press
    | HandOver
    | BringIn
    | Leave
    | GiveUp
    | Tell
)


@dataclass(frozen=True, slots=True)
class Farewell:
    """What the mind says came of the call."""

    verdict: Verdict = Verdict.UNKNOWN
    summary: str = ""

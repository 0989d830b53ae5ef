"""What the conversation core wants done; the shell does it in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from switchhook.domain.happenings import Fact
from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Outcome
from switchhook.engine.thoughts import (
    AskMind,
    CallTool,
    CancelMind,
    DropTool,
    NoteMind,
    Truncate,
)


@dataclass(frozen=True, slots=True)
class Speak:
    """Make audio of the text, piece by piece, and hold it until `Play`."""

    utterance: int
    text: str
    interruptible: bool = True
    """Whether the callee may cut it off, where the line itself decides that."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What the mind itself speaks in this item is the utterance: hold it until `Play`."""

    utterance: int
    item: str


@dataclass(frozen=True, slots=True)
class Play:
    """Play an utterance, as far as it is made, from this place in it."""

    utterance: int
    from_ms: int = 0


@dataclass(frozen=True, slots=True)
class Forget:
    """The audio of this utterance is not needed any more."""

    utterance: int


@dataclass(frozen=True, slots=True)
class Duck:
    """Speak low: somebody may want to speak."""


@dataclass(frozen=True, slots=True)
class Unduck:
    """Speak in full voice again."""


@dataclass(frozen=True, slots=True)
class PauseSpeech:
    """Stop at once and empty the carrier's buffer, but keep what was not heard.

    `heard_ms` is how much of what was sent since the last stop the callee has heard.
    """

    heard_ms: int


@dataclass(frozen=True, slots=True)
class StopSpeech:
    """Stop at once: throw away what was not played, here and at the carrier.

    `heard_ms` is how much of what was sent since the last stop the callee has heard.
    """

    heard_ms: int


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """Ask the carrier to tell when everything sent so far has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class PlayMusic:
    """Let music play for somebody who waits, or no longer."""

    on: bool


@dataclass(frozen=True, slots=True)
class PressDigits:
    """Make the tones of these keys and hold them until `Play`."""

    utterance: int
    digits: str


@dataclass(frozen=True, slots=True)
class ListenForTones:
    """Tell of tones on the line, or do so no longer."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class ReplaceEars:
    """Open new ears, or those that stand in for them: these hear nothing, or no words."""

    by_others: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """Let others read a fact."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Ask the assistant, and keep the question open."""

    question_id: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """The open question is answered or given up."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Settle:
    """Tell who gave the command what became of it: done, begun, interrupted or refused."""

    command: int
    result: str
    heard: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Dial this number and connect the callee with whoever takes the call.

    Whoever picks up is told the text first and asked whether they take it; without one they are
    connected at once.
    """

    to: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DropTransfer:
    """Nobody is to be connected any more: let whoever rings, or has picked up, go."""


@dataclass(frozen=True, slots=True)
class Invite:
    """Dial this number and let whoever picks up into the call, with the callee aside or not."""

    to: str
    aside: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """Let the callee hear music, and the agent only the guest; or let all hear each other."""

    on: bool


@dataclass(frozen=True, slots=True)
class DropGuest:
    """Let whoever was invited go; these words are said to one who is there."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class BeginEnding:
    """The goodbye begins."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class HangUp:
    """The conversation is over: hang up, and keep what came of it. Nothing follows."""

    reason: Reason
    outcome: Outcome
    latency: dict[str, Any]


Effect = (
    Speak
    | Hold
    | Play
    | Forget
    | Duck
    | Unduck
    | PauseSpeech
    | ListenForTones
    | ReplaceEars
    | StopSpeech
    | PlaceMark
    | PlayMusic
    | PressDigits
    | Publish
    | OpenQuestion
    | CloseQuestion
    | Settle
    | Transfer
    | DropTransfer
    | Invite
    | SetAside
    | DropGuest
    | BeginEnding
    | HangUp
    | AskMind
    | CancelMind
    | NoteMind
    | Truncate
    | CallTool
    | DropTool
)

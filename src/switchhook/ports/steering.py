"""How a running call is steered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from switchhook.domain.lifecycle import Reason
from switchhook.engine.events import Quiet


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this next."""

    text: str
    interrupt: bool = False


@dataclass(frozen=True, slots=True)
class PressKeys:
    """Send these digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Tell the mind something that the callee does not hear."""

    text: str


@dataclass(frozen=True, slots=True)
class BeQuiet:
    """Say nothing, have the callee wait with music, or speak again; the words are said before."""

    wanted: Quiet | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class PutThrough:
    """Connect the callee with somebody else, who is told the text first if there is one."""

    to: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class BringIn:
    """Call a third person into the call; the callee waits first, once they heard the text."""

    to: str
    hold_first: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """What the agent wanted to know."""

    question_id: str
    answer: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, after a goodbye where the agent has the word."""

    reason: Reason = Reason.API_HANGUP


Command = Say | PressKeys | Guide | BeQuiet | PutThrough | BringIn | AnswerQuestion | HangUp


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a command: `done`, `begun`, `interrupted` (said only `heard`), `refused`.

    `going_on` where nobody waits any longer for what becomes of it.
    """

    result: str
    heard: str = ""
    detail: str = ""


class LiveCall(Protocol):
    """A call that this process is running."""

    async def control(self, command: Command) -> Receipt:
        """Carry out a command and tell what became of it."""
        ...

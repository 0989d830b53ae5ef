"""A model that hears the callee and speaks by itself: ears, mind and voice in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from switchhook.domain.agent import Eagerness, Language
from switchhook.domain.agent import Mind as MindChoice
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.engine.dialogue import Message
from switchhook.engine.offers import Offer
from switchhook.ports.conversation import Action, Done, Heard, Hearing
from switchhook.ports.telephone import Frame


@dataclass(frozen=True, slots=True)
class DuplexRequest:
    """What the model should know of a call before it begins."""

    call_id: str
    language: Language
    instructions: str
    offers: tuple[Offer, ...]
    choice: MindChoice
    voice: VoiceChoice
    eagerness: Eagerness | None = None
    """How soon a turn is over, where the model decides that; else it is told."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """More of an item that the model speaks: words, sound, or both, which need not keep step."""

    item: str
    text: str = ""
    frames: tuple[Frame, ...] = ()
    last: bool = False


@dataclass(frozen=True, slots=True)
class BrokeOff:
    """The model will not finish this answer."""

    detail: str


AnswerPiece = Voiced | Action | Done | BrokeOff

Answered = Callable[[int, AnswerPiece], None]
"""Takes the next piece of an answer, after its generation."""


class Duplexing(Hearing, Protocol):
    """One call's open conversation; it answers when it is told to, and never by itself.

    Where it decides when a turn is over, it says so by a final `Heard` without words. What of an
    answer is still made when it is cancelled or cut is told to nobody.
    """

    def speech(self, at_ms: int, *, begins: bool) -> None:
        """Learn that the callee's speech began at this time of the call, or was over."""
        ...

    def answer(self, generation: int) -> None:
        """Answer what was heard; a cancelled answer that is still being made comes first."""
        ...

    def cancel(self) -> None:
        """Stop the answer that is being made."""
        ...

    def cut(self, item: str, heard_ms: int, heard: str) -> None:
        """Learn how much of an item the callee heard before they interrupted; stop making it."""
        ...

    def note(self, message: Message) -> None:
        """Learn what can be neither heard nor remembered: what was done, pressed, said for you."""
        ...


class Duplex(Protocol):
    """Holds the conversation of a call from ear to mouth."""

    name: str

    def open(
        self, request: DuplexRequest, heard: Callable[[Heard], None], answered: Answered
    ) -> Duplexing:
        """Begin one call's conversation; what the callee says is told as words, too."""
        ...

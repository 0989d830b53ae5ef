"""Lines that hear and speak by themselves: words pass over them, and no audio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from switchhook.ports.telephone import AnsweredBy, DigitPressed, Line, LineClosed


@dataclass(frozen=True, slots=True)
class CalleeSaid:
    """Words of the callee, all since the last that were final."""

    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class CalleeSounds:
    """The callee begins to speak, or ends."""

    begins: bool


@dataclass(frozen=True, slots=True)
class AgentSounds:
    """The line begins to speak, or has nothing more to say."""

    begins: bool


@dataclass(frozen=True, slots=True)
class AgentCutOff:
    """The line fell silent, since the callee spoke over it; these words were heard."""

    heard: str


Talk = CalleeSaid | CalleeSounds | AgentSounds | AgentCutOff
TalkingLineEvent = Talk | DigitPressed | AnsweredBy | LineClosed


@runtime_checkable
class TalkingLine(Protocol):
    """The words of one leg; nothing here waits."""

    def events(self) -> AsyncIterator[TalkingLineEvent]:
        """Yield what comes from the far end until the line is closed."""
        ...

    def say(self, text: str, *, interruptible: bool) -> None:
        """Speak this now, instead of what is being said; the callee may cut it off, or not."""
        ...

    def play_music(self) -> None:
        """Let music play for somebody who waits, until something is said or it is hushed."""
        ...

    def hush(self) -> None:
        """Fall silent."""
        ...

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        ...


AnyLine = Line | TalkingLine

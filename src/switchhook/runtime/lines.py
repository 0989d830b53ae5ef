"""What is said word for word in many calls is made once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Speech

MOST = 256
"""How many lines are kept: some ten megabytes of audio."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text, and how it is spoken."""

    voice: str
    language: Language
    choice: VoiceChoice
    text: str


class Lines:
    """Keeps the lines that were wanted last."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Line, Speech] = OrderedDict()

    def find(self, line: Line) -> Speech | None:
        """Return the whole line, if it was made."""
        speech = self._kept.get(line)
        if speech is not None:
            self._kept.move_to_end(line)
        return speech

    def keep(self, line: Line, speech: Speech) -> None:
        """Keep a line, instead of the one that nobody has wanted for the longest time."""
        self._kept[line] = speech
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

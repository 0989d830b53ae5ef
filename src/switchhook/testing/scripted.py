"""A callee that follows a script."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from switchhook.ports import Frame
from switchhook.runtime.framing import QUIET

_FRAME_S = 0.02
_WORD_FRAMES = 12


@dataclass(frozen=True, slots=True)
class Said:
    """The callee says this."""

    text: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The callee is silent, until it heard this word of the agent or the seconds are over."""

    seconds: float = 0.0
    until_heard: str | None = None


Step = Said | Waits


class ScriptedCallee:
    """Gives a frame every 20 ms, as the script wants it."""

    def __init__(self, script: Sequence[Step]) -> None:
        self._script = deque(script)
        self._frames: deque[Frame] = deque()
        self._heard: set[str] = set()
        self._waited = 0.0

    def hear(self, words: Sequence[str]) -> Frame:
        """Take the agent's words of 20 ms and return the callee's 20 ms."""
        self._heard.update(word.strip(".,?!").casefold() for word in words)
        if not self._frames:
            self._next()
        return self._frames.popleft() if self._frames else QUIET

    def _next(self) -> None:
        match self._script[0] if self._script else None:
            case Said(text):
                self._script.popleft()
                for word in text.split():
                    self._frames.append(Frame(QUIET.audio, (word,)))
                    self._frames.extend([QUIET] * (_WORD_FRAMES - 1))
            case Waits(seconds, word):
                self._waited += _FRAME_S
                met = word is not None and word.casefold() in self._heard
                if met or (word is None and self._waited >= seconds):
                    self._script.popleft()
                    self._waited = 0.0
                    self._heard.clear()
            case None:
                pass

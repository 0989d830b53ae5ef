"""Ears and a voice for calls over a line that has its own: these hear and say nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.engine.expectation import Expectation
from switchhook.ports import Frame, Heard, Listening, Speech


class _Silent:
    """What is open in one call."""

    def expect(self, asked: Expectation) -> None:
        """Learn nothing."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms, and hear nothing in them."""

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield nothing."""
        del text
        for speech in ():
            yield speech

    async def run(self) -> None:
        """Return at once: there is no connection to keep."""

    def close(self) -> None:
        """Let go of nothing."""


class NoEars:
    """Ears that hear nothing."""

    name = "none"

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> _Silent:  # noqa: ARG002 - nothing is told
        """Start not to listen."""
        return _Silent()


class NoVoice:
    """A voice that says nothing."""

    name = "none"

    def open(self, language: Language, choice: VoiceChoice) -> _Silent:  # noqa: ARG002 - nothing is said
        """Start not to speak."""
        return _Silent()

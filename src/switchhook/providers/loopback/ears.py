"""Ears for the loopback line: they read the words that ride on the frames."""

from __future__ import annotations

from collections.abc import Callable

from switchhook.engine.expectation import Expectation
from switchhook.ports import FRAME_MS, Frame, Heard, Listening
from switchhook.runtime.framing import QUIET

PAUSE_MS = 600
"""How long it must be quiet for the words to be certain; what follows begins anew."""


class TextHearing:
    """One call's ear."""

    def __init__(self, told: Callable[[Heard], None]) -> None:
        self._told = told
        self._words: list[str] = []
        self._start_ms = 0
        self._end_ms = 0

    def expect(self, asked: Expectation) -> None:
        """Take no notice: words are read whatever they are."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        if frame.words or (self._words and frame.audio != QUIET.audio):
            self._hear(frame, at_ms)
        elif self._words and at_ms - self._end_ms >= PAUSE_MS:
            certain = self._heard(certain=True)
            self._words = []
            self._told(certain)

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of everything."""
        self._words = []

    def _hear(self, frame: Frame, at_ms: int) -> None:
        if not self._words:
            self._start_ms = at_ms
        self._end_ms = at_ms + FRAME_MS
        self._words += frame.words
        if frame.words:
            self._told(self._heard(certain=False))

    def _heard(self, *, certain: bool) -> Heard:
        text = " ".join(self._words)
        return Heard(
            text, final=False, start_ms=self._start_ms, end_ms=self._end_ms, certain=certain
        )


class TextEars:
    """Turns the callee's frames into words without listening to them."""

    name = "text"

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> TextHearing:  # noqa: ARG002 - words are read in any language
        """Start to listen to one call."""
        return TextHearing(told)

"""Ears for the loopback line: they read the words that ride on the frames."""

from __future__ import annotations

from collections.abc import Sequence

from switchhook.engine.expectation import Expectation
from switchhook.ports import FRAME_MS, Frame, Heard
from switchhook.runtime.framing import QUIET

PAUSE_MS = 600
"""How long it must be quiet for the words to be certain; what follows begins anew."""


class TextHearing:
    """One call's ear."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._start_ms = 0
        self._end_ms = 0

    def expect(self, asked: Expectation) -> None:
        """Take no notice: words are read whatever they are."""

    def push(self, frame: Frame, at_ms: int) -> Sequence[Heard]:
        """Take 20 ms of the callee's audio and return what became clear by it."""
        if frame.words or (self._words and frame.audio != QUIET.audio):
            return self._hear(frame, at_ms)
        if self._words and at_ms - self._end_ms >= PAUSE_MS:
            certain = self._heard(certain=True)
            self._words = []
            return (certain,)
        return ()

    def close(self) -> None:
        """Let go of everything."""
        self._words = []

    def _hear(self, frame: Frame, at_ms: int) -> Sequence[Heard]:
        if not self._words:
            self._start_ms = at_ms
        self._end_ms = at_ms + FRAME_MS
        self._words += frame.words
        return (self._heard(certain=False),) if frame.words else ()

    def _heard(self, *, certain: bool) -> Heard:
        text = " ".join(self._words)
        return Heard(
            text, final=False, start_ms=self._start_ms, end_ms=self._end_ms, certain=certain
        )


class TextEars:
    """Turns the callee's frames into words without listening to them."""

    name = "text"

    def open(self, language: str) -> TextHearing:  # noqa: ARG002 - words are read in any language
        """Start listening to one call."""
        return TextHearing()

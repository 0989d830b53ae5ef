"""From the times of a vendor's characters or words to the times of the words as they are written.

Vendors cut the text as they like: one tells every character, another words, with or without
their punctuation. What counts here is a word between two spaces of our own text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from switchhook.domain.transcript import Word


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of what is spoken, in milliseconds since the utterance began."""

    text: str
    start_ms: int
    end_ms: int


class Alignment:
    """Finds the words of one text in the spans that come, by counting letters and digits."""

    __slots__ = ("_end_ms", "_said", "_start_ms", "_waiting")

    def __init__(self, text: str) -> None:
        self._waiting = deque(text.split())
        self._said = 0  # letters and digits of the first word that waits
        self._start_ms: int | None = None  # when they began
        self._end_ms = 0

    def feed(self, spans: Iterable[Span]) -> list[Word]:
        """Return the words that are complete by now."""
        words: list[Word] = []
        for span in spans:
            said = _size(span.text)
            if not said:
                continue
            # Times never run backwards, whatever a vendor tells.
            start = max(span.start_ms, self._end_ms)
            if self._start_ms is None:
                self._start_ms = start
            self._end_ms = max(span.end_ms, start)
            self._said += said
            while self._waiting and self._said >= _size(self._waiting[0]):
                self._said -= _size(self._waiting[0])
                words.append(self._word())
                self._start_ms = start if self._said else None
        return words

    def rest(self, length_ms: int) -> list[Word]:
        """Return the words that no span told, spread over what is left of the utterance."""
        start = self._end_ms if self._start_ms is None else self._start_ms
        each = max(0, length_ms - start) // max(1, len(self._waiting))
        words: list[Word] = []
        while self._waiting:
            self._start_ms, self._end_ms = start, start + each
            words.append(self._word())
            start = self._end_ms
        return words

    def _word(self) -> Word:
        start = self._end_ms if self._start_ms is None else self._start_ms
        return Word(text=self._waiting.popleft(), start_ms=start, end_ms=self._end_ms)


def _size(text: str) -> int:
    return sum(character.isalnum() for character in text)

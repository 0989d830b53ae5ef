"""How far an utterance has been made, piece by piece, and what of it is left to be said."""

from __future__ import annotations

from collections import deque

from switchhook.domain.transcript import Word
from switchhook.engine.heard import MOSTLY
from switchhook.engine.state import CUSHION_MS
from switchhook.ports import FRAME_MS, Speech

LEAST_CHARACTER_MS = 15
"""How long a character sounds at the least: who says that it is done sooner has broken off."""


class Progress:
    """Follows an utterance, also from one voice to another.

    A word is passed on when most of it is made, so that a voice which fails in the middle of a
    word leaves that word to be said, and none is said twice that counts as heard.
    """

    def __init__(self, text: str) -> None:
        self._text = text.split()
        self._made_ms = 0
        self._began_ms = 0
        self._wanted = len(text)
        self._told = 0
        self._waiting: deque[Word] = deque()

    @property
    def rest(self) -> str:
        """The words that are left."""
        return " ".join(self._text[self._told :])

    @property
    def begun(self) -> bool:
        """Whether anything of it was made."""
        return self._made_ms > 0

    @property
    def playable(self) -> bool:
        """Whether so much was made that the utterance can begin."""
        return self._made_ms >= CUSHION_MS

    @property
    def enough(self) -> bool:
        """Whether so much was made that it can be all that was wanted."""
        return self._made_ms - self._began_ms >= self._wanted * LEAST_CHARACTER_MS

    @property
    def can_go_on(self) -> bool:
        """Whether it is known with which word another voice would go on.

        Who stopped before there was anything to play has said nothing yet.
        """
        return not self.playable or bool(self._told and self.rest)

    def restart(self) -> None:
        """Let another voice say the rest."""
        self._began_ms = self._made_ms
        self._wanted = len(self.rest)
        self._waiting.clear()

    def take(self, piece: Speech) -> Speech:
        """Return a piece as it belongs into the whole utterance."""
        self._made_ms += len(piece.frames) * FRAME_MS
        self._waiting += (_later(word, self._began_ms) for word in piece.words)
        return Speech(piece.frames, self._words(self._made_ms))

    def end(self) -> Speech:
        """Return the words that had no sound to the end of the audio."""
        words = tuple(self._waiting)
        self._told += len(words)
        return Speech((), words)

    def _words(self, made_ms: int) -> tuple[Word, ...]:
        words: list[Word] = []
        while self._waiting and _mostly(self._waiting[0]) <= made_ms:
            words.append(self._waiting.popleft())
        self._told += len(words)
        return tuple(words)


def whole(pieces: list[Speech]) -> Speech:
    """Return the utterance that the pieces make."""
    return Speech(
        tuple(frame for piece in pieces for frame in piece.frames),
        tuple(word for piece in pieces for word in piece.words),
    )


def _later(word: Word, by_ms: int) -> Word:
    if not by_ms:
        return word
    return Word(text=word.text, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)


def _mostly(word: Word) -> float:
    return word.start_ms + MOSTLY * (word.end_ms - word.start_ms)

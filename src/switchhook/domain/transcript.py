"""What was said, as it was heard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from switchhook.domain.happenings import Fact, Happening, Kind
from switchhook.domain.values import Frozen

Speaker = Literal["agent", "callee", "guest"]


class Word(Frozen):
    """A word and when it was audible, in milliseconds since the call was answered."""

    text: str
    start_ms: int
    end_ms: int


class Line(Frozen):
    """One turn of one speaker; `interrupted` when only part of it was heard.

    `heard_estimated` when the clock alone says what was heard and when: the carrier proved
    nothing, or the voice did not tell when it says which word.
    """

    speaker: Speaker
    text: str
    start_ms: int = 0
    end_ms: int = 0
    interrupted: bool = False
    heard_estimated: bool = False
    words: tuple[Word, ...] = ()

    def fact(self) -> Fact:
        """Return the line as a happening to be."""
        data: dict[str, Any] = self.model_dump(exclude={"text"})
        return Fact(kind=Kind.SPOKEN, text=self.text, data=data, session_ms=self.start_ms)


def lines(happenings: Iterable[Happening]) -> list[Line]:
    """Return the transcript that the happenings hold."""
    return [
        Line.model_validate(h.data | {"text": h.text}) for h in happenings if h.kind is Kind.SPOKEN
    ]


def evenly(text: str, milliseconds: int) -> tuple[Word, ...]:
    """Return the words of a text that is spoken evenly in so much time."""
    words, position = list[Word](), 0
    pace = milliseconds / max(1, len(text))
    for word in text.split():
        start = text.index(word, position)
        position = start + len(word)
        words.append(Word(text=word, start_ms=round(start * pace), end_ms=round(position * pace)))
    return tuple(words)


def as_text(transcript: Iterable[Line]) -> str:
    """Return the transcript as people read it, a turn a line."""
    names = {"agent": "Agent", "callee": "User", "guest": "Guest"}
    return "\n".join(
        f"{names[line.speaker]}: {line.text}{' -' if line.interrupted else ''}"
        for line in transcript
    )

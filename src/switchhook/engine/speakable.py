"""What is spoken of a written piece, and what of the writing was heard.

Nobody hears asterisks, and "$5" is heard as "five dollars". Every stretch of the spoken text
therefore remembers its stretch of the source, so that an interruption can be cut in the source:
after the last complete word, never inside a number or a spelled name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from switchhook.domain.agent import Language
from switchhook.engine.english import Piece, read_aloud
from switchhook.engine.markup import Plain, strip

_STOPS: dict[Language, str] = {"ja": "。", "hi": "।"}
_WHOLE = (
    r"\+?\d(?:[\d.,:/()–-]|[ ](?=\d))*"  # noqa: RUF001 - numbers, times, telephone numbers
    r"|(?<!\w)\w(?:[ ,.-]+\w(?!\w)){2,}"  # spelled names
)
_WORD = (
    r"[一-鿿々〆]+[぀-ゟ]*|[぀-ゟ]+|[゠-ヿ]+"  # noqa: RUF001 - Japanese has no spaces
    r"|[^\s぀-ヿ一-鿿々〆]+"
)
_UNIT = re.compile(rf"(?P<whole>{_WHOLE})|(?P<word>{_WORD})")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source, and the stretch of the spoken text that stands for it."""

    source: tuple[int, int]
    spoken: tuple[int, int]
    verbatim: bool
    """Whether both are the same characters, so that the span may be divided."""


@dataclass(frozen=True)
class _Unit:
    """What is heard as one: a word, a number, a spelled name."""

    start: int
    end: int
    whole: bool

    def heard_from(self, share: float) -> float:
        """Return the position from which it counts as heard."""
        return self.end if self.whole else self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class Spoken:
    """A piece as it is spoken; `text` is empty when there is nothing to say."""

    source: str
    text: str
    spans: tuple[Span, ...]

    @classmethod
    def verbatim(cls, text: str) -> Spoken:
        """Return a text that is spoken as it stands."""
        everything = (0, len(text))
        return cls(text, text, (Span(everything, everything, verbatim=True),))

    def source_heard(self, spoken_position: float, *, share: float = 1.0) -> str:
        """Return the part of the source that was heard up to a position in the spoken text.

        A word counts as heard from `share` of its length on; numbers and spelled names count
        only as a whole.
        """
        if spoken_position >= len(self.text.rstrip()):
            return self.source
        end = 0
        for unit in self._units:
            if unit.heard_from(share) > spoken_position:
                break
            end = unit.end
        return self.source[: self._source_end(end)] if end else ""

    def _source_end(self, spoken_end: int) -> int:
        """Return where the source of these spoken characters ends, with what is attached to it."""
        span = next(s for s in self.spans if s.spoken[1] >= spoken_end)
        end = span.source[0] + spoken_end - span.spoken[0] if span.verbatim else span.source[1]
        while end < len(self.source) and self._is_attached(end):
            end += 1
        return end

    def _is_attached(self, place: int) -> bool:
        """Tell whether a character of the source has no sound of its own."""
        span = next((s for s in self.spans if s.source[0] <= place < s.source[1]), None)
        return span is None or unicodedata.category(self.source[place]) in {"Po", "Pe", "Pf"}

    @cached_property
    def _units(self) -> tuple[_Unit, ...]:
        """The spoken text in units that are heard as one."""
        return tuple(_trimmed(self.text, unit) for unit in _joined(self._parts()))

    def _parts(self) -> list[_Unit]:
        """Return words, numbers and replaced stretches, which may overlap, in order."""
        found = [_Unit(*m.span(), m["whole"] is not None) for m in _UNIT.finditer(self.text)]
        replaced = [_Unit(*s.spoken, whole=True) for s in self.spans if not s.verbatim]
        sounding = [u for u in found + replaced if _has_sound(self.text[u.start : u.end])]
        return sorted(sounding, key=lambda unit: (unit.start, unit.end))


def speak(source: str, language: Language = "en") -> Spoken:
    """Return what is spoken of a piece of an answer."""
    plain = strip(source, _STOPS.get(language, "."))
    if not _has_sound(plain.text):
        return Spoken(source, "", ())
    pieces = read_aloud(plain.text) if language == "en" else iter(())
    spans, text = _compose(source, plain, pieces)
    return Spoken(source, text, spans)


def _compose(source: str, plain: Plain, pieces: Iterator[Piece]) -> tuple[tuple[Span, ...], str]:
    """Join the replaced stretches with those between them that are said as they are."""
    spans: list[Span] = []
    text, place = "", 0
    for piece in [*pieces, Piece(len(plain.text), len(plain.text), "")]:
        for start, end in _runs(source, plain, place, piece.start):
            origin = (plain.origins[start][0], plain.origins[end - 1][1])
            same = plain.text[start:end] == source[slice(*origin)]
            spans.append(Span(origin, (len(text), len(text) + end - start), verbatim=same))
            text += plain.text[start:end]
        if piece.spoken:
            origin = (plain.origins[piece.start][0], plain.origins[piece.end - 1][1])
            spans.append(Span(origin, (len(text), len(text) + len(piece.spoken)), verbatim=False))
            text += piece.spoken
        place = piece.end
    return tuple(spans), text


def _runs(source: str, plain: Plain, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches whose characters stand side by side in the source as well."""
    begin = start
    for place in range(start + 1, end + 1):
        if place == end or not _continues(source, plain, place):
            yield begin, place
            begin = place


def _continues(source: str, plain: Plain, place: int) -> bool:
    """Tell whether a character follows its predecessor in the source, or stands for the same."""
    one, other = plain.origins[place - 1], plain.origins[place]
    if one == other:
        return True
    return one[1] == other[0] and all(
        source[slice(*plain.origins[i])] == plain.text[i] for i in (place - 1, place)
    )


def _joined(parts: list[_Unit]) -> list[_Unit]:
    """Return the parts with those that overlap made one."""
    joined: list[_Unit] = []
    for part in parts:
        if joined and part.start < joined[-1].end:
            last = joined.pop()
            part = _Unit(last.start, max(last.end, part.end), last.whole or part.whole)  # noqa: PLW2901
        joined.append(part)
    return joined


def _trimmed(text: str, unit: _Unit) -> _Unit:
    """Return a unit without the punctuation around it, which has no sound."""
    sounding = [i for i in range(unit.start, unit.end) if _has_sound(text[i])]
    return _Unit(sounding[0], sounding[-1] + 1, unit.whole)


def _has_sound(text: str) -> bool:
    return any(unicodedata.category(c)[0] in "LMN" for c in text)

"""From a stream of text to pieces that can be spoken one after the other.

The first piece ends at the first clause of at least 24 characters, so that the agent begins to
speak early; later pieces are sentences, and only very long ones end at a clause.

A boundary is decided from the text alone, never from how it was cut into tokens: where the
characters that decide are not there yet, the cutter waits for them. In doubt it does not cut:
that costs a moment, while a cut inside a number or a name costs the listener the sense.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from switchhook.domain.agent import Language
from switchhook.engine.words import words_of

FIRST_CLAUSE = 24
"""Columns before the first clause may be spoken; a fullwidth character fills two."""
LONG_SENTENCE = 200
"""Columns after which a later piece may end at a clause as well."""
LONGEST_LINK_TEXT = 200

_CLOSERS = "\"'”’»)\\]}」』）】*_~"  # noqa: RUF001 - what closes a quotation, brackets or emphasis
_MARK = re.compile(
    rf"(?P<newline>\n)"
    rf"|(?P<wide>[。！？｡।॥][。！？｡।॥!?…]*[{_CLOSERS}]*)"  # noqa: RUF001
    rf"|(?P<stop>[.!?…]+[{_CLOSERS}]*)"
    rf"|(?P<wide_clause>[，、；：][{_CLOSERS}]*)"  # noqa: RUF001
    rf"|(?P<clause>[,;:][{_CLOSERS}]*)"
    rf"|(?P<dash>—)"
)
_SPELLED_AS = re.compile(
    r"\b\w,? (?:as in|for|like|wie|von|comme|como|di come|come|de|seperti) \w+\Z"
)
_SOUND = re.compile(r"[^\W_]")
_FENCE = "```"


class _Cut(Enum):
    """What may happen at a mark of punctuation."""

    NEVER = "the text goes on"
    CLAUSE = "a clause ends"
    SENTENCE = "a sentence ends"
    UNKNOWN = "the deciding characters have not come yet"


@dataclass(frozen=True)
class _Next:
    """What follows a mark: the spaces and the first characters behind them."""

    text: str
    final: bool

    @property
    def spaced(self) -> bool:
        """Tell whether white space or the end follows at once."""
        return self.text[:1].isspace() or not self.text

    @property
    def known(self) -> bool:
        """Tell whether the first character behind the spaces has come."""
        return self.final or bool(self.text.strip())

    @property
    def first(self) -> str:
        """The first character behind the spaces; empty at the end."""
        return self.text.strip()[:1]

    @property
    def word(self) -> str | None:
        """The first word behind the spaces, or nothing while it may go on."""
        word = re.split(r"\W", self.text.lstrip(), maxsplit=1)[0]
        complete = self.final or len(self.text.lstrip()) > len(word)
        return word if complete else None


class Sentences:
    """Cuts text into pieces to be spoken; joined together they are the text."""

    def __init__(self, language: Language = "en") -> None:
        own, common = words_of(language).abbreviations, words_of("en").abbreviations
        self._numbered = own.numbered
        self._either = own.either
        self._never = own.never | (common.never - own.numbered - own.either)
        # "am 3. Mai": where a full stop makes the ordinal, it says nothing about the sentence.
        self._stop_makes_ordinal = language == "de"
        self._rest = ""
        self._decided = 0
        self._first = True

    def feed(self, text: str) -> list[str]:
        """Take the next text and return the pieces that are complete now."""
        self._rest += text
        return list(self._pieces(final=False))

    def end(self) -> list[str]:
        """Return what is left; the next text begins a new answer."""
        pieces = list(self._pieces(final=True))
        if self._rest:
            pieces.append(self._rest)
        self._rest, self._decided, self._first = "", 0, True
        return pieces

    def _pieces(self, *, final: bool) -> Iterator[str]:
        while (cut := self._next_cut(final=final)) is not None:
            piece, self._rest = self._rest[:cut], self._rest[cut:]
            self._decided, self._first = 0, False
            yield piece

    def _next_cut(self, *, final: bool) -> int | None:
        """Return where the next piece ends, as far as that can be known."""
        for mark in _MARK.finditer(self._rest, self._decided):
            verdict = self._judge(mark, _Next(self._rest[mark.end() :], final))
            if verdict is _Cut.UNKNOWN:
                self._decided = mark.start()
                return None
            if self._allows(verdict, mark.end()):
                return mark.end()
            self._decided = mark.end()
        return None

    def _allows(self, verdict: _Cut, end: int) -> bool:
        """Tell whether a boundary of this strength may end the piece here."""
        if verdict is _Cut.NEVER or not _SOUND.search(self._rest, 0, end):
            return False
        piece = self._rest[:end]
        if _inside_markup(piece):
            return False
        if self._first:
            return _columns(piece) >= FIRST_CLAUSE
        return verdict is _Cut.SENTENCE or _columns(piece) >= LONG_SENTENCE

    def _judge(self, mark: re.Match[str], following: _Next) -> _Cut:
        # A run of marks may go on in the next token.
        if not following.text and not following.final and mark["newline"] is None:
            return _Cut.UNKNOWN
        before = self._rest[: mark.start()]
        match mark.lastgroup:
            case "newline" | "wide":
                return _Cut.SENTENCE
            case "stop":
                return self._judge_stop(before, mark["stop"], following)
            case "dash" | "wide_clause":
                return _clause(before, following)
            case _:
                return _clause(before, following) if following.spaced else _Cut.NEVER

    def _judge_stop(self, before: str, stop: str, following: _Next) -> _Cut:
        """Judge full stops, question marks and exclamation marks."""
        if not following.spaced:
            return _Cut.NEVER
        if stop.startswith(("..", "…")):
            return _by_capital(following)
        if not stop.startswith("."):
            return _Cut.SENTENCE
        return self._judge_full_stop(before, following)

    def _judge_full_stop(self, before: str, following: _Next) -> _Cut:
        """Judge a single full stop, which ends sentences, abbreviations and numbers."""
        word = re.split(r"\s", before)[-1].lstrip("(\"'“‘«[¿¡*_").lower()  # noqa: RUF001
        if word.isdecimal():
            return self._judge_number(before, following)
        if word in self._never or _is_initial(before, word):
            return _Cut.NEVER
        if word in self._numbered:
            return _unless_number(following)
        if word in self._either or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
            return _by_capital(following)
        return _Cut.SENTENCE

    def _judge_number(self, before: str, following: _Next) -> _Cut:
        """Judge "3." which may be a list, an ordinal, a date or the end."""
        begins_line = not before.rpartition("\n")[2].rstrip("0123456789").strip()
        short = len(re.split(r"\D", before)[-1]) <= 2  # noqa: PLR2004 - days and short ordinals
        if begins_line or (self._stop_makes_ordinal and short):
            return _Cut.NEVER
        return _unless_number(following)


def _clause(before: str, following: _Next) -> _Cut:
    """Judge a comma, semicolon, colon or dash."""
    last = before[-1:]
    if last.isdecimal():
        if not following.known:
            return _Cut.UNKNOWN
        if following.first.isdecimal():
            return _Cut.NEVER
    if _ends_spelled(before):
        if following.word is None:
            return _Cut.UNKNOWN
        if len(following.word) == 1:
            return _Cut.NEVER
    return _Cut.CLAUSE


def _ends_spelled(before: str) -> bool:
    """Tell whether the text ends with a letter alone, or with one that a word explains."""
    letter_alone = re.search(r"(?<!\w)\w\Z", before)
    return letter_alone is not None or _SPELLED_AS.search(before) is not None


def _is_initial(before: str, word: str) -> bool:
    """Tell whether a letter alone is somebody's initial; "I" may also end a sentence."""
    if len(word) != 1 or not word.isalpha():
        return False
    pronoun = re.search(r"[a-z] I\Z", before)
    return pronoun is None


def _by_capital(following: _Next) -> _Cut:
    if not following.known:
        return _Cut.UNKNOWN
    return _Cut.SENTENCE if following.first.isupper() else _Cut.NEVER


def _unless_number(following: _Next) -> _Cut:
    if not following.known:
        return _Cut.UNKNOWN
    return _Cut.NEVER if following.first.isdecimal() else _Cut.SENTENCE


def _inside_markup(piece: str) -> bool:
    """Tell whether a code block or the text of a link is still open."""
    if piece.count(_FENCE) % 2:
        return True
    line = piece.rpartition("\n")[2]
    opened = line.rfind("[")
    return opened > line.rfind("]") and len(line) - opened <= LONGEST_LINK_TEXT


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

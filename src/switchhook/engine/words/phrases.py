"""Phrases that are looked for in what somebody said, whatever its case and punctuation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class Script(Enum):
    """How a language writes its words: what may stand beside a phrase."""

    SPACED = ""
    """Words stand alone: "no" is not in "know"."""
    SUFFIXED = "particles"
    """Words stand alone but carry particles behind them, as in Korean."""
    JOINED = "no spaces"
    """Words follow each other without spaces, as in Japanese."""


_DROPPED = str.maketrans("", "", "'’‘`´")  # noqa: RUF001 - the apostrophes people and programs write
_SPACES = re.compile(r"\s+")


def plain(text: str, script: Script = Script.SPACED) -> str:
    """Return the words alone: folded case, no punctuation, one space between words."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DROPPED)
    # Marks count as letters here: the vowel signs of Devanagari are marks.
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    return _SPACES.sub("" if script is Script.JOINED else " ", kept).strip()


@dataclass(frozen=True)
class Phrases:
    """A set of phrases of one language."""

    phrases: frozenset[str]
    script: Script = Script.SPACED

    @classmethod
    def of(cls, listed: str, script: Script = Script.SPACED) -> Phrases:
        """Return the phrases of a list with commas between them."""
        found = (plain(phrase, script) for phrase in listed.split(","))
        return cls(frozenset(phrase for phrase in found if phrase), script)

    def within(self, text: str) -> bool:
        """Tell whether any of the phrases was said."""
        return self._anywhere.search(plain(text, self.script)) is not None

    def found(self, text: str) -> frozenset[str]:
        """Return the phrases that were said; of two that overlap the earlier, then the longer."""
        return frozenset(m[0] for m in self._anywhere.finditer(plain(text, self.script)))

    def end(self, text: str) -> bool:
        """Tell whether the last words are one of the phrases."""
        return self._last_phrase(plain(text, self.script)) is not None

    def count(self, text: str) -> int:
        """Return how many of the phrases were said one after the other at the end."""
        rest, found = plain(text, self.script), 0
        while rest and (last := self._last_phrase(rest)):
            rest, found = rest[: len(rest) - len(last)].rstrip(), found + 1
        return found

    def make_up(self, text: str) -> bool:
        """Tell whether nothing but these phrases was said."""
        said = plain(text, self.script)
        # Positions that phrases lead to: a table, since backtracking over long talk explodes.
        reached = [False] * (len(said) + 1)
        reached[0] = bool(said)
        for start in range(len(said)):
            if reached[start]:
                for end in self._ends(said, start):
                    reached[end] = True
        return reached[-1]

    def _last_phrase(self, said: str) -> str | None:
        """Return the phrase that the words end with."""
        found = self._last.search(said, max(0, len(said) - self._longest))
        return found[0] if found else None

    def _ends(self, said: str, start: int) -> list[int]:
        """Return where the next word may begin if a phrase is said at this place."""
        found = [start + len(p) for p in self.phrases if said.startswith(p, start)]
        if self.script is Script.JOINED:
            return found
        whole = [end for end in found if said[end : end + 1] in {"", " "}]
        return [min(end + 1, len(said)) for end in whole]

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(self._before + self._any + self._after)

    @cached_property
    def _last(self) -> re.Pattern[str]:
        before = "" if self.script is not Script.SPACED else self._before
        return re.compile(before + self._any + r"\Z")

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.phrases), default=0)

    @property
    def _any(self) -> str:
        longest_first = sorted(self.phrases, key=lambda phrase: (-len(phrase), phrase))
        return f"(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})"

    @property
    def _before(self) -> str:
        return "" if self.script is Script.JOINED else r"(?<!\S)"

    @property
    def _after(self) -> str:
        return r"(?!\S)" if self.script is Script.SPACED else ""

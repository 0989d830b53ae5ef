"""Reads a text aloud: which of its stretches are said in other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from switchhook.engine.english import abbreviations, addresses, amounts, dates
from switchhook.engine.english.rules import Rule

# The order decides where several rules find something at the same place.
_RULES: tuple[Rule, ...] = (
    addresses.RULES[0],
    addresses.RULES[1],
    *dates.RULES,
    *addresses.RULES[2:],
    *amounts.RULES[:-1],
    *abbreviations.RULES,
    amounts.RULES[-1],
)


@dataclass(frozen=True)
class Piece:
    """A stretch of the text, and what is said for it."""

    start: int
    end: int
    spoken: str


def read_aloud(text: str) -> Iterator[Piece]:
    """Yield the stretches that are said in other words, in order."""
    place, upcoming = 0, [r.pattern.search(text) for r in _RULES]
    while True:
        upcoming = [
            r.pattern.search(text, place) if found and found.start() < place else found
            for r, found in zip(_RULES, upcoming, strict=True)
        ]
        starts = [found.start() for found in upcoming if found]
        if not starts:
            return
        place, piece = _at(text, min(starts))
        if piece:
            yield piece


def _at(text: str, start: int) -> tuple[int, Piece | None]:
    """Return the first rule's reading at a place, and where to look for the next."""
    for candidate in _RULES:
        found = candidate.pattern.match(text, start)
        said = candidate.read(found) if found else None
        if found and said is not None:
            return found.end(), Piece(start, found.end(), said)
    return start + 1, None

"""Which key of a telephone menu leads to somebody who can help, in English."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_KEYS = {name: str(digit) for digit, name in enumerate(_DIGITS)} | {
    "star": "*",
    "pound": "#",
    "hash": "#",
}
_KEY = rf"(?:the )?(?:number )?(?P<key>\d|{'|'.join(_KEYS)})\b(?: key)?"
_PRESS = re.compile(
    rf"\b(?:please )?(?:press or say|say or press|press|push|dial|hit|select) {_KEY}", re.IGNORECASE
)
_AFTER = re.compile(r"\s*(?:for|to)\b", re.IGNORECASE)
_BREAK = re.compile(r"[.!?;]")
_PERSON = re.compile(
    r"\b(?:operator|representative|receptionist|reception|front desk|person|somebody|someone|human"
    r"|agent|advis[eo]r|associate|member of (?:our|the) (?:staff|team)|customer service|assistance"
    r"|everything else|anything else|all other)",
    re.IGNORECASE,
)
_ON_HOLD = re.compile(
    r"\b(?:hold|stay on the line|remain on the line|connect|transfer|one moment|queue"
    r"|your call|recorded|next available|thank you for (?:calling|waiting))",
    re.IGNORECASE,
)
_LONG_WORD = 4
_GREETING_WORDS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A key, and what it is for."""

    key: str
    label: str


def options(prompt: str) -> list[Option]:
    """Return what a prompt offers: "for bookings press two", or "press two for bookings"."""
    found = list(_PRESS.finditer(prompt))
    begins = [*(match.start() for match in found[1:]), len(prompt)]
    told, read = list[Option](), 0
    for match, until in zip(found, begins, strict=False):
        key = match["key"].casefold()
        label, read = prompt[read : match.start()], match.end()
        if _AFTER.match(prompt, match.end()):
            label, read = prompt[match.end() : until], until
        told.append(Option(_KEYS.get(key, key), _BREAK.split(label.strip(" .,;"))[-1].strip()))
    return told


def choose(prompt: str, purpose: str, tried: Collection[str]) -> str | None:
    """Return the key to press that was not tried: what the call is about, a person, or zero."""
    left = [option for option in options(prompt) if option.key not in tried]
    about = max(left, key=lambda option: _shared(option.label, purpose), default=None)
    if about is None:
        return None
    if _shared(about.label, purpose):
        return about.key
    persons = [option.key for option in left if _PERSON.search(option.label)]
    zero = [option.key for option in left if option.key == "0"]
    return next(iter(persons + zero), None)


def person(said: str) -> bool:
    """Tell whether words at a menu are somebody's who has picked up."""
    return not (_PRESS.search(said) or _ON_HOLD.search(said)) and (
        len(said.split()) <= _GREETING_WORDS
    )


def _shared(label: str, purpose: str) -> int:
    """Return how many words both have, whatever their endings."""
    return sum(
        any(word.startswith(other) or other.startswith(word) for other in _words(purpose))
        for word in _words(label)
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in re.findall(r"[a-z]+", text.casefold()) if len(w) >= _LONG_WORD)

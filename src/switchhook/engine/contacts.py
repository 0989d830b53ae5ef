"""Telephone numbers and e-mail addresses as people say them, in English."""

from __future__ import annotations

import re

from switchhook.engine.meaning import plain
from switchhook.engine.numerals import in_digits

_FEWEST_DIGITS = 5
_MOST_DIGITS = 15
_TIMES = {"double": 2, "triple": 3}
_OH = {"oh": "0", "o": "0"}
_DIGITS = re.compile(r"\+?\d+")
_GROUPING = re.compile(r"(?<=\d)[-./()](?=\d)")
_SIGNS = {
    "at": "@",
    "dot": ".",
    "point": ".",
    "period": ".",
    "underscore": "_",
    "dash": "-",
    "hyphen": "-",
    "minus": "-",
    "plus": "+",
}
_ADDRESS = re.compile(r"[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_BEFORE = re.compile(
    r"^.*\b(?:is|it's|that's|reach me at|write to|be|use|say|said|meant|yes|yeah|sure|okay|ok|well"
    r"|um|uh|no|actually)\b(?=.*\bat\b|.*@)"
)
_AS_IN = re.compile(r"\b([a-z]) (?:as in|for|like) [a-z]+\b")
_REMARKS = re.compile(r"\b(?:all )?(?:in )?(?:lower ?case|one word|small letters)\b")


def telephone(text: str) -> str | None:
    """Return the digits of a telephone number, with a plus where one was said."""
    words = in_digits(_GROUPING.sub(" ", plain(text)).replace("-", " "))
    digits, times = "", 1
    for word in words.split():
        if word in _TIMES:
            times = _TIMES[word]
        elif word == "plus" and not digits:
            digits = "+"
        elif _DIGITS.fullmatch(word) or word in _OH:
            digits, times = digits + _OH.get(word, word) * times, 1
    count = len(digits.lstrip("+"))
    return digits if _FEWEST_DIGITS <= count <= _MOST_DIGITS else None


def email(text: str) -> str | None:
    """Return the e-mail address, spelled or said as words, in lower case."""
    words = plain(text)
    if match := _ADDRESS.search(words):
        return match[0]
    words = in_digits(_AS_IN.sub(r"\1", _REMARKS.sub(" ", words)))
    said = _BEFORE.sub("", words).replace("-", " dash ").split()
    joined = "".join(_SIGNS.get(word, word) for word in said)
    return joined if _ADDRESS.fullmatch(joined) else None

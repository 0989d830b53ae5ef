"""Abbreviations and signs that stand for words."""

from __future__ import annotations

import re

from switchhook.engine.english.numerals import amount
from switchhook.engine.english.rules import Rule, exact, rule

_ALWAYS = {
    "mr": "Mister",
    "mrs": "Missus",
    "ms": "Miz",
    "prof": "Professor",
    "rev": "Reverend",
    "gen": "General",
    "sgt": "Sergeant",
    "capt": "Captain",
    "gov": "Governor",
    "vs": "versus",
    "approx": "approximately",
    "apt": "apartment",
    "dept": "department",
    "appt": "appointment",
    "e.g": "for example",
    "i.e": "that is",
}
"""Their stop never ends a sentence."""
_EITHER = {
    "etc": "et cetera",
    "inc": "Incorporated",
    "ltd": "Limited",
    "corp": "Corporation",
    "jr": "Junior",
    "sr": "Senior",
    "ave": "Avenue",
    "blvd": "Boulevard",
    "rd": "Road",
    "a.m": "AM",
    "p.m": "PM",
    "jan": "January",
    "feb": "February",
    "aug": "August",
    "sept": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
"""Their stop also ends the sentence when nothing, or a capital, follows."""
_SIGNS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "×": "times",  # noqa: RUF001
    "@": "at",
    "±": "plus or minus",
    "≤": "at most",
    "≥": "at least",
}
_SIGN = re.escape("".join(_SIGNS))
_SENTENCE_GOES_ON = r"(?=\s*[,;:)—–-]|\s+[a-z\d])"  # noqa: RUF001


def _any_of(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _always(found: re.Match[str]) -> str:
    return _ALWAYS[found[1].lower()]


def _either(found: re.Match[str]) -> str:
    return _EITHER[found[1].lower()]


def _sign(found: re.Match[str]) -> str:
    return f" {_SIGNS[found['sign']]} "


RULES: tuple[Rule, ...] = (
    exact(r"\bDr\.(?=\s+[A-Z])", lambda _: "Doctor"),
    exact(r"\bSt\.(?=\s+[A-Z])", lambda _: "Saint"),
    exact(rf"(?<=\w\s)(?:Dr|dr)\b\.{_SENTENCE_GOES_ON}", lambda _: "Drive"),
    exact(rf"(?<=\w\s)(?:St|st)\b\.{_SENTENCE_GOES_ON}", lambda _: "Street"),
    rule(rf"(?<![\w.])({_any_of(_ALWAYS)})\.(?=\s|,)", _always),
    exact(rf"(?<![\w.])((?i:{_any_of(_EITHER)}))\.{_SENTENCE_GOES_ON}", _either),
    rule(rf"(?<![\w.])({_any_of(_EITHER)})(?=\.(?!\w))", _either),
    rule(r"(?<!\w)(?:No\.\s?|#\s?)(\d+)(?![\w.,]\d|\w)", lambda m: f"number {amount(m[1])}"),
    rule(r"(?<!\w)w/o(?=\s)", lambda _: "without"),
    rule(r"(?<!\w)w/(?=\s?\w)\s?", lambda _: "with "),
    rule(r"(?<!\w)n/a(?!\w)", lambda _: "not applicable"),
    rule(r"(?<!\w)[~≈]\s?(?=[$€£]?\d)", lambda _: "about "),
    exact(rf"\s+(?P<sign>[{_SIGN}])\s+", _sign),
    exact(rf"(?<=\w)(?P<sign>[{_SIGN}])(?=\w)", _sign),
)

"""What is read in characters: e-mail, web and telephone addresses, codes, spelled names."""

from __future__ import annotations

import re

from switchhook.engine.english.numerals import digits
from switchhook.engine.english.rules import Rule, exact, rule

_ENDINGS = (
    "com|org|net|edu|gov|int|info|biz|io|ai|app|dev|co|me|tv|uk|us|ca|au|de|fr|es|it|nl|pt|br|in|id|jp|kr|eu|ch|at"
    "|be|test|example"
)
_SIGNS = {
    ".": "dot",
    "@": "at",
    "-": "dash",
    "_": "underscore",
    "+": "plus",
    "/": "slash",
    "%": "percent",
}


def _characters(address: str) -> str:
    """Return an address as it is told on the telephone: "ada dot b nine at example dot com"."""
    parts: list[str] = re.findall(r"[^\W\d_]+|\d|[^\w\s]|_", address)
    return " ".join(digits(p) if p.isdecimal() else _SIGNS.get(p, p) for p in parts)


def _web(found: re.Match[str]) -> str:
    """Return host and path; a query is of no use to a listener."""
    path = re.split(r"[?#]", found["path"] or "")[0].rstrip("/")
    return _characters(found["host"] + path)


def _telephone(found: re.Match[str]) -> str:
    number, extension = found["number"], found["extension"]
    groups = [digits(group) for group in re.findall(r"\d+", number)]
    said = ("plus " if number.startswith("+") else "") + ", ".join(groups)
    return f"{said}, extension {digits(extension)}" if extension else said


def _groups(found: re.Match[str]) -> str:
    return ", ".join(digits(group) for group in re.findall(r"\d+", found[0]))


def _spelled(found: re.Match[str]) -> str:
    said = re.sub(r"\d", lambda digit: digits(digit[0]), found[0])
    return said.replace("-", " ")


RULES: tuple[Rule, ...] = (
    rule(r"(?<![\w.+-])[\w.+%-]*\w@(?:[a-z\d-]+\.)+[a-z]{2,}\b", lambda m: _characters(m[0])),
    rule(
        rf"(?<![\w.@-])(?P<host>(?:[a-z\d-]+\.)+(?:{_ENDINGS}))\b(?![\w@-])"
        r"(?::\d+)?(?P<path>[/?#][^\s,;!()]*[^\s,;!().?:])?/?",
        _web,
    ),
    rule(
        r"(?<![\w.+-])(?P<number>\+\d{1,3}[\s.-]?(?:\(?\d{1,5}\)?[\s.-]?){1,5}\d{2,}"
        r"|(?:1[\s.-])?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]\d{4}"
        r"|\d{3}[.-]\d{4}"
        r"|0\d{2,4}(?:[\s-]\d{2,4}){1,4})(?![\w-])"
        r"(?:,?\s?(?:x|ext\.?|extension)\s?(?P<extension>\d{1,6})\b)?",
        _telephone,
    ),
    exact(r"(?<![\w.-])\d+(?:-\d+){2,}(?![\w-])|(?<![\w.-])\d{4}(?:[ -]\d{4}){2,}(?!\w)", _groups),
    exact(r"(?<![\w.'])[A-Za-z\d](?:(?:, ?|[ -])[A-Za-z\d](?![\w'])){2,}", _spelled),
)

"""Values in the callee's words: numbers, choices, dates, addresses, or the words themselves.

A value is normal: a date is 2026-11-24, a time 16:00, a telephone number digits, whatever the
words were.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from switchhook.engine import calendar, contacts, hours
from switchhook.engine.meaning import plain, yes_or_no
from switchhook.engine.numerals import number, ordinal


class Shape(StrEnum):
    """What sort of answer a field wants."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"
    TIME = "time"
    MOMENT = "date-time"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer is read as; `today` is the callee's date."""

    shape: Shape
    today: date
    choices: tuple[Any, ...] = ()
    language: str = "en"


_PREFACE = re.compile(
    r"^(?:(?:yes|yeah|sure|okay|ok|well|um|uh|so|of course|please|oh)\b[\s,.]*)*"
    r"(?:(?:it is|it's|that is|that's|that would be|that will be|my name is|the name is|i am|i'm"
    r"|this is|i would say|i'd say|put it under|under|make it|make that|the answer is"
    r"|(?:i|we)(?:'d| would) (?:like|prefer|say|take))\b[\s,]*)?",
    re.IGNORECASE,
)


_PLACE = re.compile(r"\b(?:the )(first|second|third|fourth|fifth|last)(?: one)?\b")


def read(text: str, expected: Expected) -> Any | None:
    """Return the value in the text, or nothing when it is not clearly there."""
    return _READERS[expected.shape](text, expected)


def _number(text: str, _expected: Expected) -> float | None:
    value = number(text)
    return int(value) if value is not None and value.is_integer() else value


def _integer(text: str, expected: Expected) -> float | None:
    value = _number(text, expected)
    return value if isinstance(value, int) else None


def _boolean(text: str, expected: Expected) -> bool | None:
    return yes_or_no(text, expected.language)


def _choice(text: str, expected: Expected) -> Any | None:
    words = f" {plain(text)} "
    names = {f" {plain(str(c).replace('_', ' '))} ": c for c in expected.choices}
    named = [name for name in names if name in words]
    # "Not sure" may be a choice beside "sure": a name inside a longer one was not meant.
    meant = [n for n in named if not any(n in other for other in named if other != n)]
    if not named:
        return _by_place(words, expected.choices)
    return names[meant[0]] if len(meant) == 1 else None


def _by_place(words: str, choices: tuple[Any, ...]) -> Any | None:
    """Return "the second one", or "the last"."""
    match = _PLACE.search(words)
    if match is None or not choices:
        return None
    place = len(choices) if match[1] == "last" else ordinal(match[1]) or 0
    return choices[place - 1] if 0 < place <= len(choices) else None


def _date(text: str, expected: Expected) -> str | None:
    day = calendar.day(text, expected.today)
    return day.isoformat() if day else None


def _time(text: str, _expected: Expected) -> str | None:
    return hours.clock(text, alone=True)


def _moment(text: str, expected: Expected) -> str | None:
    day, time = _date(text, expected), hours.clock(text)
    return f"{day}T{time}" if day and time else None


def _phone(text: str, _expected: Expected) -> str | None:
    return contacts.telephone(text)


def _email(text: str, _expected: Expected) -> str | None:
    return contacts.email(text)


def _text(text: str, _expected: Expected) -> str | None:
    return _PREFACE.sub("", text.strip(), count=1).strip(" .,!") or None


_READERS: dict[Shape, Callable[[str, Expected], Any | None]] = {
    Shape.TEXT: _text,
    Shape.INTEGER: _integer,
    Shape.NUMBER: _number,
    Shape.BOOLEAN: _boolean,
    Shape.CHOICE: _choice,
    Shape.DATE: _date,
    Shape.TIME: _time,
    Shape.MOMENT: _moment,
    Shape.PHONE: _phone,
    Shape.EMAIL: _email,
}

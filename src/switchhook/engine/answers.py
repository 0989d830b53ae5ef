"""Values in the callee's words: numbers, choices, dates, times, or the words themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from switchhook.engine import calendar
from switchhook.engine.meaning import plain, yes_or_no
from switchhook.engine.numerals import number


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


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer is read as; `today` is the callee's date."""

    shape: Shape
    today: date
    choices: tuple[Any, ...] = ()
    language: str = "en"


_PREFACE = re.compile(
    r"^(?:(?:yes|yeah|sure|okay|ok|well|um|uh|so|of course)\b[\s,.]*)*"
    r"(?:(?:it is|it's|that is|that's|that would be|my name is|i am|i'm|this is|i would say|i'd say"
    r"|the answer is)\b[\s,]*)?",
    re.IGNORECASE,
)


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
    return names[meant[0]] if len(meant) == 1 else None


def _date(text: str, expected: Expected) -> str | None:
    day = calendar.day(text, expected.today)
    return day.isoformat() if day else None


def _time(text: str, _expected: Expected) -> str | None:
    return calendar.clock(text)


def _moment(text: str, expected: Expected) -> str | None:
    day, time = _date(text, expected), calendar.clock(text)
    return f"{day}T{time}" if day and time else None


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
}

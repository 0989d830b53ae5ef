"""How a value is said to somebody who is to tell whether it is right, in English.

What is easily misheard is said so that it cannot be: a day with its weekday, a telephone number
digit by digit, an e-mail address character by character.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from switchhook.engine.answers import Shape
from switchhook.engine.calendar import DAYS, MONTHS

_NOON = 12
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_GROUP = 3
_SIGNS = {".": "dot", "@": "at", "_": "underscore", "-": "dash", "+": "plus"}
_FAMILIAR = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.com"}
)


def spoken(value: Any, shape: Shape) -> str:
    """Return the value in words that can be checked by ear."""
    say = _SAID.get(shape)
    return say(str(value)) if say else str(value).replace("_", " ")


def _day(value: str) -> str:
    day = date.fromisoformat(value)
    ending = "th" if day.day in _TEENS else _ENDINGS.get(day.day % 10, "th")
    weekday, month = DAYS[day.weekday()].title(), MONTHS[day.month - 1].title()
    return f"{weekday}, {month} {day.day}{ending}"


def _time(value: str) -> str:
    hour, minute = (int(part) for part in value.split(":"))
    if minute == 0 and hour % _NOON == 0:
        return "noon" if hour else "midnight"
    half = "am" if hour < _NOON else "pm"
    hour = hour % _NOON or _NOON
    return f"{hour}:{minute:02} {half}" if minute else f"{hour} {half}"


def _moment(value: str) -> str:
    day, _, time = value.partition("T")
    return f"{_day(day)} at {_time(time)}"


def _phone(value: str) -> str:
    digits = value.lstrip("+")
    groups = [digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)]
    if len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    said = ", ".join(" ".join(group) for group in groups)
    return f"plus {said}" if value.startswith("+") else said


def _email(value: str) -> str:
    local, _, domain = value.partition("@")
    named = domain.replace(".", " dot ") if domain in _FAMILIAR else _letters(domain)
    return f"{_letters(local)} at {named}"


def _letters(text: str) -> str:
    return " ".join(_SIGNS.get(character, character.upper()) for character in text)


_SAID: dict[Shape, Callable[[str], str]] = {
    Shape.DATE: _day,
    Shape.TIME: _time,
    Shape.MOMENT: _moment,
    Shape.PHONE: _phone,
    Shape.EMAIL: _email,
}

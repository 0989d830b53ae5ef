"""Days and times as people say them, in English; a day is the next one that fits."""

from __future__ import annotations

import re
from datetime import date, timedelta

from switchhook.engine.meaning import plain
from switchhook.engine.numerals import ONES, ordinal

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SOON = {"today": 0, "tonight": 0, "tomorrow": 1}
_LONGEST_MONTH = 31
_FIRST_YEAR = 1900
_NOON = 12
_HOURS = 24
_MINUTES = 60
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_CLOCK = re.compile(
    r"\b(?:(?P<exact>\d{1,2})[:.](?P<minute>\d{2})\s*(?P<half>am|pm|a\.m|p\.m)?"
    r"|(?:at )?(?P<full>\d{1,2})\s*(?P<mark>am|pm|a\.m|p\.m|o'clock)|at (?P<at>\d{1,2}))(?!\w)"
)
_PARTS = (
    (re.compile(r"\bhalf past (\d{1,2})\b"), 0, 30),
    (re.compile(r"\bquarter past (\d{1,2})\b"), 0, 15),
    (re.compile(r"\bquarter to (\d{1,2})\b"), -1, 45),
)
_SPOKEN_MINUTES = {"fifteen": 15, "thirty": 30, "forty-five": 45, "forty five": 45}


def day(text: str, today: date) -> date | None:
    """Return the day in the text, when it names exactly one."""
    words = plain(text)
    if match := _ISO_DATE.search(words):
        return _safe(int(match[1]), int(match[2]), int(match[3]))
    if "day after tomorrow" in words:
        return today + timedelta(days=2)
    soon = [days for name, days in _SOON.items() if name in words.split()]
    if soon:
        return today + timedelta(days=soon[0])
    return _of_month(words.split(), today) or _of_week(words.split(), today)


def clock(text: str) -> str | None:
    """Return the time of day in the text as hours and minutes."""
    words = _in_digits(plain(text))
    named = {"noon": "12:00", "midnight": "00:00"}
    exact = next((value for name, value in named.items() if name in words.split()), None)
    match = _CLOCK.search(words)
    if exact or match is None:
        return exact
    hour = int(match["exact"] or match["full"] or match["at"])
    half = (match["half"] or match["mark"] or "").replace(".", "")
    if half == "pm" or re.search(r"\b(afternoon|evening|tonight)\b", words):
        hour = hour % _NOON + _NOON
    elif half == "am":
        hour %= _NOON
    minute = int(match["minute"] or 0)
    return f"{hour:02}:{minute:02}" if hour < _HOURS and minute < _MINUTES else None


def _of_month(words: list[str], today: date) -> date | None:
    months = [index for index, word in enumerate(words) if word in _MONTHS]
    if len(months) != 1:
        return None
    at = months[0]
    # "The twenty third of May": three words before the month belong to it, and all behind it.
    beside = " ".join(words[max(0, at - 3) : at] + words[at + 1 :]).replace("-", " ").split()
    numbers = [n for n in map(ordinal, beside) if n is not None]
    days = [n for n in numbers if 1 <= n <= _LONGEST_MONTH]
    years = [n for n in numbers if n > _FIRST_YEAR]
    if not days:
        return None
    month, number = _MONTHS.index(words[at]) + 1, _compound(days)
    if years:
        return _safe(years[0], month, number)
    this_year = _safe(today.year, month, number)
    return this_year if this_year and this_year >= today else _safe(today.year + 1, month, number)


def _compound(days: list[int]) -> int:
    """Return "twenty third" as one day."""
    both = len(days) > 1 and days[0] in (20, 30) and days[1] in range(1, 10)
    return days[0] + days[1] if both else days[0]


def _of_week(words: list[str], today: date) -> date | None:
    named = {_DAYS.index(word) for word in words if word in _DAYS}
    if len(named) != 1:
        return None
    return today + timedelta(days=(named.pop() - today.weekday()) % 7 or 7)


def _safe(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _in_digits(words: str) -> str:
    """Return "half past three", "three thirty" and "three pm" with digits."""
    for spoken, minutes in _SPOKEN_MINUTES.items():
        words = re.sub(rf"\b{spoken}\b", str(minutes), words)
    for spoken, value in ONES.items():
        words = re.sub(rf"\b{spoken}\b", str(value), words)
    for pattern, shift, minutes in _PARTS:
        words = pattern.sub(lambda m, s=shift, n=minutes: f"{int(m[1]) + s}:{n}", words)
    return re.sub(r"\b(\d{1,2}) (15|30|40|45)\b", r"\1:\2", words)

"""Days as people say them, in English; a day is the next one that fits."""

from __future__ import annotations

import re
from datetime import date, timedelta

from switchhook.engine.meaning import plain
from switchhook.engine.numerals import ONES, ordinal

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SOON = {"today": 0, "tonight": 0, "tomorrow": 1}
_LONGEST_MONTH = 31
_MONTHS_AHEAD = 3  # every day of a month comes within so many
_FIRST_YEAR = 1900
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SPAN = re.compile(r"\b(?:in|after) (an?|\d{1,3}|[a-z]+) (day|week)s?\b")
_FROM = re.compile(r"\b(?:a )?week (?:from|after) (?:next |this |on )?([a-z]+)\b")
_LONE = re.compile(
    r"\bthe ((?:twenty|thirty)[ -])?(\d{1,2}(?:st|nd|rd|th)?|[a-z]+(?:st|nd|rd|th))\b"
)


def day(text: str, today: date) -> date | None:
    """Return the day in the text, when it names exactly one."""
    words = plain(text)
    if match := _ISO_DATE.search(words):
        return _safe(int(match[1]), int(match[2]), int(match[3]))
    if match := _FROM.search(words):
        begin = day(match[1], today)
        return begin + timedelta(weeks=1) if begin else None
    soon = _soon(words)
    if soon is not None:
        return today + timedelta(days=soon)
    spoken = words.split()
    return _of_month(spoken, today) or _of_week(spoken, today) or _alone(words, today)


def _soon(words: str) -> int | None:
    """Return how many days lie between today and what is counted from it."""
    if "day after tomorrow" in words:
        return 2
    if match := _SPAN.search(words):
        count = _count(match[1])
        return None if count is None else count * (7 if match[2] == "week" else 1)
    return next((days for name, days in _SOON.items() if name in words.split()), None)


def _count(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return 1 if word in {"a", "an"} else ONES.get(word)


def _of_month(words: list[str], today: date) -> date | None:
    months = [index for index, word in enumerate(words) if word in MONTHS]
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
    month, number = MONTHS.index(words[at]) + 1, _compound(days)
    if years:
        return _safe(years[0], month, number)
    this_year = _safe(today.year, month, number)
    return this_year if this_year and this_year >= today else _safe(today.year + 1, month, number)


def _compound(days: list[int]) -> int:
    """Return "twenty third" as one day."""
    both = len(days) > 1 and days[0] in (20, 30) and days[1] in range(1, 10)
    return days[0] + days[1] if both else days[0]


def _of_week(words: list[str], today: date) -> date | None:
    named = {DAYS.index(word) for word in words if word in DAYS}
    if len(named) != 1:
        return None
    return today + timedelta(days=(named.pop() - today.weekday()) % 7 or 7)


def _alone(words: str, today: date) -> date | None:
    """Return "the twenty fourth": that day of this month, or of the next that has it."""
    match = _LONE.search(words)
    number = ordinal(match[2]) if match else None
    if match is None or number is None:
        return None
    number += {"twenty": 20, "thirty": 30}.get((match[1] or "").strip(" -"), 0)
    ahead = [divmod(today.month - 1 + n, 12) for n in range(_MONTHS_AHEAD)]
    days = [_safe(today.year + years, month + 1, number) for years, month in ahead]
    return next((found for found in days if found and found >= today), None)


def _safe(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None

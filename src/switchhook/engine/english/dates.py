"""Dates and times of day."""

from __future__ import annotations

import re

from switchhook.engine.english.numerals import cardinal, minutes, ordinal, year
from switchhook.engine.english.rules import Rule, exact, rule

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b(?:\.(?=,?\s+[a-z\d]))?"
)
_YEAR = r"(?P<year>1[1-9]\d\d|20\d\d)(?![\d:])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d:]|[.,]\d|\s?(?:[ap]\.?m\b|%))"
# The stop of "p.m." is also the sentence's, unless the sentence goes on.
_HALF = r"(?P<half>[ap])\.?m(?!\w)(?:(?<=\.m)\.(?=\s+(?-i:[a-z\d])|\s*[,;:)—–-]))?"  # noqa: RUF001
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NOON = 12


def _month_name(written: str) -> str:
    return next(m for m in _MONTHS if m.lower().startswith(written[:3].lower()))


def _date(month: int, day: int, in_year: str | None) -> str | None:
    """Return a date in words, or nothing where the calendar has none such."""
    if not (1 <= month <= len(_MONTHS) and 1 <= day <= _DAYS_IN_MONTH[month - 1]):
        return None
    return f"{_MONTHS[month - 1]} {ordinal(day)}{_in(in_year)}"


def _in(in_year: str | None) -> str:
    return f", {year(int(in_year))}" if in_year else ""


def _iso(found: re.Match[str]) -> str | None:
    return _date(int(found[2]), int(found[3]), found[1])


def _slashed(found: re.Match[str]) -> str | None:
    """Read the month first, as Americans write, unless only the other way is a date."""
    first, second = int(found[1]), int(found[2])
    in_year = found[3] if len(found[3]) == 4 else "20" + found[3]  # noqa: PLR2004
    return _date(first, second, in_year) or _date(second, first, in_year)


def _month_day(found: re.Match[str]) -> str:
    return f"{_month_name(found['month'])} {ordinal(int(found['day']))}{_in(found['year'])}"


def _day_month(found: re.Match[str]) -> str:
    return f"the {ordinal(int(found['day']))} of {_month_name(found['month'])}{_in(found['year'])}"


def _month_year(found: re.Match[str]) -> str:
    return f"{_month_name(found['month'])} {year(int(found['year']))}"


def _clock(found: re.Match[str]) -> str:
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        said = cardinal(hour) + (f" {minutes(minute)}" if minute else "")
        return f"{said} {half.upper()}M"
    if minute == 0:
        return _full_hour(hour)
    return f"{cardinal(hour)} {minutes(minute)}"


def _full_hour(hour: int) -> str:
    if hour == 0:
        return "midnight"
    return f"{cardinal(hour)} o'clock" if hour <= _NOON else f"{cardinal(hour)} hundred"


def _weekday(found: re.Match[str]) -> str:
    return next(day for day in _WEEKDAYS if day.lower().startswith(found[1][:3].lower()))


RULES: tuple[Rule, ...] = (
    exact(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])", _iso),
    exact(r"(?<![\w/])(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)(?![\w/])", _slashed),
    exact(rf"\b{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?", _month_day),
    exact(rf"(?<!\w)(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?", _day_month),
    exact(rf"\b{_MONTH},?\s+{_YEAR}", _month_year),
    rule(
        rf"(?<![\w:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?!:?\d)(?:\s?{_HALF})?",
        _clock,
    ),
    rule(rf"(?<![\w:.])(?P<hour>1[0-2]|0?[1-9])(?P<minute>)\s?{_HALF}", _clock),
    exact(
        r"\b(Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?"
        r"(?=,?\s+(?:\d|Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sep|Oct|Nov|Dec))",
        _weekday,
    ),
)

"""Times of day as people say them, in English: "half past three", "four thirty", "noon".

Nobody says "pm" for what can only be meant so: without it, one to seven is in the afternoon. What
was understood is read back in any case.
"""

from __future__ import annotations

import re

from switchhook.engine.meaning import plain
from switchhook.engine.numerals import in_digits

_NOON = 12
_HOURS = 24
_MINUTES = 60
_LATEST_AFTERNOON = 7
_EXACT = re.compile(r"\b(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:\s*(?P<mark>am|pm))?(?!\w)")
_FULL = re.compile(r"\b(?P<hour>\d{1,2})\s*(?P<mark>am|pm|o'clock)(?!\w)")
_AT = re.compile(r"\b(?:at|around|about|by|after|before) (?P<hour>\d{1,2})(?!\w)")
_ALONE = re.compile(r"^\D*\b(?P<hour>\d{1,2})\b\D*$")
_PARTS = (
    (re.compile(r"\bhalf(?: past)? (\d{1,2})\b"), 0, 30),
    (re.compile(r"\bquarter past (\d{1,2})\b"), 0, 15),
    (re.compile(r"\bquarter to (\d{1,2})\b"), -1, 45),
)
_PAST = re.compile(r"\b(\d{1,2}) (?:minutes )?past (\d{1,2})\b")
_TO = re.compile(r"\b(\d{1,2}) (?:minutes )?to (\d{1,2})\b")
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_LATE = re.compile(r"\b(afternoon|evening|tonight)\b|\bat night\b")
_EARLY = re.compile(r"\bmorning\b")


def clock(text: str, *, alone: bool = False) -> str | None:
    """Return the time of day in the text as hours and minutes; `alone` reads a bare "four" too."""
    words = _in_digits(plain(text))
    named = next((value for name, value in _NAMED.items() if name in words.split()), None)
    if named:
        return named
    patterns = (_EXACT, _FULL, _AT, _ALONE) if alone else (_EXACT, _FULL, _AT)
    found = (pattern.search(words) for pattern in patterns)
    match = next((match for match in found if match), None)
    if match is None:
        return None
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    hour = _meant(hour, parts.get("mark") or "", words)
    return f"{hour:02}:{minute:02}" if hour < _HOURS and minute < _MINUTES else None


def _meant(hour: int, mark: str, words: str) -> int:
    if mark == "pm" or _LATE.search(words):
        return hour % _NOON + _NOON
    if mark == "am" or _EARLY.search(words):
        return hour % _NOON
    return hour + _NOON if 1 <= hour <= _LATEST_AFTERNOON else hour


def _in_digits(words: str) -> str:
    """Return "half past three", "three thirty" and "three pm" with digits."""
    words = re.sub(r"\b([ap])[. ]m\b\.?", r"\1m", words)
    words = in_digits(words)
    words = re.sub(r"\b(\d{1,2}) hundred(?: hours)?\b", r"\1:00", words)
    words = re.sub(r"\b(\d{1,2}) (?:oh|o) (\d)\b", r"\1:0\2", words)
    for pattern, shift, minutes in _PARTS:
        words = pattern.sub(lambda m, s=shift, n=minutes: f"{(int(m[1]) + s) or _NOON}:{n}", words)
    words = _PAST.sub(lambda m: f"{m[2]}:{int(m[1]):02}", words)
    words = _TO.sub(lambda m: f"{int(m[2]) - 1 or _NOON}:{_MINUTES - int(m[1]):02}", words)
    return re.sub(r"\b(\d{1,2}) ([1-5]\d)\b", r"\1:\2", words)

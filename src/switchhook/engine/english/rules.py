"""A rule of reading aloud: what it looks for, and what is said instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"


@dataclass(frozen=True)
class Rule:
    """A pattern, and a reading that may decline what the pattern found."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], str | None]


def rule(pattern: str, read: Callable[[re.Match[str]], str | None]) -> Rule:
    """Return a rule whose pattern ignores case."""
    return Rule(re.compile(pattern, re.IGNORECASE), read)


def exact(pattern: str, read: Callable[[re.Match[str]], str | None]) -> Rule:
    """Return a rule whose pattern minds case."""
    return Rule(re.compile(pattern), read)

"""What a call achieved, apart from how it ended."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from switchhook.domain.values import Frozen


class Verdict(StrEnum):
    """Whether the task was done."""

    ACHIEVED = "achieved"
    PARTIAL = "partial"
    NOT_ACHIEVED = "not_achieved"
    UNKNOWN = "unknown"


class Evidence(Frozen):
    """The words that prove a field: which line of the transcript, and what was said."""

    line: int
    quote: str


class FieldResult(Frozen):
    """One answer; without a value the agent abstains."""

    value: Any = None
    known: bool = False
    confirmed: bool = False
    evidence: Evidence | None = None


class Outcome(Frozen):
    """The verdict, a sentence about it, and what was learned."""

    verdict: Verdict = Verdict.UNKNOWN
    summary: str = ""
    fields: dict[str, FieldResult] = {}

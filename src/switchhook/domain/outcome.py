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


def completed(told: Outcome | None, judged: Outcome) -> Outcome:
    """Return what was found out in a call, its gaps filled with what was judged afterwards.

    What the callee confirmed, or demonstrably said, stands; so does a verdict that was given,
    unless it was that something is missing and nothing is any more.
    """
    if told is None:
        return judged
    fields = judged.fields | {
        name: _surer(field, judged.fields.get(name)) for name, field in told.fields.items()
    }
    complete = all(field.known for field in fields.values())
    undecided = told.verdict is Verdict.UNKNOWN or (told.verdict is Verdict.PARTIAL and complete)
    later = undecided and judged.verdict is not Verdict.UNKNOWN
    return Outcome(
        verdict=judged.verdict if later else told.verdict,
        summary=judged.summary or told.summary,
        fields=fields,
    )


def _surer(told: FieldResult, judged: FieldResult | None) -> FieldResult:
    proven = told.known and (told.confirmed or told.evidence is not None)
    return told if proven or judged is None or not judged.known else judged

"""What came of the call, told from the form alone."""

from __future__ import annotations

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import FieldResult, Outcome, Verdict
from switchhook.engine.acting import Notes
from switchhook.engine.form import Blank
from switchhook.engine.interview import Interview
from switchhook.engine.meaning import Wish

CALL_BACK = "call_back"
"""The field that says when the callee wants to be called instead."""

_REMARKS = {
    Wish.STOP_CALLING: "The callee asked not to be called again.",
    Wish.VOICEMAIL: "A voicemail answered.",
    Wish.WRONG_NUMBER: "It was the wrong number.",
    Wish.LATER: "The callee asked to be called back.",
}


def of_interview(interview: Interview, reason: Reason | None = None) -> Outcome:
    """Return the verdict and every field; one that nobody answered abstains."""
    fields = {b.name: interview.results.get(b.name, FieldResult()) for b in interview.form}
    remark = next((_REMARKS[w] for w in reversed(interview.wishes) if w in _REMARKS), "")
    if reason is Reason.DIAL_FAILED:
        remark = "The number could not be reached."
    verdict = _verdict(interview.form, fields)
    if interview.call_back is not None:
        remark = f"The callee asked to be called back: {interview.call_back.value}."
    if remark and verdict is Verdict.UNKNOWN:
        verdict = Verdict.NOT_ACHIEVED
    known = [f"{name.replace('_', ' ')}: {_told(f)}" for name, f in fields.items() if f.known]
    counted = f"{len(known)} of {len(fields)} answers are known"
    summary = f"{remark} {counted}{' (' + '; '.join(known) + ')' if known else ''}.".strip()
    if interview.call_back is not None:
        fields[CALL_BACK] = interview.call_back
    return Outcome(verdict=verdict, summary=summary, fields=fields)


def of_assistant(turns: int) -> Outcome:
    """Return the outcome of a call whose mind was the assistant: it knows best itself."""
    summary = f"The assistant led the conversation; the callee spoke {turns} times."
    return Outcome(verdict=Verdict.UNKNOWN, summary=summary)


def of_mind(notes: Notes) -> Outcome:
    """Return what the mind wrote down, and what it says came of the call."""
    fields = {name: notes.taken.get(name, FieldResult()) for name in notes.fields}
    known = [f"{name.replace('_', ' ')}: {_told(f)}" for name, f in fields.items() if f.known]
    counted = f"{len(known)} of {len(fields)} answers are known"
    summary = f"{counted}{' (' + '; '.join(known) + ')' if known else ''}." if fields else ""
    said = notes.farewell
    return Outcome(verdict=said.verdict, summary=f"{said.summary} {summary}".strip(), fields=fields)


def _verdict(form: tuple[Blank, ...], fields: dict[str, FieldResult]) -> Verdict:
    agreed = fields.get("agreed")
    if agreed and agreed.known and agreed.value is False:
        return Verdict.NOT_ACHIEVED
    wanted = [fields[blank.name] for blank in form if blank.required]
    if all(f.known and f.confirmed for f in wanted):
        return Verdict.ACHIEVED
    return Verdict.PARTIAL if any(f.known for f in fields.values()) else Verdict.UNKNOWN


def _told(field: FieldResult) -> str:
    return "none" if field.value == "" else str(field.value)

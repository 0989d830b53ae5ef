"""How the record of a call grows: what an entry changes, and the facts that tell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from switchhook.domain.analysis import Analysis, AnalysisStatus
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import (
    STAGE_MOVES,
    TERMINAL,
    Reason,
    Stage,
    State,
    final_state,
    may_move,
)
from switchhook.domain.outcome import completed
from switchhook.ports import Entry

_TEXTS: dict[State, str] = {
    State.SCHEDULED: "Call scheduled",
    State.REGISTERED: "Call registered",
    State.QUEUED: "Call queued",
    State.DIALING: "Dialling",
    State.RINGING: "The telephone rings",
    State.IN_PROGRESS: "Call answered",
    State.ENDING: "Saying goodbye",
    State.ENDED: "Call ended",
    State.NOT_CONNECTED: "Call did not connect",
    State.ERROR: "Call failed",
}
_ANALYSED: dict[AnalysisStatus, str] = {
    AnalysisStatus.PENDING: "Call being analysed",
    AnalysisStatus.DONE: "Call analysed",
    AnalysisStatus.FAILED: "Call could not be analysed",
    AnalysisStatus.SKIPPED: "Call not analysed",
}
_UNEXPLAINED: dict[State, Reason] = {
    State.ENDED: Reason.AGENT_HANGUP,
    State.NOT_CONNECTED: Reason.DIAL_FAILED,
    State.ERROR: Reason.ERROR_INTERNAL,
}


@dataclass(frozen=True, slots=True)
class Step:
    """The call after an entry, and all facts to be appended, in order."""

    call: Interaction
    facts: tuple[Fact, ...]


def advance(call: Interaction, entry: Entry, *, now: datetime) -> Step:
    """Return the call after the entry; a step against the lifecycle is only noted."""
    changes: dict[str, Any] = {"updated_at": now} | _findings(call, entry)
    if entry.stage is not None and entry.stage in STAGE_MOVES[call.stage]:
        changes["stage"] = entry.stage
    facts = [*entry.facts, *_told(entry, changes)]
    if entry.state is not None:
        reason = entry.reason or _UNEXPLAINED.get(entry.state)
        if _allowed(call.state, entry.state, reason):
            changes |= _moved(call, entry.state, reason, now)
            _place(facts, entry.state, reason)
        else:
            facts = [fact for fact in facts if not _tells(fact, entry.state)]
            facts.append(_refused(call.state, entry.state, entry.reason))
    return Step(call.model_copy(update=changes), tuple(facts))


def state_fact(state: State, reason: Reason | None = None, text: str | None = None) -> Fact:
    """Return the fact that tells of a new state."""
    data: dict[str, Any] = {"state": state.value}
    if state in TERMINAL and reason:
        data["reason"] = reason.value
    why = f": {reason.value.replace('_', ' ')}" if "reason" in data and reason else ""
    return Fact(kind=Kind.STATE, text=text or f"{_TEXTS[state]}{why}", data=data)


def _allowed(now: State, then: State, reason: Reason | None) -> bool:
    if then in TERMINAL and (reason is None or final_state(now, reason) is not then):
        return False
    return may_move(now, then)


def _moved(call: Interaction, state: State, reason: Reason | None, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": state}
    if state is State.DIALING:
        changes["started_at"] = now
    if state is State.IN_PROGRESS:
        changes |= {"answered_at": now, "stage": Stage.PICKED_UP}
        changes |= {} if call.started_at else {"started_at": now}
    if state in TERMINAL:
        changes |= {"ended_at": now, "reason": reason, "open_question": None}
    return changes


def _findings(call: Interaction, entry: Entry) -> dict[str, Any]:
    """Return what was learned; after the end a late finding only fills what was still missing."""
    found: dict[str, Any] = {
        "outcome": entry.outcome,
        "recording": entry.recording,
        "latency": entry.latency,
    }
    changes = {
        name: value
        for name, value in found.items()
        if value is not None and not (call.terminal and getattr(call, name) is not None)
    }
    if entry.judged is not None:
        changes["outcome"] = completed(call.outcome, entry.judged)
    if entry.analysis is not None:
        changes["analysis"] = entry.analysis
    if entry.carrier_ref is not None and call.carrier_ref is None:
        # What has a name at the carrier was dialled.
        changes |= {"carrier_ref": entry.carrier_ref, "outcome_unknown": False}
    if entry.in_doubt is not None:
        changes["outcome_unknown"] = entry.in_doubt
    if entry.question_closed:
        changes["open_question"] = None
    if entry.open_question is not None and not call.terminal:
        changes["open_question"] = entry.open_question
    return changes


def _told(entry: Entry, changes: dict[str, Any]) -> list[Fact]:
    """Facts for findings that the entry did not tell of itself."""
    tellers: dict[str, tuple[Kind, Callable[[Any], Fact]]] = {
        "outcome": (Kind.OUTCOME, _outcome_fact),
        "analysis": (Kind.ANALYSIS, _analysis_fact),
        "recording": (Kind.RECORDING, _recording_fact),
        "latency": (Kind.LATENCY, _latency_fact),
    }
    told = {fact.kind for fact in entry.facts}
    return [
        tell(changes[name])
        for name, (kind, tell) in tellers.items()
        if name in changes and kind not in told
    ]


def _outcome_fact(outcome: Any) -> Fact:
    text = outcome.summary or f"Outcome: {outcome.verdict.value}"
    return Fact(kind=Kind.OUTCOME, text=text, data=outcome.model_dump(mode="json"))


def _analysis_fact(analysis: Analysis) -> Fact:
    why = f": {analysis.problem}" if analysis.problem else ""
    text = f"{_ANALYSED[analysis.status]}{why}"
    return Fact(kind=Kind.ANALYSIS, text=text, data=analysis.model_dump(mode="json"))


def _recording_fact(recording: Any) -> Fact:
    data = {"seconds": recording.seconds, "bytes": recording.bytes}
    return Fact(kind=Kind.RECORDING, text="Recording ready", data=data)


def _latency_fact(latency: dict[str, Any]) -> Fact:
    return Fact(kind=Kind.LATENCY, text="Latency measured", data=latency)


def _place(facts: list[Fact], state: State, reason: Reason | None) -> None:
    """Tell of a new state before what happens in it, and of the end after everything else."""
    if any(_tells(fact, state) for fact in facts):
        return
    if state in TERMINAL:
        facts.append(state_fact(state, reason))
    else:
        facts.insert(0, state_fact(state))


def _tells(fact: Fact, state: State) -> bool:
    return fact.kind is Kind.STATE and fact.data.get("state") == state.value


def _refused(now: State, then: State, reason: Reason | None) -> Fact:
    data = {"state": then.value, "reason": reason.value if reason else None}
    text = f"A report of {then.value!r} came too late and changed nothing (the call is {now.value})"
    return Fact(kind=Kind.NOTE, text=text, data=data)

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.agent import AgentSnapshot, AgentSpec
from switchhook.domain.analysis import Analysis, AnalysisStatus
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.outcome import Evidence, FieldResult, Outcome, Verdict, completed
from switchhook.testing.virtual import EPOCH

SAID = Evidence(line=1, quote="seven")
TOLD = FieldResult(value=7, known=True, evidence=SAID)
JUDGED = FieldResult(value=8, known=True, evidence=Evidence(line=3, quote="eight"))
UNKNOWN = FieldResult()


def outcome(verdict: Verdict = Verdict.UNKNOWN, summary: str = "", **fields: Any) -> Outcome:
    return Outcome(verdict=verdict, summary=summary, fields=fields)


@pytest.mark.parametrize(
    ("told", "judged", "field"),
    [
        (TOLD, JUDGED, TOLD),
        (FieldResult(value=7, known=True, confirmed=True), JUDGED, None),
        (FieldResult(value=7, known=True), JUDGED, JUDGED),  # nobody proved it
        (FieldResult(value=7, known=True), UNKNOWN, None),
        (UNKNOWN, JUDGED, JUDGED),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_what_was_proven_in_the_call_stands_and_gaps_are_filled(
    told: FieldResult, judged: FieldResult, field: FieldResult | None
) -> None:
    whole = completed(outcome(guests=told), outcome(guests=judged))

    assert whole.fields == {"guests": field or told}


def test_fields_that_only_one_of_both_knows_are_kept() -> None:
    whole = completed(outcome(call_back=TOLD), outcome(guests=JUDGED))

    assert whole.fields == {"call_back": TOLD, "guests": JUDGED}


@pytest.mark.parametrize(
    ("told", "judged", "verdict"),
    [
        (outcome(Verdict.NOT_ACHIEVED), outcome(Verdict.ACHIEVED), Verdict.NOT_ACHIEVED),
        (outcome(), outcome(Verdict.ACHIEVED), Verdict.ACHIEVED),
        (outcome(Verdict.PARTIAL), outcome(), Verdict.PARTIAL),
        (
            outcome(Verdict.PARTIAL, guests=UNKNOWN),
            outcome(Verdict.ACHIEVED, guests=JUDGED),
            Verdict.ACHIEVED,
        ),
        (
            outcome(Verdict.PARTIAL, guests=UNKNOWN),
            outcome(Verdict.ACHIEVED, guests=UNKNOWN),
            Verdict.PARTIAL,
        ),
    ],
)
def test_a_verdict_stands_unless_it_missed_what_is_known_now(
    told: Outcome, judged: Outcome, verdict: Verdict
) -> None:
    assert completed(told, judged).verdict is verdict


def test_the_summary_of_the_one_who_read_everything_is_the_better_one() -> None:
    assert completed(outcome(summary="2 of 3"), outcome(summary="It is on.")).summary == "It is on."
    assert completed(outcome(summary="2 of 3"), outcome()).summary == "2 of 3"
    assert completed(None, outcome(summary="It is on.")).summary == "It is on."


@pytest.mark.parametrize(
    ("state", "status", "settled"),
    [
        (State.IN_PROGRESS, None, False),
        (State.ENDED, None, True),
        (State.ENDED, AnalysisStatus.PENDING, False),
        (State.ENDED, AnalysisStatus.FAILED, True),
    ],
)
def test_a_call_is_settled_when_nothing_about_it_is_waited_for(
    state: State, status: AnalysisStatus | None, *, settled: bool
) -> None:
    call = Interaction(
        id="call_1",
        org_id="org_1",
        state=state,
        agent=AgentSnapshot(spec=AgentSpec()),
        analysis=Analysis(status=status) if status else None,
        created_at=EPOCH,
        updated_at=EPOCH,
    )

    assert call.settled is settled

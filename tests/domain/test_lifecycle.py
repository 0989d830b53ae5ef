"""The lifecycle is the table of the contract, in every column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain import lifecycle
from switchhook.domain.agent import AgentSnapshot, AgentSpec
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason, Stage, State

CONTRACT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "contracts" / "lifecycle.yaml").read_text()
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def interaction(**changes: Any) -> Interaction:
    plain = {
        "id": "call_1",
        "org_id": "org_1",
        "agent": AgentSnapshot(spec=AgentSpec()),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Interaction.model_validate(plain | changes)


def test_the_states_are_those_of_the_contract() -> None:
    assert [state.value for state in State] == CONTRACT["states"]
    assert set(CONTRACT["terminal"]) == lifecycle.TERMINAL
    assert CONTRACT["rank"] == lifecycle.RANK


def test_the_moves_are_those_of_the_contract() -> None:
    assert CONTRACT["transitions"] == {
        state.value: [then.value for then in moves] for state, moves in lifecycle.MOVES.items()
    }


def test_the_stages_are_those_of_the_contract() -> None:
    stage = CONTRACT["stage"]
    assert [value.value for value in Stage] == stage["values"]
    assert {now: list(moves) for now, moves in lifecycle.STAGE_MOVES.items()} == stage[
        "transitions"
    ]
    assert {now: list(stages) for now, stages in lifecycle.STAGES.items()} == stage["by_state"]
    assert {now: list(ends) for now, ends in lifecycle.OUTCOMES.items()} == stage[
        "outcome_by_stage"
    ]


@pytest.mark.parametrize(
    ("now", "reason", "then"),
    [
        (State.RINGING, Reason.DIAL_FAILED, State.NOT_CONNECTED),
        (State.IN_PROGRESS, Reason.DIAL_FAILED, State.ENDED),
        (State.ENDING, Reason.DIAL_FAILED, State.ENDED),
        (State.ENDING, Reason.ERROR_TTS, State.ERROR),
        (State.IN_PROGRESS, Reason.USER_HANGUP, State.ENDED),
    ],
)
def test_a_call_that_the_network_answered_ends_as_one_that_was_connected(
    now: State, reason: Reason, then: State
) -> None:
    assert lifecycle.final_state(now, reason) is then
    assert lifecycle.may_move(now, then)


def test_the_network_that_answered_in_a_number_s_place_is_a_failure() -> None:
    assert lifecycle.assistant_status(State.ENDED, Reason.DIAL_FAILED) == "failed"


def test_the_reasons_are_those_of_the_contract() -> None:
    assert {
        reason.value: {
            "state": ending.state,
            "outcome": ending.outcome,
            "dr": ending.disconnection,
            "elemente": ending.elemente,
            "fv": ending.fluents,
        }
        for reason, ending in lifecycle.ENDINGS.items()
    } == CONTRACT["reasons"]
    assert set(Reason) == set(lifecycle.ENDINGS)


def test_the_projections_are_those_of_the_contract() -> None:
    projection = CONTRACT["projection"]
    assert projection["fv"] == lifecycle.FLUENTS_STATUS
    assert projection["calls"] == lifecycle.CALLS_STATUS
    assert projection["elemente"] == lifecycle.ELEMENTE_STATUS


def test_every_move_goes_up_in_rank() -> None:
    for now, moves in lifecycle.MOVES.items():
        for then in moves:
            assert lifecycle.RANK[then] > lifecycle.RANK[now]


@given(st.lists(st.sampled_from(State), max_size=40))
def test_no_order_of_reports_leaves_a_terminal_state_or_goes_back(reports: list[State]) -> None:
    state = State.REGISTERED
    for report in reports:
        if lifecycle.may_move(state, report):
            assert state not in lifecycle.TERMINAL
            assert lifecycle.RANK[report] > lifecycle.RANK[state]
            state = report


@given(st.sampled_from(Stage), st.sampled_from(Reason))
def test_a_stage_only_ends_as_it_can(stage: Stage, reason: Reason) -> None:
    outcome = lifecycle.stage_outcome(stage, reason)
    assert outcome is None or outcome in lifecycle.OUTCOMES[stage]


@pytest.mark.parametrize(
    ("state", "reason", "word"),
    [
        (State.SCHEDULED, None, "registered"),
        (State.QUEUED, None, "queued"),
        (State.DIALING, None, "ringing"),
        (State.ENDING, None, "in_progress"),
        (State.ENDED, Reason.USER_HANGUP, "ended"),
        (State.ENDED, Reason.VOICEMAIL_LEFT, "voicemail"),
        (State.NOT_CONNECTED, Reason.BUSY, "busy"),
        (State.NOT_CONNECTED, Reason.DECLINED, "no_answer"),
        (State.NOT_CONNECTED, Reason.CANCELED, "canceled"),
        (State.NOT_CONNECTED, Reason.DIAL_FAILED, "failed"),
        (State.ERROR, Reason.ERROR_INTERNAL, "failed"),
        (State.ERROR, None, "failed"),
    ],
)
def test_an_assistant_reads_one_word(state: State, reason: Reason | None, word: str) -> None:
    assert interaction(state=state, reason=reason).status == word


def test_a_dial_with_an_unknown_outcome_says_so() -> None:
    assert interaction(state=State.DIALING, outcome_unknown=True).status == "outcome_unknown"
    ended = interaction(state=State.ERROR, reason=Reason.ERROR_INTERNAL, outcome_unknown=True)
    assert ended.status == "failed"


def test_a_call_has_a_stage_outcome_once_it_is_over() -> None:
    assert interaction(state=State.RINGING).stage_outcome is None
    failed = interaction(state=State.ERROR, reason=Reason.ERROR_ASR)
    assert failed.stage_outcome == "call_did_not_connect"
    talked = interaction(state=State.ENDED, reason=Reason.USER_HANGUP, stage=Stage.PICKED_UP)
    assert (talked.terminal, talked.stage_outcome) == (True, "human_disconnected")


def test_a_call_lasts_from_its_answer_to_its_end() -> None:
    later = NOON + timedelta(seconds=90)
    assert interaction(ended_at=later).duration_seconds is None
    assert interaction(answered_at=NOON).duration_seconds is None
    assert interaction(answered_at=NOON, ended_at=later).duration_seconds == 90


def test_an_account_knows_its_call_by_its_own_id() -> None:
    assert interaction().public_id == "call_1"
    assert interaction(external_id="order-7").public_id == "order-7"

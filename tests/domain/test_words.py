"""Variables, transcripts, ids, and the words of failures."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from switchhook.domain import errors, ids, templating
from switchhook.domain.actions import EndCall, TransferCall
from switchhook.domain.agent import AgentSpec
from switchhook.domain.happenings import Fact, Happening, Kind
from switchhook.domain.outcome import Evidence, FieldResult, Outcome, Verdict
from switchhook.domain.search import AgentFilter, CallFilter
from switchhook.domain.transcript import Line, Word, as_text, lines


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hello {{name}}", "Hello Ann"),
        ("Hello {{ name }}", "Hello Ann"),
        ("Hello ${name}", "Hello Ann"),
        ("Hello {name}", "Hello Ann"),
        ("{{Order ID}} {{order_id}} ${ORDER_ID} {order_id}", "7 7 7 7"),
        ("{{unknown}} ${unknown} {unknown}", "{{unknown}} ${unknown} {unknown}"),
        ('{"name": {name}}', '{"name": Ann}'),
        ('{"key": 1}', '{"key": 1}'),
        ("{{empty}}!", "!"),
        ("{{trick}}", "{{name}}"),
        ("{{}} ${} {}", "{{}} ${} {}"),
        ("{{NAME}}", "Ann"),
        ("{{exact}} {{Exact}}", "lower upper"),
    ],
)
def test_variables_are_filled_in_once(template: str, text: str) -> None:
    variables = {
        "name": "Ann", "Order ID": "7", "empty": "", "trick": "{{name}}",
        "exact": "lower", "Exact": "upper",
    }  # fmt: skip
    assert templating.render(template, variables) == text


def test_missing_variables_are_named_once_and_in_order() -> None:
    template = "${day} {{First Name}} {json} {{day}} {{city}}"
    assert templating.missing(template, {"City": "Rome"}) == ["day", "First Name"]


@pytest.mark.parametrize(
    ("value", "text"), [(150.75, "150.75"), (True, "true"), (False, "false"), (None, ""), (3, "3")]
)
def test_values_are_written_as_they_are_spoken(value: object, text: str) -> None:
    assert templating.stringified(value) == text


def test_a_transcript_survives_the_log() -> None:
    words = (Word(text="Good", start_ms=0, end_ms=200),)
    said = [
        Line(speaker="agent", text="Good mor", end_ms=300, interrupted=True, words=words),
        Line(speaker="callee", text="Who is this?", start_ms=300, end_ms=900),
    ]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    facts = [*(line.fact() for line in said), Fact(kind=Kind.NOTE, text="x")]
    log = [
        Happening(call_id="c", seq=seq, at=now, **fact.model_dump())
        for seq, fact in enumerate(facts, 1)
    ]
    assert lines(log) == said
    assert log[1].session_ms == 300
    assert as_text(said) == "Agent: Good mor -\nUser: Who is this?"


def test_an_outcome_shows_its_evidence() -> None:
    field = FieldResult(value=9, known=True, evidence=Evidence(line=1, quote="at nine"))
    outcome = Outcome(verdict=Verdict.PARTIAL, fields={"hour": field})
    assert Outcome.model_validate_json(outcome.model_dump_json()) == outcome


def test_ids_and_secrets_cannot_be_guessed() -> None:
    assert ids.new("call").startswith("call_")
    assert ids.new("call") != ids.new("call")
    assert len(ids.secret("cs")) == len("cs_") + 43


def test_values_never_change_and_know_their_members() -> None:
    with pytest.raises(ValidationError):
        AgentSpec.model_validate({"nmae": "typo"})
    with pytest.raises(ValidationError):
        Line(speaker="agent", text="x").text = "y"  # pyright: ignore[reportAttributeAccessIssue] - it must not be assignable


def test_actions_are_told_apart_by_their_type() -> None:
    spec = AgentSpec.model_validate(
        {"actions": [{"type": "end_call"}, {"type": "transfer_call", "phone_number": "+1555"}]}
    )
    assert spec.actions == (EndCall(), TransferCall(phone_number="+1555"))


def test_filters_page_within_bounds() -> None:
    assert (CallFilter().limit, AgentFilter().sort_by) == (20, "updated_at")
    with pytest.raises(ValidationError):
        CallFilter(limit=101)


FAILURES: list[errors.SwitchhookError] = [
    errors.InvalidInput("a", field="b", hint="c"),
    errors.CallNotFound("call_1"),
    errors.AgentNotFound("desk"),
    errors.NumberNotFound("desk"),
    errors.NumberTaken("+15550100123"),
    errors.ConfirmationRequired("a", token="t", hint="c"),
    errors.DialRefused("region", "a", hint="c"),
    errors.LimitReached("calls_per_day", "a", hint="c", retry_after=3),
    errors.Unavailable("a", hint="c"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_every_failure_tells_the_same_facts(failure: errors.SwitchhookError) -> None:
    assert {"code", "message", "field", "hint", "retry_safe", "next_action"} <= set(failure.facts())
    assert failure.facts()["hint"]
    assert str(failure) == failure.message


def test_every_failure_has_a_code_of_its_own() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.SwitchhookError) and not issubclass(kind, errors.DialRefused)
    ]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(400 <= kind.status < 600 for kind in kinds)


def test_a_long_id_is_not_echoed_whole() -> None:
    assert len(errors.CallNotFound("x" * 5000).message) < 200

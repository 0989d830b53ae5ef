"""What single events of the two streams mean."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.ports import Action, Delta, Done
from switchhook.providers.openai.chat import Completion
from switchhook.providers.openai.responses import read
from switchhook.providers.openai.trouble import Kind, failure

CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
LIMITED = {"usage": {"input_tokens": 3}, "incomplete_details": {"reason": "max_output_tokens"}}


@pytest.mark.parametrize(
    ("event", "meaning"),
    [
        ({"type": "response.output_text.delta", "delta": "Hi"}, Delta("Hi")),
        ({"type": "response.refusal.delta", "delta": "No"}, Delta("No")),
        ({"type": "response.output_item.done", "item": CALL}, Action("c", "f", "{}")),
        ({"type": "response.incomplete", "response": LIMITED}, Done(3, 0)),
        ({"type": "response.completed", "response": {"usage": None}}, Done()),
        ({"type": "response.output_item.done", "item": {"type": "message"}}, None),
        ({"type": "response.output_text.delta"}, None),
        ({"type": "invented.yesterday"}, None),
        ({}, None),
    ],
)
def test_an_event_of_a_response_means_one_thing(event: dict[str, Any], meaning: Any) -> None:
    assert list(read(event)) == ([meaning] if meaning else [])


FILTERED = {"incomplete_details": {"reason": "content_filter"}}


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"type": "response.incomplete", "response": FILTERED}, Unavailable),
        ({"type": "response.failed", "response": {"error": None}}, Unavailable),
        (
            {"type": "response.failed", "response": {"error": {"code": "invalid_prompt"}}},
            Misconfigured,
        ),
        ({"type": "error", "code": "server_error", "message": "sorry"}, Unavailable),
        ({"type": "error", "error": {"code": "model_not_found"}}, Misconfigured),
    ],
)
def test_an_event_may_be_the_end(event: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        list(read(event))


def delta(**members: Any) -> dict[str, Any]:
    return {"choices": [{"delta": members, "finish_reason": None}]}


def piece(name: str | None, arguments: Any, **members: Any) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments} if name else {"arguments": arguments}
    return delta(tool_calls=[{**members, "function": function}])


@pytest.mark.parametrize(
    ("chunks", "calls"),
    [
        ([piece("f", "", id="a"), piece(None, '{"n"'), piece(None, ": 1}")], [("a", '{"n": 1}')]),
        ([piece("f", {"n": 1}, id="a")], [("a", '{"n": 1}')]),
        ([piece("f", "{}"), piece("f", "{}")], [("x_0", "{}"), ("x_1", "{}")]),
        ([piece("f", "{", id="a"), piece("f", "}", id="a")], [("a", "{}")]),
        ([piece("f", None, id="a", index=None)], [("a", "")]),
        (
            [
                piece("f", "1", id="a", index=0),
                piece("f", "2", id="b", index=1),
                piece(None, "3", index=0),
            ],
            [("a", "13"), ("b", "2")],
        ),
    ],
)
def test_calls_are_put_together_in_every_manner(
    chunks: list[dict[str, Any]], calls: list[tuple[str, str]]
) -> None:
    completion = Completion("x")
    for chunk in chunks:
        completion.feed(chunk)

    assert [(a.call_id, a.arguments) for a in completion.actions()] == calls


def test_what_a_model_thinks_aloud_is_not_said() -> None:
    completion = Completion("x")

    assert completion.feed(delta(reasoning_content="Hmm.", content="Hi")) == ["Hi"]
    assert completion.feed(delta(content=None)) == []
    assert completion.feed({"choices": None}) == []


def test_a_completion_that_was_filtered_is_a_failure() -> None:
    with pytest.raises(Unavailable):
        Completion("x").feed({"choices": [{"delta": {}, "finish_reason": "content_filter"}]})


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        ({"code": "rate_limit_exceeded"}, 429, Kind.BUSY),
        ({"code": "insufficient_quota"}, 429, Kind.WRONG),
        ({}, 429, Kind.BUSY),
        (None, 503, Kind.PASSING),
        (None, 408, Kind.PASSING),
        (None, 404, Kind.WRONG),
        ("model not found", 404, Kind.WRONG),
        ({"type": "invalid_request_error"}, None, Kind.WRONG),
        ({"code": "new_trouble", "type": "invalid_request_error"}, None, Kind.WRONG),
        ({"code": "new_trouble", "type": "server_error"}, None, Kind.PASSING),
        (7, None, Kind.PASSING),
    ],
)
def test_errors_are_told_apart_by_what_helps(error: Any, status: int | None, kind: Kind) -> None:
    assert failure(error, status).kind is kind


def test_a_long_complaint_is_cut() -> None:
    assert len(failure({"message": "x" * 5000}).detail) <= 300

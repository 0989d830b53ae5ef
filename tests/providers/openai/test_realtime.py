"""The conversation codec, without a socket; S-numbers are those of the failure scenarios."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.providers.openai.conversing import (
    Audio,
    Called,
    Done,
    Failed,
    Played,
    Text,
)
from switchhook.providers.openai.trouble import Kind
from tests.providers.openai.vendor import Vendor


def cuts(vendor: Vendor) -> list[tuple[Any, ...]]:
    """What of the items is cut or deleted, in order."""
    return [
        (m["item_id"], m.get("audio_end_ms", "deleted"))
        for m in vendor.said()
        if m["type"] in ("conversation.item.truncate", "conversation.item.delete")
    ]


# ---- what was heard -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_bytes", "heard_ms", "cut"),
    [
        (29_600, 3760, 3700),  # S04: never more than was received ...
        (29_607, 3760, 3700),  # ... in whole milliseconds
        (29_600, 1480, 1480),
        (29_600, 1, 1),
        (29_600, 0, "deleted"),  # S06: nothing was heard
        (29_600, -20, "deleted"),
    ],
)
def test_an_item_in_the_making_is_cut_where_it_was_heard(
    received_bytes: int, heard_ms: int, cut: object
) -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    vendor.audio("r1", "a1", received_bytes)

    vendor.codec.cut(Played("a1", heard_ms, "Hello"))

    assert cuts(vendor) == [("a1", cut)]


@pytest.mark.parametrize("heard_ms", [1000, 1020, 5000])
def test_what_was_heard_to_its_end_is_never_cut(heard_ms: int) -> None:
    """S07."""
    vendor = Vendor()
    vendor.answers("r1", "a1", 8000)

    vendor.codec.cut(Played("a1", heard_ms, "Hello"))

    assert vendor.said() == []


def test_an_item_counts_its_own_audio_only() -> None:
    """S05."""
    vendor = Vendor()
    vendor.answers("r1", "a1", 80_000)
    vendor.begins("r2")
    vendor.item("r2", "a2")
    vendor.audio("r2", "a2", 8000)

    assert vendor.audio("r2", "a2", 1600) == [Audio(0, "a2", b"\x55" * 1600)]
    vendor.codec.cut(Played("a2", 9000, "Hello"))
    assert cuts(vendor) == [("a2", 1200)]


def test_of_several_items_each_is_cut_for_itself() -> None:
    """S11."""
    vendor = Vendor()
    vendor.begins("r1")
    for item in ("a1", "a2", "a3"):
        vendor.item("r1", item)
        vendor.audio("r1", item, 8000)
        vendor.ends_item("r1", item)
    vendor.ends("r1")

    for played in (Played("a1", 1000), Played("a2", 400, "In"), Played("a3", 0)):
        vendor.codec.cut(played)

    assert cuts(vendor) == [("a2", 400), ("a3", "deleted")]


def test_what_nobody_has_heard_of_is_forgotten_too() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    vendor.audio("r1", "a1", 8000)
    vendor.item("r1", "a2")

    vendor.codec.cut(Played("a1", 400, "In"))
    assert cuts(vendor) == [("a2", "deleted"), ("a1", 400)]

    vendor.item("r1", "a3")
    assert cuts(vendor) == [("a3", "deleted")]


def test_an_item_is_cut_once() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    vendor.audio("r1", "a1", 8000)
    vendor.codec.cut(Played("a1", 400, "In"))
    vendor.said()

    vendor.codec.cut(Played("a1", 200, "I"))

    assert vendor.said() == []


def test_an_item_nobody_knows_is_left_alone() -> None:
    vendor = Vendor()

    vendor.codec.cut(Played("f1", 400, "In"))

    assert vendor.said() == []


def test_late_audio_of_a_dead_answer_is_dropped() -> None:
    """S08."""
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    assert len(vendor.audio("r1", "a1", 800)) == 1

    vendor.codec.cut(Played("a1", 60, "Hi"))

    assert vendor.kinds()[0] == "response.cancel"
    assert vendor.audio("r1", "a1", 800) == []
    assert vendor.text("r1", "a1", "there") == []
    vendor.ends("r1", "cancelled")
    assert vendor.audio("r1", "a1", 800) == []
    assert vendor.calls("r1", "c1") == []


# ---- one answer at a time -----------------------------------------------------------------------


def test_an_answer_that_is_wanted_meanwhile_waits_for_the_end() -> None:
    """S28."""
    vendor = Vendor()
    vendor.codec.ask(7)
    assert vendor.kinds() == ["response.create"]
    vendor.codec.ask(7)
    vendor.starts("r1")
    vendor.codec.ask(7)
    assert vendor.said() == []

    vendor.ends("r1")

    assert vendor.kinds() == ["response.create"]


def test_a_cancelled_answer_never_wedges_the_next() -> None:
    """S28."""
    vendor = Vendor()
    vendor.codec.ask(7)
    vendor.codec.cancel()
    vendor.codec.ask(7)
    assert vendor.kinds() == ["response.create", "response.cancel"]

    vendor.starts("r1")
    vendor.ends("r1", "cancelled")

    assert vendor.kinds() == ["response.create"]


def test_an_answer_that_was_refused_as_the_second_is_asked_for_again() -> None:
    """S28."""
    vendor = Vendor()
    vendor.codec.ask(7)
    (asked,) = vendor.said()

    refused = vendor.refuses("conversation_already_has_active_response", asked["event_id"])

    assert refused == []
    assert vendor.said() == []
    vendor.ends("r0")
    assert vendor.kinds() == ["response.create"]
    vendor.starts("r1")
    vendor.item("r1", "a1")
    assert vendor.text("r1", "a1", "Hi") == [Text(7, "a1", "Hi")]


def test_an_answer_nobody_asked_for_is_not_heard_and_keeps_ours_waiting() -> None:
    """S28."""
    vendor = Vendor()
    vendor.starts("r0")
    vendor.item("r0", "a0")
    vendor.said()
    vendor.codec.ask(7)

    assert vendor.audio("r0", "a0", 800) == []
    assert vendor.said() == []
    vendor.ends("r0")
    assert vendor.kinds() == ["response.create"]


def test_an_answer_that_was_refused_for_good_is_told_and_blocks_nothing() -> None:
    vendor = Vendor()
    vendor.codec.ask(7)
    (asked,) = vendor.said()

    (failed,) = vendor.refuses("insufficient_quota", asked["event_id"])

    assert isinstance(failed, Failed)
    assert failed.failure.kind is Kind.WRONG
    vendor.codec.ask(7)
    assert vendor.kinds() == ["response.create"]


def test_what_was_wanted_after_a_refused_answer_is_asked_for() -> None:
    vendor = Vendor()
    vendor.codec.ask(7)
    (asked,) = vendor.said()
    vendor.codec.ask(7)

    vendor.refuses("server_error", asked["event_id"])

    assert vendor.kinds() == ["response.create"]


@pytest.mark.parametrize("code", ["response_cancel_not_active", "input_audio_buffer_commit_empty"])
def test_what_came_too_late_is_no_failure(code: str) -> None:
    assert Vendor().refuses(code) == []


def test_a_cut_that_the_vendor_refuses_is_no_failure() -> None:
    vendor = Vendor()
    vendor.answers("r1", "a1", 8000)
    vendor.codec.cut(Played("a1", 400, "In"))
    (cut,) = vendor.said()

    assert vendor.refuses("invalid_value", cut["event_id"]) == []


def test_the_end_of_an_answer_tells_how_it_ended() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    error = {"type": "server_error", "code": "rate_limit_exceeded", "message": "slow down"}
    details = {"type": "failed", "error": error}

    (done,) = vendor.ends("r1", "failed", status_details=details, usage={"input_tokens": 7})

    assert isinstance(done, Done)
    assert (done.status, done.tokens_in, done.tokens_out) == ("failed", 7, 0)
    assert done.failure is not None
    assert done.failure.kind is Kind.BUSY


def test_the_end_of_another_answer_ends_nothing() -> None:
    vendor = Vendor()
    vendor.begins("r1")

    assert vendor.ends("r0") == []
    assert vendor.ends("r1") == [Done(0, "completed")]


# ---- actions ------------------------------------------------------------------------------------


def test_results_wait_for_the_end_of_the_answer_and_come_before_the_next() -> None:
    vendor = Vendor()
    vendor.begins("r1", 7)
    assert vendor.calls("r1", "c1") == [Called(7, "c1", "find", "{}")]
    vendor.calls("r1", "c2")
    vendor.codec.result("c2", "half past two")
    vendor.codec.ask(8)
    assert vendor.said() == []

    vendor.ends("r1")
    assert vendor.kinds() == ["conversation.item.create", "response.create"]
    vendor.codec.result("c1", "sold out")

    (told,) = vendor.said()
    assert told["item"] == {"type": "function_call_output", "call_id": "c1", "output": "sold out"}


def test_a_result_nobody_asked_for_is_not_told() -> None:
    vendor = Vendor()

    vendor.codec.result("c9", "what?")

    assert vendor.said() == []


def test_the_result_of_an_interrupted_answer_is_something_to_know() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.calls("r1", "c1")
    vendor.codec.cancel()
    vendor.ends("r1", "cancelled")
    vendor.said()

    vendor.codec.result("c1", "done")

    assert vendor.kinds() == ["conversation.item.create"]


# ---- what it is told ----------------------------------------------------------------------------


def test_what_was_said_for_the_agent_is_part_of_the_conversation() -> None:
    vendor = Vendor()
    vendor.codec.note("assistant", "Hello, this is an AI assistant.")
    vendor.codec.note("system", "Ask for a discount.")
    vendor.codec.note("user", "[pressed 12]")

    items = [message["item"] for message in vendor.said()]

    assert [(i["role"], i["content"][0]["type"]) for i in items] == [
        ("assistant", "output_text"),
        ("system", "input_text"),
        ("user", "input_text"),
    ]
    assert len({item["id"] for item in items}) == 3

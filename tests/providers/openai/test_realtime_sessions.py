"""The conversation codec and its sessions: how they open, what they say, how one follows one."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from switchhook.engine.offers import END_CALL
from switchhook.providers.openai.conversing import (
    Audio,
    CalleeSaid,
    Failed,
    Played,
    Ready,
    Settings,
    SpeechStarted,
    SpeechStopped,
    Text,
)
from switchhook.providers.openai.realtime import Realtime
from switchhook.providers.openai.trouble import Kind
from tests.providers.openai.vendor import SETTINGS, Json, Vendor

# ---- a new session ------------------------------------------------------------------------------


def spoken(vendor: Vendor) -> None:
    """A conversation with a question, an interrupted answer, and an action."""
    vendor.callee("u1", "Hello?")
    vendor.begins("r1")
    vendor.item("r1", "a1")
    vendor.text("r1", "a1", "Good morning, ")
    vendor.text("r1", "a1", "this is Ava.")
    vendor.audio("r1", "a1", 16_000)
    vendor.codec.interrupt([Played("a1", 900, "Good morning,")])
    vendor.item("r1", "a2")
    vendor.ends("r1", "cancelled")
    vendor.callee("u2", "A table.")
    vendor.begins("r2")
    vendor.calls("r2", "c1")
    vendor.codec.result("c1", "free")
    vendor.ends("r2")
    vendor.begins("r3")
    vendor.ends("r3")
    vendor.said()


def test_a_new_session_learns_what_was_said_as_it_was_heard() -> None:
    """S27."""
    vendor = Vendor()
    spoken(vendor)
    assert vendor.codec.between_turns

    vendor.codec.renew()
    vendor.codec.hear(b"\xff" * 160)
    assert vendor.said() == []
    greeting, *items, audio = vendor.open()

    assert greeting["session"]["instructions"] == "Book a table."
    assert [brief(message["item"]) for message in items] == [
        ("user", "Hello?"),
        ("assistant", "Good morning,"),
        ("user", "A table."),
        ("function_call", "c1"),
        ("function_call_output", "c1"),
    ]
    assert audio["type"] == "input_audio_buffer.append"


def brief(item: Json) -> tuple[str, str]:
    if item["type"] == "message":
        return item["role"], item["content"][0]["text"]
    return item["type"], item["call_id"]


def test_a_renewal_waits_until_nobody_is_in_the_middle_of_something() -> None:
    """S27."""
    vendor = Vendor(Settings("m", "x", turns="server"))
    moments = [vendor.codec.between_turns]
    vendor.tell("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=0)
    moments.append(vendor.codec.between_turns)
    vendor.tell("input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=900)
    vendor.begins("r1")
    moments.append(vendor.codec.between_turns)
    vendor.calls("r1", "c1")
    vendor.ends("r1")
    moments.append(vendor.codec.between_turns)
    vendor.codec.result("c1", "free")
    vendor.begins("r2")
    vendor.ends("r2")
    moments.append(vendor.codec.between_turns)

    assert moments == [True, False, False, False, True]


def test_an_answer_that_never_began_is_asked_for_in_the_new_session() -> None:
    vendor = Vendor()
    vendor.codec.ask()
    vendor.said()

    vendor.codec.renew()

    assert [message["type"] for message in vendor.open()] == ["session.update", "response.create"]


def test_a_result_that_was_waited_for_reaches_the_new_session() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.calls("r1", "c1")
    vendor.codec.renew()
    vendor.open()

    vendor.codec.result("c1", "free")

    assert vendor.kinds() == ["conversation.item.create", "response.create"]


def test_an_answer_that_was_cut_off_by_the_loss_is_not_asked_for_again() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")

    vendor.codec.renew()

    assert [message["type"] for message in vendor.open()] == ["session.update"]


def test_times_go_on_in_the_new_session() -> None:
    vendor = Vendor(Settings("m", "x", turns="server"))
    vendor.codec.hear(b"\xff" * 8000)
    vendor.codec.renew()
    vendor.codec.hear(b"\xff" * 800)
    vendor.codec.renew()
    vendor.open()

    started = vendor.tell("input_audio_buffer.speech_started", item_id="u1", audio_start_ms=40)
    stopped = vendor.tell("input_audio_buffer.speech_stopped", item_id="u1", audio_end_ms=90)

    assert started == [SpeechStarted("u1", 1040)]
    assert stopped == [SpeechStopped("u1", 1090)]


# ---- the wire -----------------------------------------------------------------------------------


def test_nothing_but_its_configuration_goes_to_a_session_that_is_not_ready() -> None:
    codec = Realtime(SETTINGS)
    codec.hear(b"\x55" * 160)
    codec.end_turn()
    assert codec.to_send() == []

    codec.feed('{"type":"session.created"}')
    assert [json.loads(m)["type"] for m in codec.to_send()] == ["session.update"]
    assert codec.feed('{"type":"session.updated"}') == [Ready()]

    kinds = [json.loads(m)["type"] for m in codec.to_send()]
    assert kinds == [
        "input_audio_buffer.append",
        "input_audio_buffer.commit",
        "response.create",
    ]
    assert codec.feed('{"type":"session.updated"}') == []


def test_the_callee_is_heard_as_they_are() -> None:
    vendor = Vendor()

    vendor.codec.hear(bytes(range(160)))

    (append,) = vendor.said()
    assert base64.b64decode(append["audio"]) == bytes(range(160))


def test_the_words_of_both_sides_are_told() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    kind = "conversation.item.input_audio_transcription.delta"

    assert vendor.text("r1", "a1", "Hi, ") == [Text("a1", "Hi, ")]
    assert vendor.tell(kind, item_id="u1", delta="Hel") == [CalleeSaid("u1", "Hel", final=False)]
    assert vendor.tell(kind, item_id="u1") == []
    assert vendor.callee("u1", "Hello?") == [CalleeSaid("u1", "Hello?", final=True)]


@pytest.mark.parametrize("turns", ["client", "server"])
def test_the_configuration_says_whose_turns_they_are(turns: Any) -> None:
    codec = Realtime(Settings("m", "x", (END_CALL,), turns=turns))
    codec.feed('{"type":"session.created"}')
    session = json.loads(codec.to_send()[0])["session"]

    detection = session["audio"]["input"]["turn_detection"]
    assert (detection is None) is (turns == "client")
    assert [tool["name"] for tool in session["tools"]] == ["end_call"]
    assert session["audio"]["output"]["format"] == {"type": "audio/pcmu"}


def test_names_help_the_transcription() -> None:
    codec = Realtime(Settings("m", "x", keywords=("Ava",)))
    codec.feed('{"type":"session.created"}')
    session = json.loads(codec.to_send()[0])["session"]

    assert session["audio"]["input"]["transcription"]["keywords"] == ["Ava"]


def test_audio_is_read_in_whatever_order_its_members_come() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    shuffled = {"delta": "VVU=", "item_id": "a1", "response_id": "r1"}

    message = json.dumps({**shuffled, "type": "response.output_audio.delta"})

    assert vendor.codec.feed(message) == [Audio("a1", 0, b"\x55\x55")]


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        "[" * 100_000,
        '{"type":"response.done"}',
        '{"type":"response.output_item.added","item":7}',
        '{"type":"error","error":null}',
    ],
)
def test_what_makes_no_sense_is_told_and_never_raised(message: str) -> None:
    (failed,) = Vendor().codec.feed(message)

    assert isinstance(failed, Failed)
    assert failed.failure.kind is Kind.PASSING


def test_audio_that_is_no_base64_is_told() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")
    place = {"response_id": "r1", "item_id": "a1", "output_index": 0, "content_index": 0}

    (failed,) = vendor.tell("response.output_audio.delta", **place, delta="not base64")

    assert isinstance(failed, Failed)


@pytest.mark.parametrize(
    "message", ['{"type":"rate_limits.updated"}', '{"type":"invented.yesterday"}', "{}"]
)
def test_what_does_not_concern_us_is_ignored(message: str) -> None:
    assert Vendor().codec.feed(message) == []


def test_a_session_that_is_too_old_says_so() -> None:
    (failed,) = Vendor().refuses("session_expired")

    assert isinstance(failed, Failed)
    assert failed.failure.kind is Kind.EXPIRED

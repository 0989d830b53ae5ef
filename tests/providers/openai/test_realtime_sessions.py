"""The conversation codec and its sessions: how they open, what they say, how one follows one."""

from __future__ import annotations

import base64
import json

import pytest

from switchhook.engine.offers import END_CALL
from switchhook.providers.openai.conversing import (
    Audio,
    CalleeSaid,
    Ended,
    Event,
    Failed,
    Played,
    Ready,
    Settings,
    Text,
)
from switchhook.providers.openai.realtime import Realtime
from switchhook.providers.openai.spells import BEFORE_FRAMES
from switchhook.providers.openai.trouble import Kind
from switchhook.providers.openai.wording import KEPT_FRAMES
from tests.providers.openai.vendor import SETTINGS, Json, Vendor

# ---- a new session ------------------------------------------------------------------------------


def spoken(vendor: Vendor) -> None:
    """A conversation with a question, an interrupted answer, and an action."""
    vendor.codec.note("assistant", "This is a machine.")
    vendor.callee("u1", "Hello?")
    vendor.begins("r1")
    vendor.item("r1", "a1")
    vendor.text("r1", "a1", "Good morning, ")
    vendor.text("r1", "a1", "this is Ava.")
    vendor.audio("r1", "a1", 16_000)
    vendor.codec.cut(Played("a1", 900, "Good morning,"))
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
    vendor.codec.speech(9000, begins=True)
    vendor.codec.hear(b"\xff" * 160, 0)
    assert vendor.said() == []
    greeting, *items, audio = vendor.open()

    assert greeting["session"]["instructions"] == "Book a table."
    assert [brief(message["item"]) for message in items] == [
        ("assistant", "This is a machine."),
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
    vendor = Vendor()
    moments = [vendor.codec.between_turns]
    vendor.codec.speech(0, begins=True)
    moments.append(vendor.codec.between_turns)
    vendor.hears("u1")
    moments.append(vendor.codec.between_turns)
    vendor.writes("u1", "A table.")
    vendor.begins("r1")
    moments.append(vendor.codec.between_turns)
    vendor.calls("r1", "c1")
    vendor.ends("r1")
    moments.append(vendor.codec.between_turns)
    vendor.codec.result("c1", "free")
    vendor.begins("r2")
    vendor.ends("r2")
    moments.append(vendor.codec.between_turns)

    assert moments == [True, False, False, False, False, True]


def test_an_answer_that_never_began_is_asked_for_in_the_new_session() -> None:
    vendor = Vendor()
    vendor.codec.ask(7)
    vendor.said()

    vendor.codec.renew()

    assert [message["type"] for message in vendor.open()] == ["session.update", "response.create"]


@pytest.mark.parametrize("opened", [True, False])
def test_a_result_that_was_waited_for_reaches_the_new_session_once(*, opened: bool) -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.calls("r1", "c1")
    vendor.codec.renew()
    greeting = vendor.open() if opened else []

    vendor.codec.result("c1", "free")
    told = greeting + (vendor.said() if opened else vendor.open())

    kinds = [message["item"]["type"] for message in told[1:]]
    assert kinds == ["function_call", "function_call_output"]


def test_an_answer_that_was_cut_off_by_the_loss_is_not_asked_for_again() -> None:
    vendor = Vendor()
    vendor.begins("r1")
    vendor.item("r1", "a1")

    vendor.codec.renew()

    assert [message["type"] for message in vendor.open()] == ["session.update"]


def test_what_is_being_said_is_heard_again_by_the_new_session() -> None:
    vendor = Vendor()
    vendor.codec.speech(100, begins=True)
    vendor.codec.hear(b"\x01" * 160, 0)
    vendor.codec.renew()
    vendor.codec.hear(b"\x02" * 160, 0)

    _, *spell = vendor.open()
    vendor.codec.speech(900, begins=False)
    vendor.tell("input_audio_buffer.committed", item_id="u1")

    assert [base64.b64decode(message["audio"])[0] for message in spell] == [1, 2]
    assert vendor.kinds() == ["input_audio_buffer.commit"]
    assert vendor.writes("u1", "Hello?") == [CalleeSaid("Hello?", 100, 900)]


def test_what_a_lost_session_has_not_written_down_is_heard_again_and_told_once() -> None:
    vendor = Vendor()
    for item, since in (("u1", 0), ("u2", 1000), ("u3", 2000)):
        vendor.hears(item, since, since + 500)
    assert vendor.writes("u1", "A table") == [CalleeSaid("A table", 0, 500)]
    assert vendor.writes("u3", "please") == []
    vendor.codec.ask(7)
    vendor.said()

    vendor.codec.renew()
    assert vendor.writes("u2", "of the old session") == []
    kinds = [message["type"] for message in vendor.open()]
    vendor.tell("input_audio_buffer.committed", item_id="v1")

    assert kinds[-3:] == [
        "input_audio_buffer.append",
        "input_audio_buffer.commit",
        "response.create",
    ]
    assert kinds.count("input_audio_buffer.commit") == 1
    assert vendor.writes("v1", "for four") == [
        CalleeSaid("for four", 1000, 1500),
        CalleeSaid("please", 2000, 2500),
    ]
    assert vendor.callee("v2", "Hello?") == [CalleeSaid("Hello?", 0, 500)]


def test_no_more_than_half_a_minute_is_heard_again() -> None:
    vendor = Vendor()
    vendor.hears("u1")
    for number in range(2):
        vendor.codec.speech(1000, begins=True)
        for _ in range(KEPT_FRAMES - number):
            vendor.codec.hear(b"\x55" * 160, 0)
        vendor.codec.speech(31_000, begins=False)
        vendor.codec.renew()
        kinds = [message["type"] for message in vendor.open()]
        assert kinds.count("input_audio_buffer.append") == KEPT_FRAMES - number
        assert kinds.count("input_audio_buffer.commit") == 1


def test_a_sentence_without_an_end_is_heard_again_from_its_last_half_minute() -> None:
    vendor = Vendor()
    vendor.codec.speech(0, begins=True)
    for _ in range(KEPT_FRAMES + 100):
        vendor.codec.hear(b"\x55" * 160, 0)

    vendor.codec.renew()

    kinds = [message["type"] for message in vendor.open()]
    assert kinds.count("input_audio_buffer.append") == KEPT_FRAMES


# ---- the wire -----------------------------------------------------------------------------------


def test_nothing_but_its_configuration_goes_to_a_session_that_is_not_ready() -> None:
    codec = Realtime(SETTINGS)
    codec.hear(b"\x55" * 160, 0)
    codec.speech(0, begins=True)
    codec.speech(200, begins=False)
    codec.ask(7)
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


def test_the_callee_is_heard_as_they_are_with_the_moment_before_it_was_noticed() -> None:
    vendor = Vendor()
    for number in range(BEFORE_FRAMES + 5):
        vendor.codec.hear(bytes([number]) * 160, 0)
    assert vendor.said() == []

    vendor.codec.speech(500, begins=True)
    vendor.codec.hear(bytes(range(160)), 0)
    vendor.codec.speech(600, begins=True)

    heard = [base64.b64decode(message["audio"]) for message in vendor.said()]
    assert [audio[0] for audio in heard[:-1]] == [*range(5, BEFORE_FRAMES + 5)]
    assert heard[-1] == bytes(range(160))


def test_silence_is_neither_sent_nor_written_down() -> None:
    vendor = Vendor()

    vendor.codec.hear(b"\xff" * 160, 0)
    vendor.codec.speech(20, begins=False)

    assert vendor.said() == []


def test_the_words_of_both_sides_are_told() -> None:
    vendor = Vendor()
    assert vendor.callee("u1", "Hello?") == [CalleeSaid("Hello?", 0, 500)]
    vendor.begins("r1", 7)
    vendor.item("r1", "a1")

    assert vendor.text("r1", "a1", "Hi, ") == [Text(7, "a1", "Hi, ")]
    assert vendor.ends_item("r1", "a1") == [Ended(7, "a1")]


def test_the_callee_s_words_are_told_in_order_whenever_they_come() -> None:
    vendor = Vendor()
    for item, start in (("u1", 0), ("u2", 1000), ("u3", 2000)):
        vendor.hears(item, start, start + 500)

    assert vendor.writes("u2", "at eight") == []
    first, second = vendor.writes("u1", "A table")
    assert (first, second) == (CalleeSaid("A table", 0, 500), CalleeSaid("at eight", 1000, 1500))
    assert vendor.writes("u3", "please") == [CalleeSaid("please", 2000, 2500)]


def test_words_that_never_come_do_not_hold_the_others_back_for_long() -> None:
    vendor = Vendor()
    for item in ("u1", "u2", "u3", "u4"):
        vendor.hears(item)
    kind = "conversation.item.input_audio_transcription.failed"

    assert vendor.writes("u2", "at eight") == []
    assert [said.text for said in texts(vendor.writes("u3", "please"))] == ["at eight", "please"]
    assert vendor.writes("u1", "too late") == []
    assert vendor.tell(kind, item_id="u4", content_index=0, error={"message": "no"}) == []
    assert vendor.codec.between_turns


def texts(events: list[Event]) -> list[CalleeSaid]:
    return [event for event in events if isinstance(event, CalleeSaid)]


def test_a_spell_in_which_the_vendor_found_nothing_is_forgotten() -> None:
    vendor = Vendor()
    vendor.codec.speech(0, begins=True)
    vendor.codec.speech(100, begins=False)

    assert vendor.refuses("input_audio_buffer_commit_empty") == []
    assert vendor.refuses("input_audio_buffer_commit_empty") == []

    assert vendor.callee("u1", "Hello?") == [CalleeSaid("Hello?", 0, 500)]


def test_the_configuration_leaves_the_turns_to_us() -> None:
    codec = Realtime(Settings("m", "x", (END_CALL,), effort="low"))
    codec.feed('{"type":"session.created"}')
    session = json.loads(codec.to_send()[0])["session"]

    assert session["audio"]["input"]["turn_detection"] is None
    assert [tool["name"] for tool in session["tools"]] == ["end_call"]
    assert session["audio"]["output"]["format"] == {"type": "audio/pcmu"}
    assert session["reasoning"] == {"effort": "low"}


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

    assert vendor.codec.feed(message) == [Audio(0, "a1", b"\x55\x55")]


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

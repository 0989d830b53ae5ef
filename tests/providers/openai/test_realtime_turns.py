"""The conversation codec where the vendor finds for itself when the callee has finished."""

from __future__ import annotations

from dataclasses import replace

import pytest

from switchhook.providers.openai.conversing import CalleeSaid, Eagerness, Failed, TurnOver
from switchhook.providers.openai.spells import BEFORE_FRAMES
from tests.providers.openai.vendor import SETTINGS, Json, Vendor

FRAME = b"\x55" * 160
EAGER = replace(SETTINGS, eagerness="auto")


def detection(session: Json) -> Json:
    """Who finds the ends of turns, as a session is configured."""
    return session["session"]["audio"]["input"]["turn_detection"]


def hears(vendor: Vendor, frames: int, at_ms: int = 0) -> None:
    for number in range(frames):
        vendor.codec.hear(FRAME, at_ms + number * 20)


def finds(vendor: Vendor, item: str, start_ms: int, end_ms: int) -> list[object]:
    """Let the vendor find a turn in the audio of its session."""
    vendor.tell("input_audio_buffer.speech_started", item_id=item, audio_start_ms=start_ms)
    vendor.tell("input_audio_buffer.speech_stopped", item_id=item, audio_end_ms=end_ms)
    return [*vendor.tell("input_audio_buffer.committed", item_id=item)]


@pytest.mark.parametrize("eagerness", ["low", "auto", "high"])
def test_it_is_asked_to_find_turns_and_neither_to_answer_nor_to_be_interrupted(
    eagerness: Eagerness,
) -> None:
    vendor = Vendor(replace(SETTINGS, eagerness=eagerness), opens=False)
    (configuration,) = vendor.open()

    assert detection(configuration) == {
        "type": "semantic_vad",
        "eagerness": eagerness,
        "create_response": False,
        "interrupt_response": False,
    }


def test_all_is_sent_and_nothing_committed_by_us() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 3)
    vendor.codec.speech(60, begins=True)
    hears(vendor, 2, 60)
    vendor.codec.speech(100, begins=False)
    hears(vendor, 2, 100)

    assert vendor.kinds() == ["input_audio_buffer.append"] * 7


def test_an_end_is_told_at_once_and_the_words_when_they_come() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 100, at_ms=3000)

    assert finds(vendor, "u1", 200, 1400) == [TurnOver(4400)]
    assert vendor.writes("u1", "A table.") == [CalleeSaid("A table.", 3200, 4400)]


def test_words_are_told_in_the_order_in_which_they_were_said() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 100)
    finds(vendor, "u1", 0, 400)
    finds(vendor, "u2", 600, 1000)

    assert vendor.writes("u2", "second") == []
    assert vendor.writes("u1", "first") == [
        CalleeSaid("first", 0, 400),
        CalleeSaid("second", 600, 1000),
    ]


def test_a_turn_that_was_found_without_its_moments_ends_now() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 10)

    assert vendor.tell("input_audio_buffer.committed", item_id="u1") == [TurnOver(200)]
    assert vendor.tell("input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=120) == []
    assert vendor.tell("input_audio_buffer.committed", item_id="u2") == [TurnOver(120)]


def test_a_new_session_hears_what_the_last_one_found_no_end_of() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 100)
    vendor.codec.speech(2000, begins=True)
    hears(vendor, 50, at_ms=2000)
    vendor.said()

    vendor.codec.renew()
    opening = vendor.open()

    sent = [message for message in opening if message["type"] == "input_audio_buffer.append"]
    assert len(sent) == BEFORE_FRAMES + 50
    # Its audio begins where what is repeated was said.
    assert finds(vendor, "u1", 500, 1500) == [TurnOver(3000)]


def test_a_silence_is_not_heard_again() -> None:
    vendor = Vendor(EAGER)
    vendor.codec.speech(0, begins=True)
    hears(vendor, 100)
    vendor.codec.speech(2000, begins=False)
    finds(vendor, "u1", 0, 2000)
    vendor.writes("u1", "Yes.")
    hears(vendor, 100, at_ms=2000)
    vendor.said()

    vendor.codec.renew()

    opening = [message["type"] for message in vendor.open()]
    assert opening.count("input_audio_buffer.append") == BEFORE_FRAMES


def test_a_renewal_waits_for_the_end_of_a_turn_and_for_its_words() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 10)
    assert vendor.codec.between_turns

    vendor.codec.speech(0, begins=True)
    assert not vendor.codec.between_turns
    vendor.codec.speech(200, begins=False)
    assert not vendor.codec.between_turns
    finds(vendor, "u1", 0, 200)
    assert not vendor.codec.between_turns
    vendor.writes("u1", "Yes.")
    assert vendor.codec.between_turns


def test_a_turn_whose_words_were_lost_with_a_session_is_heard_again_and_not_ended_again() -> None:
    vendor = Vendor(EAGER)
    vendor.codec.speech(0, begins=True)
    hears(vendor, 10)
    vendor.codec.speech(200, begins=False)
    finds(vendor, "u1", 0, 200)
    vendor.said()

    vendor.codec.renew()
    opening = [message["type"] for message in vendor.open()]

    assert vendor.writes("u1", "Yes.") == []
    assert opening[-11:] == ["input_audio_buffer.append"] * 10 + ["input_audio_buffer.commit"]
    assert vendor.tell("input_audio_buffer.committed", item_id="u7") == []
    assert vendor.writes("u7", "Yes.") == [CalleeSaid("Yes.", 0, 200)]
    assert vendor.codec.between_turns


def test_what_is_heard_again_may_be_nothing() -> None:
    vendor = Vendor(EAGER)
    hears(vendor, 10)
    finds(vendor, "u1", 0, 200)
    vendor.codec.renew()
    vendor.open()

    vendor.refuses("input_audio_buffer_commit_empty")
    vendor.refuses("input_audio_buffer_commit_empty")

    assert vendor.codec.between_turns


def test_a_server_that_knows_silence_only_is_asked_to_go_by_silence() -> None:
    vendor = Vendor(replace(SETTINGS, eagerness="high"), opens=False)
    vendor.tell("session.created", session={})
    vendor.said()

    refusal = {"code": "invalid_value", "param": "session.audio.input.turn_detection.type"}
    assert vendor.tell("error", error=refusal | {"message": "no such type"}) == []

    (configuration,) = vendor.said()
    assert detection(configuration) == {
        "type": "server_vad",
        "silence_duration_ms": 300,
        "create_response": False,
        "interrupt_response": False,
    }
    (failed,) = vendor.tell("error", error=refusal | {"message": "nor this"})
    assert isinstance(failed, Failed)

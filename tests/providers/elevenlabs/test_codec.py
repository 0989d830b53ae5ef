from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.providers.alignment import Span
from switchhook.providers.elevenlabs.codec import CONTEXTS, KEEPALIVE_SECONDS, Contexts
from switchhook.providers.speaking import Finished, Piece, Spoken
from switchhook.providers.vendor import Garbled, VendorTrouble


def audio(context: str, ulaw: bytes, *timed: tuple[str, int, int]) -> str:
    alignment = {
        "chars": [c for c, _, _ in timed],
        "charStartTimesMs": [start for _, start, _ in timed],
        "charDurationsMs": [length for _, _, length in timed],
    }
    told = alignment if timed else None
    encoded = base64.b64encode(ulaw).decode()
    return json.dumps({"audio": encoded, "contextId": context, "alignment": told})


def final(context: str) -> str:
    return json.dumps({"isFinal": True, "contextId": context})


def fed(codec: Contexts, *messages: str | bytes) -> list[Spoken | Unavailable]:
    return [event for message in messages for event in codec.feed(message)]


def sent(codec: Contexts) -> list[dict[str, Any]]:
    return [json.loads(message) for message in codec.to_send()]


# ---- what it says -------------------------------------------------------------------------------


def test_an_utterance_is_a_context_from_its_settings_to_its_close() -> None:
    codec = Contexts(speed=1.1)
    codec.say(1, "Sure, I can. ")
    assert sent(codec) == [
        {"text": " ", "context_id": "u1", "voice_settings": {"speed": 1.1}},
        {"text": "Sure, I can. ", "context_id": "u1"},
        {"context_id": "u1", "flush": True},
        {"context_id": "u1", "close_context": True},
    ]


@pytest.mark.parametrize(("wanted", "asked"), [(0.5, 0.7), (1.0, 1.0), (2.0, 1.2)])
def test_speed_stays_within_what_the_vendor_takes(wanted: float, asked: float) -> None:
    codec = Contexts(speed=wanted)
    codec.say(1, "Hi.")
    assert sent(codec)[0]["voice_settings"] == {"speed": asked}


def test_no_more_contexts_are_opened_than_a_connection_may_have() -> None:
    codec = Contexts()
    for utterance in range(1, CONTEXTS + 3):
        codec.say(utterance, "Hi.")
        codec.cancel(utterance)
    codec.say(99, "At last.")
    begun = [m["context_id"] for m in sent(codec) if "voice_settings" in m]
    assert begun == ["u1", "u2", "u3", "u4", "u5"]

    assert fed(codec, audio("u2", b"late"), final("u2")) == []
    assert [m["context_id"] for m in sent(codec) if "voice_settings" in m] == ["u99"]


def test_a_new_connection_has_room_for_everybody() -> None:
    codec = Contexts()
    for utterance in range(CONTEXTS):
        codec.say(utterance, "Hi.")
    codec.lost()
    codec.say(7, "Again.")
    assert {m["context_id"] for m in sent(codec)} == {"u7"}


def test_only_a_silent_connection_is_kept_alive() -> None:
    codec = Contexts()
    codec.opened(100.0)
    sent_at: list[float] = []
    for n in range(1, 61):
        now = 100 + n / 2
        codec.beat(now)
        if n == 16:
            codec.say(1, "Hi.")
        messages = sent(codec)
        sent_at += [now for message in messages if message == {"text": ""}]
    first, second = sent_at
    assert first == 108.5 + KEEPALIVE_SECONDS
    assert KEEPALIVE_SECONDS <= second - first <= KEEPALIVE_SECONDS + 1


# ---- what it understands ------------------------------------------------------------------------


def test_times_of_every_message_follow_those_of_the_audio_before() -> None:
    codec = Contexts()
    codec.say(1, "Hi you.")
    assert fed(
        codec,
        audio("u1", b"a" * 800, ("H", 0, 40), ("i", 40, 60)),
        audio("u1", b"b" * 400),
        audio("u1", b"c" * 800, (" ", 0, 10), ("y", 10, 30)),
        final("u1"),
    ) == [
        Piece(1, b"a" * 800, (Span("H", 0, 40), Span("i", 40, 100))),
        Piece(1, b"b" * 400),
        Piece(1, b"c" * 800, (Span(" ", 150, 160), Span("y", 160, 190))),
        Finished(1),
    ]


def test_audio_may_come_with_the_final_word() -> None:
    codec = Contexts()
    codec.say(1, "Hi.")
    told = json.loads(audio("u1", b"a")) | {"isFinal": True}
    assert fed(codec, json.dumps(told)) == [Piece(1, b"a"), Finished(1)]


@pytest.mark.parametrize(
    "message",
    [
        audio("u2", b"of another"),
        final("u2"),
        '{"audio":null,"contextId":"u1","isFinal":null}',
        '{"contextId":"u1"}',
        '{"weather":"sunny"}',
    ],
)
def test_what_concerns_no_utterance_means_nothing(message: str) -> None:
    codec = Contexts()
    codec.say(1, "Hi.")
    assert fed(codec, message) == []


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        b"\xff",
        '{"contextId":"u1","audio":7}',
        '{"contextId":"u1","audio":"A"}',
        '{"contextId":"u1","audio":"QUJD","alignment":[1]}',
        audio("u1", b"a", ("a", "x", 1)),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - as a vendor might
    ],
)
def test_what_cannot_be_understood_is_one_typed_error(message: str | bytes) -> None:
    codec = Contexts()
    codec.say(1, "Hi.")
    (error,) = fed(codec, message)
    assert isinstance(error, Garbled)


ERRORS = [
    ("invalid_api_key", "Invalid API key", Misconfigured),
    ("", "Invalid API key", Misconfigured),
    ("quota_exceeded", "This request exceeds your quota.", Misconfigured),
    ("voice_not_found", "A voice was not found.", Misconfigured),
    ("", "A voice with voice_id x: voice does not exist", Misconfigured),
    ("model_not_found", "no such model", Misconfigured),
    ("max_active_conversations", "Maximum simultaneous contexts exceeded (5).", VendorTrouble),
    ("input_timeout_exceeded", "Have not received a new text input.", VendorTrouble),
    ("something_new", "We are sorry, something went wrong.", VendorTrouble),
]


@pytest.mark.parametrize(("name", "message", "kind"), ERRORS)
def test_an_error_is_told_apart_by_what_can_be_done_about_it(
    name: str, message: str, kind: type[Unavailable]
) -> None:
    told = json.dumps({"message": message, "error": name, "code": 1008})
    (error,) = fed(Contexts(), told)
    assert type(error) is kind


@pytest.mark.parametrize(("name", "message", "kind"), ERRORS)
def test_so_is_a_close(name: str, message: str, kind: type[Unavailable]) -> None:
    assert type(Contexts().closed(1008, name or message)) is kind

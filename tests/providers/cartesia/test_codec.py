from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.providers.alignment import Span
from switchhook.providers.cartesia.codec import Contexts, Manner
from switchhook.providers.speaking import Failed, Finished, Piece, Spoken
from switchhook.providers.vendor import Garbled, VendorTrouble

MANNER = Manner("sonic-3", "v1", "en")


def told(kind: str, context: str | None = "u1", **members: Any) -> str:
    name = {} if context is None else {"context_id": context}
    return json.dumps({"type": kind, "status_code": 206, "done": False, **name, **members})


def chunk(ulaw: bytes, context: str = "u1") -> str:
    return told("chunk", context, data=base64.b64encode(ulaw).decode(), step_time=12.1)


def asked(manner: Manner = MANNER) -> Contexts:
    codec = Contexts(manner)
    codec.say(1, "Sure, I can.")
    return codec


def fed(codec: Contexts, *messages: str | bytes) -> list[Spoken | Unavailable]:
    return [event for message in messages for event in codec.feed(message)]


def sent(codec: Contexts) -> list[dict[str, Any]]:
    return [json.loads(message) for message in codec.to_send()]


def test_an_utterance_is_one_request_for_telephone_audio_with_its_words() -> None:
    assert sent(asked()) == [
        {
            "model_id": "sonic-3",
            "transcript": "Sure, I can.",
            "continue": False,
            "context_id": "u1",
            "voice": {"mode": "id", "id": "v1"},
            "output_format": {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000},
            "language": "en",
            "add_timestamps": True,
            "max_buffer_delay_ms": 0,
        }
    ]


@pytest.mark.parametrize(("wanted", "asked_for"), [(0.5, 0.6), (1.2, 1.2), (2.0, 1.5)])
def test_speed_stays_within_what_the_vendor_takes(wanted: float, asked_for: float) -> None:
    codec = asked(Manner("sonic-3", "v1", "en", wanted))
    assert sent(codec)[0]["generation_config"] == {"speed": asked_for}


def test_what_is_cancelled_is_cancelled_at_the_vendor_once_and_heard_no_more() -> None:
    codec = asked()
    sent(codec)
    codec.cancel(1)
    codec.cancel(1)
    assert sent(codec) == [{"context_id": "u1", "cancel": True}]
    assert fed(codec, chunk(b"late"), told("done", done=True)) == []


def test_what_is_finished_needs_no_cancelling() -> None:
    codec = asked()
    sent(codec)
    fed(codec, told("done", done=True))
    codec.cancel(1)
    assert sent(codec) == []


def test_audio_and_words_come_in_any_order() -> None:
    words = {"words": ["Sure,", "I"], "start": [0.0, 0.33], "end": [0.31, 0.4]}
    assert fed(
        asked(),
        told("timestamps", word_timestamps=words),
        chunk(b"abc"),
        told("flush_done", flush_done=True, flush_id=1),
        told("phoneme_timestamps", phoneme_timestamps={}),
        told("done", done=True),
    ) == [
        Piece(1, spans=(Span("Sure,", 0, 310), Span("I", 330, 400))),
        Piece(1, b"abc"),
        Finished(1),
    ]


def test_two_utterances_are_told_apart() -> None:
    codec = asked()
    codec.say(2, "Bye.")
    assert fed(codec, chunk(b"2", "u2"), chunk(b"1"), chunk(b"3", "u3")) == [
        Piece(2, b"2"),
        Piece(1, b"1"),
    ]


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"status_code": 401, "title": "Unauthorized", "message": "no"}, Misconfigured),
        ({"status_code": 402, "error_code": "quota_exceeded", "message": "no"}, Misconfigured),
        ({"status_code": 404, "error_code": "voice_not_found", "title": "x"}, Misconfigured),
        ({"status_code": 400, "error": "Invalid model: the model is not valid"}, Misconfigured),
        ({"status_code": 429, "error_code": "concurrency_limited", "title": "x"}, VendorTrouble),
        ({"status_code": 500, "error": "internal"}, VendorTrouble),
        ({"status_code": None, "error": "who knows"}, VendorTrouble),
    ],
)
def test_an_error_fails_its_utterance_by_what_can_be_done_about_it(
    members: dict[str, Any], kind: type[Unavailable]
) -> None:
    codec = asked()
    codec.say(2, "Bye.")
    failed, piece = fed(codec, told("error", done=True, **members), chunk(b"2", "u2"))
    assert isinstance(failed, Failed)
    assert failed.utterance == 1
    assert type(failed.error) is kind
    assert piece == Piece(2, b"2")


def test_an_error_of_nobody_ends_the_connection() -> None:
    (error,) = fed(asked(), told("error", None, status_code=500, title="Down", message="Sorry."))
    assert isinstance(error, VendorTrouble)
    assert "Down: Sorry." in error.message


def test_an_error_of_an_utterance_that_is_over_means_nothing() -> None:
    assert fed(asked(), told("error", "u7", status_code=400, error="unknown context")) == []


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        b"\xff",
        "{}",
        told("chunk"),
        told("chunk", data="A"),
        told("timestamps", word_timestamps={"words": ["a"], "start": [], "end": []}),
        told("timestamps", word_timestamps={"words": ["a"], "start": ["x"], "end": [1]}),
        told("error", status_code="x"),
    ],
)
def test_what_cannot_be_understood_is_one_typed_error(message: str | bytes) -> None:
    (error,) = fed(asked(), message)
    assert isinstance(error, Garbled)

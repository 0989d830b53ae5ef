from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from switchhook.audio import g711
from switchhook.domain.agent import Language
from switchhook.domain.errors import Unavailable
from switchhook.ports import Heard, Listening
from switchhook.providers.deepgram.ears import default_model
from switchhook.providers.deepgram.flux import ENGLISH, GREETING_SECONDS, MULTILINGUAL, Flux, wishes
from switchhook.providers.vendor import Garbled, VendorTrouble

FRAME = g711.SILENCE * 160
CONNECTED = '{"type":"Connected","request_id":"r1","sequence_id":0}'


def news(event: str, text: str, *words: tuple[float, float], turn: int = 0, **members: Any) -> str:
    told = [{"word": "w", "confidence": 0.9, "start": s, "end": e} for s, e in words]
    window = {"audio_window_start": 0.0, "audio_window_end": 2.4}
    common = {"type": "TurnInfo", "request_id": "r1", "sequence_id": 7, "event": event}
    rest = {"turn_index": turn, "transcript": text, "end_of_turn_confidence": 0.6, "words": told}
    return json.dumps({**common, **window, **rest, **members})


def fed(codec: Flux, *messages: str | bytes) -> list[Heard | Unavailable]:
    return [event for message in messages for event in codec.feed(message)]


def heard(codec: Flux, *messages: str) -> Iterator[Heard]:
    return (event for event in fed(codec, *messages) if isinstance(event, Heard))


# ---- what it says -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "model"),
    [
        ("en", ENGLISH),
        ("es", MULTILINGUAL),
        ("de", MULTILINGUAL),
        ("hi", MULTILINGUAL),
        ("pt", MULTILINGUAL),
        ("fr", MULTILINGUAL),
        ("nl", MULTILINGUAL),
        ("it", MULTILINGUAL),
        ("ja", MULTILINGUAL),
        ("id", "nova-3"),
        ("ko", "nova-3"),
    ],
)
def test_turns_are_heard_in_every_language_that_has_a_model_for_them(
    language: Language, model: str
) -> None:
    assert default_model(language) == model


def test_only_the_multilingual_model_is_hinted_at_a_language() -> None:
    assert ("language_hint", "de") in wishes(Listening("de"), MULTILINGUAL)
    assert not [w for w in wishes(Listening("en"), ENGLISH) if w[0] == "language_hint"]


def test_names_are_listened_for() -> None:
    assert ("keyterm", "Green Valley") in wishes(Listening("en", ("Green Valley",)), ENGLISH)


def test_audio_is_sent_in_pieces_of_eighty_milliseconds() -> None:
    codec = Flux()
    for n in range(9):
        codec.hear(FRAME, 20 * n)
    assert [len(piece) for piece in codec.to_send()] == [640, 640]


def test_silence_flows_where_nothing_else_does_and_belongs_to_no_time() -> None:
    codec = Flux()
    codec.opened(0.0)
    fed(codec, CONNECTED)
    for n in range(1, 5):
        assert list(codec.beat(n / 2)) == []
    silence = codec.to_send()
    assert set(b"".join(silence)) == set(g711.SILENCE)
    assert sum(map(len, silence)) // 8 == pytest.approx(2000, abs=80)
    codec.hear(FRAME, 60_000)
    (first,) = heard(codec, news("StartOfTurn", "Hello", (2.1, 2.3)))
    assert first.start_ms == 60_100


def test_no_silence_is_added_to_audio_that_flows() -> None:
    codec = Flux()
    codec.opened(0.0)
    fed(codec, CONNECTED)
    for n in range(10):
        for frame in range(25):
            codec.hear(FRAME, 500 * n + 20 * frame)
        list(codec.beat((n + 1) / 2))
    assert sum(map(len, codec.to_send())) // 8 == pytest.approx(5000, abs=80)


def test_a_connection_that_is_never_greeted_was_refused() -> None:
    codec = Flux()
    codec.opened(10.0)
    assert list(codec.beat(12.5)) == []
    (error,) = codec.beat(10 + GREETING_SECONDS)
    assert isinstance(error, VendorTrouble)


# ---- what it understands ------------------------------------------------------------------------


def test_an_end_that_was_foreseen_is_taken_back_when_somebody_speaks_on() -> None:
    codec = Flux()
    told = [
        (h.text, h.eager, h.final)
        for h in heard(
            codec,
            news("StartOfTurn", "I", (0.4, 0.5)),
            news("Update", "I need to move", (0.4, 0.5)),
            news("EagerEndOfTurn", "I need to move.", (0.4, 0.5)),
            news("TurnResumed", "I need to move. My", (0.4, 0.5)),
            news("EagerEndOfTurn", "I need to move my appointment.", (0.4, 0.5)),
            news("EndOfTurn", "I need to move my appointment.", (0.4, 0.5)),
        )
    ]
    assert told == [
        ("I", False, False),
        ("I need to move", False, False),
        ("I need to move.", True, False),
        ("I need to move. My", False, False),
        ("I need to move my appointment.", True, False),
        ("I need to move my appointment.", False, True),
    ]


def test_a_turn_keeps_its_place_and_the_next_has_another() -> None:
    codec = Flux()
    starts = [
        h.start_ms
        for h in heard(
            codec,
            news("StartOfTurn", "I", (0.44, 0.5)),
            news("EndOfTurn", "I do.", (0.40, 0.5), (0.6, 0.8)),
            news("StartOfTurn", "And", (3.0, 3.2), turn=1),
        )
    ]
    assert starts == [440, 440, 3000]


def test_words_without_times_are_where_the_vendor_listened() -> None:
    (only,) = heard(Flux(), news("Update", "Yes", audio_window_start=1.0, words=[{"word": "Yes"}]))
    assert (only.start_ms, only.end_ms) == (1000, 2400)


@pytest.mark.parametrize(
    "message",
    [
        CONNECTED,
        news("StartOfTurn", ""),
        '{"type":"ConfigureSuccess","request_id":"r1","sequence_id":9,"thresholds":{}}',
        '{"type":"ConfigureFailure","request_id":"r1","sequence_id":10}',
        '{"type":"Weather"}',
    ],
)
def test_what_is_no_word_means_nothing(message: str) -> None:
    assert fed(Flux(), message) == []


def test_an_event_that_is_not_known_still_tells_its_words() -> None:
    (only,) = heard(Flux(), news("TurnAdmired", "Yes", (0.1, 0.2)))
    assert not only.final
    assert not only.eager


@pytest.mark.parametrize(
    "message", ["", "{", "[]", b"\xff", '{"type":"TurnInfo"}', news("Update", "a", words=[7])]
)
def test_what_cannot_be_understood_is_one_typed_error(message: str | bytes) -> None:
    (error,) = fed(Flux(), message)
    assert isinstance(error, Garbled)


def test_an_error_of_the_vendor_is_told() -> None:
    (error,) = fed(Flux(), '{"type":"Error","sequence_id":1,"code":"NET-0000","description":"no"}')
    assert isinstance(error, VendorTrouble)
    assert "no (NET-0000)" in error.message

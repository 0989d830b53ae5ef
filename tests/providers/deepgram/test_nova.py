from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, get_args

import pytest

from switchhook.audio import g711
from switchhook.domain.agent import Language
from switchhook.domain.errors import Unavailable
from switchhook.ports import Heard, Listening
from switchhook.providers.deepgram.nova import DEAF_SECONDS, KEEPALIVE_SECONDS, Nova, wishes
from switchhook.providers.vendor import Garbled, VendorTrouble

FRAME = g711.SILENCE * 160
KEEPALIVE = '{"type":"KeepAlive"}'


def results(
    text: str, *words: tuple[float, float], start: float = 0.0, final: bool = False, **members: Any
) -> str:
    told = [{"word": "w", "start": s, "end": e, "confidence": 0.9} for s, e in words]
    alternative = {"transcript": text, "confidence": 0.98, "words": told}
    common = {"type": "Results", "channel_index": [0, 1], "start": start, "duration": 1.2}
    flags = {"is_final": final, "speech_final": False, "from_finalize": False}
    return json.dumps({**common, **flags, "channel": {"alternatives": [alternative]}, **members})


def fed(codec: Nova, *messages: str | bytes) -> list[Heard | Unavailable]:
    return [event for message in messages for event in codec.feed(message)]


def streaming(codec: Nova, seconds: float, at_ms: int = 0) -> None:
    for n in range(round(seconds * 50)):
        codec.hear(FRAME, at_ms + 20 * n)


# ---- what it says -------------------------------------------------------------------------------


def test_keyterms_are_for_nova_3_and_keywords_for_those_before_it() -> None:
    listening = Listening("en", ("Green Valley", "Ava"))
    assert [w for w in wishes(listening, "nova-3") if w[0].startswith("key")] == [
        ("keyterm", "Green Valley"),
        ("keyterm", "Ava"),
    ]
    assert ("keywords", "Ava") in wishes(listening, "nova-2-phonecall")


def test_no_more_keyterms_are_asked_for_than_are_taken() -> None:
    listening = Listening("en", tuple(f"name{n}" for n in range(150)))
    assert sum(name == "keyterm" for name, _ in wishes(listening, "nova-3")) == 100


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language_of_ours_is_asked_for_by_its_name(language: Language) -> None:
    assert ("language", language) in wishes(Listening(language), "nova-3")


@pytest.mark.parametrize("sizes", [[160] * 5, [1] * 800, [7, 313, 480], [800]])
def test_audio_is_sent_in_pieces_of_forty_milliseconds(sizes: Sequence[int]) -> None:
    codec, audio = Nova(), bytes(n % 251 for n in range(800))
    at = 0
    sent: list[str | bytes] = []
    for size in sizes:
        codec.hear(audio[at : at + size], at // 8)
        sent += codec.to_send()
        at += size
    assert sent == [audio[:320], audio[320:640]]


def test_an_ear_without_audio_is_kept_alive() -> None:
    codec = Nova()
    codec.opened(100.0)
    sent: list[tuple[float, str | bytes]] = []
    for n in range(40):
        assert list(codec.beat(100.5 + n / 2)) == []
        sent += [(n / 2 + 0.5, message) for message in codec.to_send()]
    assert sent == [(KEEPALIVE_SECONDS * n, KEEPALIVE) for n in range(1, 6)]


def test_an_ear_with_audio_needs_nothing_else_to_live() -> None:
    codec = Nova()
    codec.opened(0.0)
    for n in range(16):
        streaming(codec, 0.5, at_ms=500 * n)
        assert list(codec.beat((n + 1) / 2)) == []
        assert KEEPALIVE not in codec.to_send()


def test_an_ear_that_answers_no_audio_hangs() -> None:
    codec = Nova()
    codec.opened(0.0)
    told: list[Unavailable] = []
    for n in range(60):
        streaming(codec, 0.5, at_ms=500 * n)
        if n == 10:
            fed(codec, results(""))
        told += codec.beat((n + 1) / 2)
        if told:
            assert n / 2 == pytest.approx(DEAF_SECONDS + 5, abs=1)
            break
    assert isinstance(told[0], VendorTrouble)


def test_much_audio_at_once_is_no_reason_to_give_up() -> None:
    codec = Nova()
    codec.opened(0.0)
    streaming(codec, 30)
    assert list(codec.beat(0.5)) == []


# ---- what it understands ------------------------------------------------------------------------


def test_guesses_come_before_words_that_are_certain() -> None:
    assert fed(
        Nova(),
        results("i need", (0.4, 0.5), (0.5, 0.7)),
        results("I need to move", (0.4, 0.5), (0.9, 1.1), final=True),
    ) == [
        Heard("i need", final=False, start_ms=400, end_ms=700),
        Heard("I need to move", final=False, start_ms=400, end_ms=1100, certain=True),
    ]


def test_a_pause_ends_no_turn() -> None:
    (heard,) = fed(Nova(), results("Yes.", (0.1, 0.3), final=True, speech_final=True))
    assert heard == Heard("Yes.", final=False, start_ms=100, end_ms=300, certain=True)


def test_a_segment_keeps_its_place_whatever_later_guesses_think() -> None:
    codec = Nova()
    heard = fed(
        codec,
        results("I", (0.44, 0.5)),
        results("I need", (0.38, 0.5), (0.5, 0.7)),
        results("I need it.", (0.40, 0.5), (0.9, 1.2), final=True),
        results("Now.", (1.3, 1.5), start=1.2),
    )
    assert [h.start_ms for h in heard if isinstance(h, Heard)] == [440, 440, 440, 1300]


def test_words_without_times_are_where_their_segment_is() -> None:
    assert fed(Nova(), results("Yes.", start=2.0)) == [
        Heard("Yes.", final=False, start_ms=2000, end_ms=3200)
    ]


def test_times_are_those_of_the_call() -> None:
    codec = Nova()
    streaming(codec, 1.0, at_ms=7000)
    streaming(codec, 1.0, at_ms=9000)
    heard = fed(
        codec, results("a", (0.5, 0.6), final=True), results("b", (1.5, 1.6), start=1.2, final=True)
    )
    assert [h.start_ms for h in heard if isinstance(h, Heard)] == [7500, 9500]


def test_a_clock_that_trembles_moves_no_word() -> None:
    codec = Nova()
    for n in range(50):
        codec.hear(FRAME, 40 + 20 * n + 9 * (n % 3))
    (heard,) = fed(codec, results("a", (0.5, 0.6)))
    assert heard == Heard("a", final=False, start_ms=540, end_ms=640)


@pytest.mark.parametrize(
    "message",
    [
        results(""),
        results("   ", final=True, speech_final=True),
        results("", final=True, from_finalize=True),
        '{"type":"SpeechStarted","channel":[0,1],"timestamp":3.38}',
        '{"type":"UtteranceEnd","channel":[0,1],"last_word_end":4.6}',
        '{"type":"Metadata","request_id":"r1","duration":12.3,"channels":1}',
        '{"type":"Weather","sunny":true}',
        "{}",
    ],
)
def test_what_is_no_word_means_nothing(message: str) -> None:
    assert fed(Nova(), message) == []


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        '"Results"',
        "null",
        b"\xff\xfe",
        '{"type":"Results"}',
        '{"type":"Results","channel":{"alternatives":[]}}',
        '{"type":"Results","channel":[{}],"is_final":true,"start":0,"duration":1}',
        results("a", start="x"),  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - as a vendor might
        results("a", start=float("nan")),
        results("a", start=float("inf")),
        "[" * 100_000,
    ],
)
def test_what_cannot_be_understood_is_one_typed_error(message: str | bytes) -> None:
    (error,) = fed(Nova(), message)
    assert isinstance(error, Garbled)
    assert error.retryable


def test_an_error_of_the_vendor_is_told() -> None:
    (error,) = fed(Nova(), '{"type":"Error","description":"overloaded","code":"X"}')
    assert isinstance(error, VendorTrouble)
    assert "overloaded" in error.message


def test_a_close_is_told_with_its_reason() -> None:
    error = Nova().closed(1011, "NET-0001")
    assert isinstance(error, VendorTrouble)
    assert "1011 NET-0001" in error.message

from __future__ import annotations

import json
from typing import get_args

import pytest

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.providers.deepgram.aura import Aura
from switchhook.providers.deepgram.voice import VOICES, model
from switchhook.providers.speaking import Finished, Piece, Spoken
from switchhook.providers.vendor import Garbled, VendorTrouble
from switchhook.testing import run_virtually
from switchhook.testing.deepgram import FakeDeepgram
from switchhook.testing.vendors import Visit
from tests.providers.opening import spoken

FLUSHED = '{"type":"Flushed","sequence_id":1}'
CLEARED = '{"type":"Cleared","sequence_id":2}'


def fed(codec: Aura, *messages: str | bytes) -> list[Spoken | Unavailable]:
    return [event for message in messages for event in codec.feed(message)]


def sent(codec: Aura) -> list[str]:
    return [json.loads(message)["type"] for message in codec.to_send()]


def opened(language: Language, choice: VoiceChoice) -> Visit:
    """Return the connection that such a voice makes."""
    fake = FakeDeepgram()
    run_virtually(lambda: spoken("deepgram", fake, language, choice))
    return fake.reception.visits[0]


def test_audio_until_the_flush_belongs_to_the_utterance() -> None:
    codec = Aura()
    codec.say(1, "Hello.")
    assert sent(codec) == ["Speak", "Flush"]
    assert fed(codec, b"aaa", b"b", FLUSHED) == [Piece(1, b"aaa"), Piece(1, b"b"), Finished(1)]


def test_after_a_clear_nothing_counts_until_it_is_confirmed() -> None:
    codec = Aura()
    codec.say(1, "Hello.")
    codec.cancel(1)
    codec.say(2, "Bye.")
    assert sent(codec) == ["Speak", "Flush", "Clear", "Speak", "Flush"]
    assert fed(codec, b"late", FLUSHED, b"later", CLEARED, b"bye", FLUSHED) == [
        Piece(2, b"bye"),
        Finished(2),
    ]


def test_two_clears_want_two_confirmations() -> None:
    codec = Aura()
    for utterance in (1, 2):
        codec.say(utterance, "Hello.")
        codec.cancel(utterance)
    codec.say(3, "Bye.")
    assert fed(codec, CLEARED, b"two", CLEARED, b"bye") == [Piece(3, b"bye")]


def test_what_is_finished_needs_no_clearing() -> None:
    codec = Aura()
    codec.say(1, "Hello.")
    fed(codec, FLUSHED)
    sent(codec)
    codec.cancel(1)
    assert sent(codec) == []


def test_a_lost_connection_takes_its_clears_with_it() -> None:
    codec = Aura()
    codec.say(1, "Hello.")
    codec.cancel(1)
    codec.lost()
    codec.say(2, "Bye.")
    assert sent(codec) == ["Speak", "Flush"]
    assert fed(codec, b"bye") == [Piece(2, b"bye")]


@pytest.mark.parametrize(
    "message",
    [
        '{"type":"Metadata","request_id":"r1","model_name":"aura-2-thalia-en"}',
        '{"type":"Warning","code":"X","description":"too many flushes"}',
        '{"type":"Weather"}',
        FLUSHED,
        CLEARED,
        b"audio of nobody",
    ],
)
def test_what_concerns_no_utterance_means_nothing(message: str | bytes) -> None:
    assert fed(Aura(), message) == []


def test_trouble_is_typed() -> None:
    codec = Aura()
    (error,) = fed(codec, '{"type":"Error","description":"no","code":"NET-0000"}')
    assert isinstance(error, VendorTrouble)
    (garbled,) = fed(codec, "{")
    assert isinstance(garbled, Garbled)


# ---- which voice --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language_asks_for_a_voice_of_its_own(language: Language) -> None:
    assert model(language, VoiceChoice()).endswith(f"-{language}")


def test_a_voice_is_chosen_by_its_name_or_by_its_full_name() -> None:
    assert model("en", VoiceChoice()) == "aura-2-thalia-en"
    assert model("es", VoiceChoice(name="nestor")) == "aura-2-nestor-es"
    assert model("en", VoiceChoice(name="aura-2-zeus-en")) == "aura-2-zeus-en"
    assert model("en", VoiceChoice(name="zeus", model="aura-3")) == "aura-3-zeus-en"


@pytest.mark.parametrize("language", VOICES)
def test_telephone_audio_is_asked_for_in_every_language_that_is_spoken(language: Language) -> None:
    query = opened(language, VoiceChoice()).query
    assert query["encoding"] == ["mulaw"]
    assert query["sample_rate"] == ["8000"]


def test_a_language_that_is_not_spoken_is_a_matter_of_settings() -> None:
    with pytest.raises(Misconfigured, match="language"):
        opened("ko", VoiceChoice())


def test_speed_is_asked_for_where_it_can_be_chosen_and_within_bounds() -> None:
    assert opened("en", VoiceChoice(speed=2.0)).query["speed"] == ["1.5"]
    assert opened("es", VoiceChoice(speed=0.9)).query["speed"] == ["0.9"]
    assert "speed" not in opened("en", VoiceChoice()).query
    assert "speed" not in opened("de", VoiceChoice(speed=1.2)).query

"""What every vendor's codec owes its shell, whatever the vendor says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.ports import Heard
from switchhook.providers.cartesia.codec import CARTESIA, Manner
from switchhook.providers.cartesia.codec import Contexts as CartesiaContexts
from switchhook.providers.deepgram.account import DEEPGRAM
from switchhook.providers.deepgram.aura import Aura
from switchhook.providers.deepgram.flux import Flux
from switchhook.providers.deepgram.nova import Nova
from switchhook.providers.elevenlabs.codec import ELEVENLABS
from switchhook.providers.elevenlabs.codec import Contexts as ElevenLabsContexts
from switchhook.providers.speaking import Spoken
from switchhook.providers.vendor import Vendor, VendorTrouble


class Listening(Protocol):
    def feed(self, message: str | bytes) -> Iterable[Heard | Spoken | Unavailable]: ...


def _cartesia() -> Listening:
    codec = CartesiaContexts(Manner("sonic-3", "v1", "en"))
    codec.say(1, "Hi.")
    return codec


def _elevenlabs() -> Listening:
    codec = ElevenLabsContexts()
    codec.say(1, "Hi.")
    return codec


def _aura() -> Listening:
    codec = Aura()
    codec.say(1, "Hi.")
    return codec


CODECS: tuple[Callable[[], Listening], ...] = (Nova, Flux, _aura, _cartesia, _elevenlabs)

_NAMES = st.sampled_from(
    (
        *("type", "event", "channel", "alternatives", "transcript", "words", "start", "end"),
        *("duration", "is_final", "turn_index", "audio_window_start", "audio_window_end"),
        *("context_id", "contextId", "data", "audio", "alignment", "chars", "charStartTimesMs"),
        *("charDurationsMs", "isFinal", "word_timestamps", "status_code", "error", "code"),
    )
)
_WORDS = st.sampled_from(
    (
        *("Results", "TurnInfo", "EndOfTurn", "Connected", "Flushed", "Cleared", "Error"),
        *("error", "chunk", "timestamps", "done", "u1"),
    )
)
_MESSAGES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=8),
    max_leaves=12,
)


@pytest.mark.parametrize("codec", CODECS)
@settings(max_examples=40)
@given(st.lists(_MESSAGES, max_size=4))
def test_nothing_that_a_vendor_says_breaks_a_codec(
    codec: Callable[[], Listening], messages: list[object]
) -> None:
    listening = codec()
    for message in messages:
        list(listening.feed(json.dumps(message)))


@pytest.mark.parametrize("codec", CODECS)
@settings(max_examples=40)
@given(st.text(max_size=30))
def test_nor_does_what_is_no_message_at_all(codec: Callable[[], Listening], text: str) -> None:
    for event in codec().feed(text):
        assert isinstance(event, VendorTrouble)


@pytest.mark.parametrize("vendor", [CARTESIA, DEEPGRAM, ELEVENLABS])
def test_a_refusal_names_the_vendor_and_what_to_change(vendor: Vendor) -> None:
    wrong_key = vendor.refused(401, "Invalid credentials")
    assert isinstance(wrong_key, Misconfigured)
    assert wrong_key.message.startswith(vendor.name)
    assert vendor.key_setting in wrong_key.message
    assert "model" in vendor.refused(400, "").message
    assert "credit" in vendor.refused(402, "").message


def test_a_refusal_that_passes_tells_for_how_long() -> None:
    busy = DEEPGRAM.refused(429, "slow down", retry_after=7)
    assert isinstance(busy, VendorTrouble)
    assert busy.retryable
    assert busy.retry_after == 7


def test_a_long_story_is_cut_short() -> None:
    assert len(DEEPGRAM.refused(500, "x" * 5000).message) < 400

"""Every vendor's ears and voice beside its fake, for the conformance suites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from switchhook.ports import Clock, Ears, Voice
from switchhook.providers.cartesia.voice import CartesiaVoice
from switchhook.providers.deepgram.ears import DeepgramEars
from switchhook.providers.deepgram.voice import DeepgramVoice
from switchhook.providers.elevenlabs.voice import ElevenLabsVoice
from switchhook.testing.cartesia import FakeCartesia
from switchhook.testing.deepgram import FakeDeepgram
from switchhook.testing.elevenlabs import FakeElevenLabs
from switchhook.testing.vendors import Json, Reception


class Speaker(Protocol):
    """A vendor's fake that speaks."""

    key: str
    chunk: int
    pace: float

    @property
    def reception(self) -> Reception: ...


class Hearer(Protocol):
    """A vendor's fake that hears."""

    key: str

    @property
    def reception(self) -> Reception: ...


@dataclass(frozen=True)
class VoiceRig:
    name: str
    fake: Callable[[], Speaker]
    voice: Callable[[str, Clock, str], Voice]
    """Made of a key, a clock and an address."""
    text: Callable[[Json], str]
    """What a message asks to be spoken, or nothing."""
    timed: bool = True

    def asked(self, fake: Speaker) -> list[str]:
        """What was to be spoken, on all connections."""
        messages = [message for visit in fake.reception.visits for message in visit.messages]
        return [text for message in messages if (text := self.text(message).strip())]


@dataclass(frozen=True)
class EarsRig:
    name: str
    model: str
    fake: Callable[[list[str]], Hearer]
    """Made of what is said, one text for the sound between two silences."""
    ears: Callable[[str, Clock, str], Ears]
    """Made of a key, a clock and an address."""
    knows_turns: bool = False


def _cartesia(key: str, clock: Clock, url: str) -> Voice:
    return CartesiaVoice(key, clock, Random(1), url=url)


def _deepgram(key: str, clock: Clock, url: str) -> Voice:
    return DeepgramVoice(key, clock, Random(1), url=url)


def _elevenlabs(key: str, clock: Clock, url: str) -> Voice:
    return ElevenLabsVoice(key, clock, Random(1), url=url)


def _deepgram_ears(key: str, clock: Clock, url: str) -> Ears:
    return DeepgramEars(key, clock, url=url)


def _member(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda message: str(message.get(name) or "")


VOICES = (
    VoiceRig("cartesia", FakeCartesia, _cartesia, _member("transcript")),
    VoiceRig("deepgram", FakeDeepgram, _deepgram, _member("text"), timed=False),
    VoiceRig("elevenlabs", FakeElevenLabs, _elevenlabs, _member("text")),
)
EARS = (
    EarsRig("nova", "nova-3", FakeDeepgram, _deepgram_ears),
    EarsRig("flux", "flux-general-en", FakeDeepgram, _deepgram_ears, knows_turns=True),
)

"""A voice of Deepgram: Aura, whose model is its voice and its language at once."""

from __future__ import annotations

from random import Random
from types import MappingProxyType
from typing import Final

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Clock
from switchhook.providers.deepgram.account import URL, Wish, place
from switchhook.providers.deepgram.aura import PATH, Aura
from switchhook.providers.speaking import SocketSpeaking

MODEL: Final = "aura-2"
VOICES: Final = MappingProxyType[Language, str](
    {
        "en": "thalia",
        "es": "celeste",
        "de": "viktoria",
        "fr": "agathe",
        "nl": "rhea",
        "it": "livia",
        "ja": "izanami",
    }
)
"""Who speaks by default; the vendor itself refuses a language that it does not know."""

SPEEDS: Final = (0.7, 1.5)
_PACED: Final[frozenset[Language]] = frozenset({"en", "es"})
"""The languages in which the speed can be chosen."""


class DeepgramVoice:
    """Opens a connection for every call."""

    name = "deepgram"

    def __init__(self, key: str, clock: Clock, random: Random, *, url: str = URL) -> None:
        self._key, self._clock, self._random = key, clock, random
        self._url = url

    def open(self, language: Language, choice: VoiceChoice) -> SocketSpeaking:
        """Start to speak in one call."""
        wishes: list[Wish] = [("model", model(language, choice))]
        if choice.speed != 1.0 and language in _PACED:
            slowest, fastest = SPEEDS
            wishes.append(("speed", f"{min(fastest, max(slowest, choice.speed)):g}"))
        there = place(self._url, PATH, self._key, tuple(wishes))
        return SocketSpeaking(there, Aura(), self._clock, self._random)


def model(language: Language, choice: VoiceChoice) -> str:
    """Return the vendor's name for a voice, which may be chosen by its full name or by its own."""
    if choice.name.count("-") > 1:
        return choice.name
    name = VOICES.get(language, VOICES["en"]) if choice.name == "default" else choice.name
    return f"{choice.model or MODEL}-{name}-{language}"

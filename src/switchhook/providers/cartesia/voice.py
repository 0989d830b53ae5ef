"""A voice of Cartesia."""

from __future__ import annotations

from random import Random
from typing import Final

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Clock
from switchhook.providers.cartesia.codec import CARTESIA, Contexts, Manner
from switchhook.providers.sockets import Place
from switchhook.providers.speaking import SocketSpeaking

URL: Final = "wss://api.cartesia.ai"
VERSION: Final = "2026-03-01"
MODEL: Final = "sonic-3"
VOICE: Final = "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"


class CartesiaVoice:
    """Opens a connection for every call; the model speaks all of our languages."""

    name = "cartesia"

    def __init__(self, key: str, clock: Clock, random: Random, *, url: str = URL) -> None:
        self._headers = {"X-API-Key": key, "Cartesia-Version": VERSION}
        self._clock, self._random = clock, random
        self._url = url

    def open(self, language: Language, choice: VoiceChoice) -> SocketSpeaking:
        """Start to speak in one call."""
        voice = VOICE if choice.name == "default" else choice.name
        manner = Manner(choice.model or MODEL, voice, language, choice.speed)
        place = Place(CARTESIA, f"{self._url}/tts/websocket", self._headers)
        return SocketSpeaking(place, Contexts(manner), self._clock, self._random)

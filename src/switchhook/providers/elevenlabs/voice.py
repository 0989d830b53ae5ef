"""A voice of ElevenLabs."""

from __future__ import annotations

from random import Random
from typing import Final
from urllib.parse import quote, urlencode

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Clock
from switchhook.providers.elevenlabs.codec import ELEVENLABS, Contexts
from switchhook.providers.sockets import Place
from switchhook.providers.speaking import SocketSpeaking

URL: Final = "wss://api.elevenlabs.io"
MODEL: Final = "eleven_flash_v2_5"
VOICE: Final = "JBFqnCBsd6RMkjVDRZzb"

_TOLD_THE_LANGUAGE: Final = ("eleven_flash_v2_5", "eleven_turbo_v2_5")
"""The models that may be told; all others hear it in the text."""


class ElevenLabsVoice:
    """Opens a connection for every call; the default voice speaks all of our languages."""

    name = "elevenlabs"

    def __init__(self, key: str, clock: Clock, random: Random, *, url: str = URL) -> None:
        self._key, self._clock, self._random = key, clock, random
        self._url = url

    def open(self, language: Language, choice: VoiceChoice) -> SocketSpeaking:
        """Start to speak in one call."""
        model = choice.model or MODEL
        voice = VOICE if choice.name == "default" else choice.name
        wishes = {
            "model_id": model,
            "output_format": "ulaw_8000",
            "auto_mode": "true",
            "sync_alignment": "true",
        }
        if model in _TOLD_THE_LANGUAGE:
            wishes["language_code"] = language
        path = f"/v1/text-to-speech/{quote(voice, safe='')}/multi-stream-input"
        place = Place(
            ELEVENLABS, f"{self._url}{path}?{urlencode(wishes)}", {"xi-api-key": self._key}
        )
        return SocketSpeaking(place, Contexts(choice.speed), self._clock, self._random)

"""A voice that is OpenAI's speech endpoint: 24 kHz samples, made telephone audio as they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Final

from switchhook.audio import g711
from switchhook.audio.streaming import Resampler, Whole
from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import FRAME_BYTES, SAMPLE_RATE, Frame, Speech
from switchhook.providers.openai.api import Api

MODEL: Final = "gpt-4o-mini-tts"
VOICE: Final = "marin"
RATE: Final = 24000

FIRST_BYTE_SECONDS: Final = 3.0

_PATH: Final = "/audio/speech"
_UNGUIDED: Final = ("tts-1", "tts-1-hd")
"""Models that take no instructions."""


class OpenAIVoice:
    """Speaks as it is told; nothing says when a word is audible, so that others estimate it."""

    name = "openai"

    def __init__(self, api: Api, model: str = MODEL, instructions: str = "") -> None:
        self._api = api
        self._model = model
        self._instructions = instructions

    def open(self, language: Language, choice: VoiceChoice) -> OpenAISpeaking:
        """Begin to speak in one call; the language is that of the text."""
        del language
        model = choice.model or self._model
        wishes: dict[str, Any] = {
            "model": model,
            "voice": choice.name if choice.name != "default" else VOICE,
            "response_format": "pcm",
            "speed": choice.speed,
        }
        if self._instructions and model not in _UNGUIDED:
            wishes["instructions"] = self._instructions
        return OpenAISpeaking(self._api, wishes)


class OpenAISpeaking:
    """One call's open voice: a request for every utterance."""

    def __init__(self, api: Api, wishes: dict[str, Any]) -> None:
        self._api = api
        self._wishes = wishes

    async def say(self, text: str) -> AsyncGenerator[Speech]:
        """Yield the utterance piece by piece as it is made."""
        down, frames = Resampler(RATE, SAMPLE_RATE), Whole(FRAME_BYTES)
        body = self._wishes | {"input": text}
        async with self._api.post(_PATH, body, FIRST_BYTE_SECONDS) as pieces:
            async for piece in pieces:
                whole = frames.feed(g711.encode(down.feed(piece)))
                if whole:
                    yield _speech(whole)
        rest = frames.feed(g711.encode(down.flush())) + frames.flush(g711.SILENCE)
        if rest:
            yield _speech(rest)

    async def run(self) -> None:
        """Return at once: there is no connection to keep."""

    def close(self) -> None:
        """Let go of nothing: there is nothing to hold."""


def _speech(ulaw: bytes) -> Speech:
    return Speech(tuple(Frame(audio) for audio in g711.frames(ulaw, FRAME_BYTES)), ())

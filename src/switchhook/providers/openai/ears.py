"""Ears that are OpenAI's streaming transcription."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from switchhook.domain.errors import EarsLost, Misconfigured, Unavailable
from switchhook.engine.expectation import Expectation
from switchhook.ports import Frame, Heard, Listening
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.session import Session
from switchhook.providers.openai.transcription import Transcription
from switchhook.providers.openai.trouble import Failure

MODEL: Final = "gpt-live-transcribe"

_PATH: Final = "/realtime?intent=transcription"


class OpenAIEars:
    """Opens a session for every call."""

    name = "openai"

    def __init__(self, api: Api, model: str = MODEL) -> None:
        self._api = api
        self._model = model

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> OpenAIHearing:
        """Start to listen to one call."""
        model = listening.model or self._model
        codec = Transcription(model, listening.language, listening.keywords)
        return OpenAIHearing(self._api, codec, told)


class OpenAIHearing:
    """One call's open ear."""

    def __init__(self, api: Api, codec: Transcription, told: Callable[[Heard], None]) -> None:
        self._codec = codec
        self._told = told
        self._session = Session(api, _PATH, codec, self._tell)

    def expect(self, asked: Expectation) -> None:
        """Take no notice: the vendor understands whatever is said."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        for heard in self._codec.hear(frame.audio, at_ms):
            self._told(heard)
        self._session.flush()

    async def run(self) -> None:
        """Keep listening until `close`; raise what ends it for good."""
        try:
            await self._session.run()
        except Misconfigured:
            raise
        except Unavailable as lost:
            raise EarsLost(lost.message, hint="the call goes on with other ears") from lost

    def close(self) -> None:
        """Let go of everything."""
        self._session.close()

    def _tell(self, heard: Heard | Failure) -> None:
        if isinstance(heard, Failure):
            raise heard.error()
        self._told(heard)

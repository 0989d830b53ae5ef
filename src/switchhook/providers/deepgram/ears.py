"""Ears of Deepgram: Flux where it knows the language, else Nova."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from switchhook.domain.agent import Language
from switchhook.domain.errors import EarsLost, Misconfigured, Unavailable
from switchhook.engine.expectation import Expectation
from switchhook.ports import Clock, Frame, Heard, Listening
from switchhook.providers.deepgram import flux, nova
from switchhook.providers.deepgram.account import URL, place
from switchhook.providers.sockets import Place, Session

_FLUX: Final = "flux"


class DeepgramEars:
    """Opens a connection for every call."""

    name = "deepgram"

    def __init__(self, key: str, clock: Clock, *, url: str = URL) -> None:
        self._key, self._clock, self._url = key, clock, url

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> DeepgramHearing:
        """Start to listen to one call."""
        model = listening.model or default_model(listening.language)
        kind, codec = (flux, flux.Flux()) if model.startswith(_FLUX) else (nova, nova.Nova())
        there = place(self._url, kind.PATH, self._key, kind.wishes(listening, model))
        return DeepgramHearing(there, codec, told, self._clock)


def default_model(language: Language) -> str:
    """Return the model that knows most about turns in this language."""
    if language == "en":
        return flux.ENGLISH
    return flux.MULTILINGUAL if language in flux.LANGUAGES else nova.MODEL


class DeepgramHearing:
    """One call's open ear.

    A connection that is lost ends it: whoever opens another one lets it hear again what was
    never understood.
    """

    def __init__(
        self,
        there: Place,
        codec: flux.Flux | nova.Nova,
        told: Callable[[Heard], None],
        clock: Clock,
    ) -> None:
        self._codec = codec
        self._session = Session[Heard](there, codec, told, clock)

    def expect(self, asked: Expectation) -> None:
        """Take no notice: the vendor understands whatever is said."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        self._codec.hear(frame.audio, at_ms)
        self._session.flush()

    async def run(self) -> None:
        """Keep listening until `close`; raise what ends it for good."""
        try:
            await self._session.run()
        except Misconfigured:
            raise
        except Unavailable as lost:
            raise EarsLost(
                lost.message, hint="other ears can go on", retry_after=lost.retry_after
            ) from lost

    def close(self) -> None:
        """Let go of everything."""
        self._session.close()

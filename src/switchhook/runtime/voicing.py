"""A voice that does not let a call hang: deadlines for every utterance, and a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

import structlog

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured
from switchhook.ports import Speaking, Speech, Voice
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.connections import Connections
from switchhook.runtime.lines import Line, Lines
from switchhook.runtime.streams import reading
from switchhook.runtime.utterances import Progress, whole

PIECE_PATIENCE = 3.0
"""Seconds a voice may take until an utterance can begin, and from one piece to the next."""

LESS_PATIENCE = 1.0
"""The same, for a voice that has hung: somebody waits for the apology."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Own:
    """A voice that was opened for the call."""

    name: str
    speaking: Speaking


class SteadyVoice:
    """The voice of one call.

    A voice that fails gives way to the stand-in, and the stand-in stays: an agent whose voice
    changes back and forth is worse than one whose voice has changed. Without a stand-in a voice
    that failed at once is asked again, as after a connection that was closed between two
    sentences; one that hangs, or is not let in, is not; one whose breaker is open fails without
    being asked. In the middle of an utterance whoever takes over goes on with the next word. When
    no voice is left, what was made in advance by any of them can still be said.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        language: Language,
        choice: VoiceChoice,
        lines: Lines | None = None,
        *,
        breakers: Breakers,
    ) -> None:
        self._language: Language = language
        self._choice = choice
        self._lines = lines or Lines()
        self._breakers = breakers
        self._hung: set[str] = set()
        self._opened = [_Own(voice.name, voice.open(language, choice)) for voice in voices]
        self._voice, *others = self._opened
        self._other = others[0] if others else None

    def connect(self, connections: Connections) -> None:
        """Keep the connections of all that may speak."""
        for own in self._opened:
            connections.keep(own.speaking.run(), lambda failure, own=own: _lost(own, failure))

    def close(self) -> None:
        """Let go of everything."""
        for own in self._opened:
            own.speaking.close()

    async def prepare(self, texts: Iterable[str]) -> None:
        """Make what will be said, so that it is there when it is wanted."""
        voice = self._voice
        for text in texts:
            line = self._line(voice, text)
            if self._lines.find(line) is None:
                self._lines.keep(line, whole(await self._beforehand(voice, text)))

    async def _beforehand(self, voice: _Own, text: str) -> list[Speech]:
        try:
            return [piece async for piece in self._pieces(voice, Progress(text))]
        except Exception:
            # One that fails before anybody has heard it is not waited for as long once they listen.
            self._hung.add(voice.name)
            raise

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance piece by piece; raise what the last voice raised."""
        made = self._lines.find(self._line(self._voice, text))
        if made is not None:
            yield made
            return
        progress = Progress(text)
        try:
            async with reading(self._spoken(progress)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception:
            made = next(filter(None, map(self._lines.find, self._lines_of(text))), None)
            if made is None or progress.begun:
                raise
            yield made

    async def _spoken(self, progress: Progress) -> AsyncIterator[Speech]:
        """Yield what the voice, and whoever takes over from it, makes of an utterance."""
        asked = self._voice
        try:
            async with reading(self._pieces(asked, progress)) as pieces:
                async for piece in pieces:
                    yield piece
        except Exception as failure:
            _log.warning("voice_failed", voice=asked.name, exc_info=True)
            hopeless = isinstance(failure, TimeoutError | Misconfigured)
            if (self._other is None and hopeless) or not progress.can_go_on:
                raise
        else:
            return
        # While this one failed, another sentence may have called the stand-in already.
        if self._other is not None and self._voice is asked:
            self._voice, self._other = self._other, asked
        progress.restart()
        async with reading(self._pieces(self._voice, progress)) as pieces:
            async for piece in pieces:
                yield piece

    async def _pieces(self, voice: _Own, progress: Progress) -> AsyncIterator[Speech]:
        """Yield what is left of an utterance; raise TimeoutError when nothing more comes."""
        with self._breakers.of("voice", voice.name).trying():
            async with reading(voice.speaking.say(progress.rest)) as pieces:
                while True:
                    piece = await self._next(voice, pieces)
                    if piece is None:
                        break
                    yield progress.take(piece)
        yield progress.end()

    async def _next(self, voice: _Own, pieces: AsyncIterator[Speech]) -> Speech | None:
        try:
            patience = LESS_PATIENCE if voice.name in self._hung else PIECE_PATIENCE
            async with asyncio.timeout(patience):
                piece = await anext(pieces, None)
        except TimeoutError:
            self._hung.add(voice.name)
            raise
        self._hung.discard(voice.name)
        return piece

    def _lines_of(self, text: str) -> list[Line]:
        return [self._line(voice, text) for voice in self._opened]

    def _line(self, voice: _Own, text: str) -> Line:
        return Line(voice.name, self._language, self._choice, text)


def _lost(own: _Own, failure: Exception) -> None:
    _log.warning("voice_disconnected", voice=own.name, exc_info=failure)

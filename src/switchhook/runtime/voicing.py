"""A voice that does not let a call hang: deadlines for every utterance, and a stand-in."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

import structlog

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured, Unavailable
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


@dataclass(slots=True)
class _Own:
    """A voice of the call; it is opened when it is first needed."""

    voice: Voice
    choice: VoiceChoice
    speaking: Speaking | None = None

    @property
    def name(self) -> str:
        """What the voice is called."""
        return self.voice.name


class SteadyVoice:
    """The voice of one call.

    A voice that fails gives way to the next one, and that one stays: an agent whose voice changes
    back and forth is worse than one whose voice has changed. A voice without others is asked again
    when it failed at once, as after a connection that was closed between two sentences; one that
    hangs, or is not let in, is not; one whose breaker is open fails without being asked. In the
    middle of an utterance whoever takes over goes on with the next word. When no voice is left,
    what was made in advance by any of them can still be said.
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
        self._lines = lines or Lines()
        self._breakers = breakers
        self._connections: Connections | None = None
        self._hung: set[str] = set()
        first, *others = voices
        # The name and the model are those of the first voice; the others speak as they always do.
        default = choice.model_copy(update={"name": "default", "model": None})
        self._voices = deque([_Own(first, choice), *(_Own(other, default) for other in others)])

    def connect(self, connections: Connections) -> None:
        """Keep the connection of whoever speaks."""
        self._connections = connections
        self._opened(self._voices[0])

    def close(self) -> None:
        """Let go of everything."""
        for own in self._voices:
            if own.speaking is not None:
                own.speaking.close()

    async def prepare(self, texts: Iterable[str]) -> None:
        """Make what will be said, so that it is there when it is wanted."""
        voice = self._voices[0]
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
        made = self._lines.find(self._line(self._voices[0], text))
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
        alone = len(self._voices) == 1
        more = 1 if alone else len(self._voices) - 1
        while True:
            asked = self._voices[0]
            try:
                async with reading(self._pieces(asked, progress)) as pieces:
                    async for piece in pieces:
                        yield piece
            except Exception as failure:
                _log.warning("voice_failed", voice=asked.name, exc_info=True)
                hopeless = isinstance(failure, TimeoutError | Misconfigured)
                if not more or (alone and hopeless) or not progress.can_go_on:
                    raise
            else:
                return
            more -= 1
            # While this one failed, another sentence may have called the next one already.
            if self._voices[0] is asked:
                self._voices.rotate(-1)
            progress.restart()

    async def _pieces(self, voice: _Own, progress: Progress) -> AsyncIterator[Speech]:
        """Yield what is left of an utterance; raise TimeoutError when nothing more comes."""
        with self._breakers.of("voice", voice.name).trying():
            async with reading(self._opened(voice).say(progress.rest)) as pieces:
                due = self._due(voice)
                while (piece := await self._next(voice, pieces, due)) is not None:
                    yield progress.take(piece)
                    due = self._due(voice) if progress.playable else due
            if not progress.enough:
                raise Unavailable("the voice broke off", hint="it says no more than a part of it")
        yield progress.end()

    def _due(self, voice: _Own) -> float:
        patience = LESS_PATIENCE if voice.name in self._hung else PIECE_PATIENCE
        return asyncio.get_running_loop().time() + patience

    async def _next(self, voice: _Own, pieces: AsyncIterator[Speech], due: float) -> Speech | None:
        try:
            async with asyncio.timeout_at(due):
                piece = await anext(pieces, None)
        except TimeoutError:
            self._hung.add(voice.name)
            raise
        self._hung.discard(voice.name)
        return piece

    def _lines_of(self, text: str) -> list[Line]:
        return [self._line(voice, text) for voice in self._voices]

    def _line(self, voice: _Own, text: str) -> Line:
        return Line(voice.name, self._language, voice.choice, text)

    def _opened(self, own: _Own) -> Speaking:
        if own.speaking is None:
            own.speaking = own.voice.open(self._language, own.choice)
            if self._connections is not None:
                self._connections.keep(own.speaking.run(), lambda failure: _lost(own, failure))
        return own.speaking


def _lost(own: _Own, failure: Exception) -> None:
    _log.warning("voice_disconnected", voice=own.name, exc_info=failure)

"""A voice that does not let a call hang: a deadline for every utterance, and a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.transcript import Word
from switchhook.ports import Frame, Speaking, Speech, Voice

FIRST_AUDIO = 3.0
"""Seconds a voice may take until an utterance can begin."""

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
    sentences; one that hangs is not.
    """

    def __init__(self, voices: Sequence[Voice], language: Language, choice: VoiceChoice) -> None:
        self._voice, *others = (_Own(voice.name, voice.open(language, choice)) for voice in voices)
        self._other = others[0] if others else None

    async def say(self, text: str) -> Speech:
        """Return the utterance as audio; raise what the last voice raised, or TimeoutError."""
        asked = self._voice
        try:
            return await self._within(asked, text)
        except Exception as failure:
            _log.warning("voice_failed", voice=asked.name, exc_info=True)
            if self._other is None and isinstance(failure, TimeoutError):
                raise
        # While this one failed, another sentence may have called the stand-in already.
        if self._other is not None and self._voice is asked:
            self._voice, self._other = self._other, asked
        return await self._within(self._voice, text)

    async def _within(self, voice: _Own, text: str) -> Speech:
        frames: list[Frame] = []
        words: list[Word] = []
        async with asyncio.timeout(FIRST_AUDIO):
            async for piece in voice.speaking.say(text):
                frames += piece.frames
                words += piece.words
        return Speech(tuple(frames), tuple(words))

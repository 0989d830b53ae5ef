"""A voice that does not let a call hang: a deadline for every utterance, and a stand-in."""

from __future__ import annotations

import asyncio

import structlog

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import Speech, Voice
from switchhook.runtime.breaker import Breakers

FIRST_AUDIO = 3.0
"""Seconds a voice may take until an utterance can begin."""

_log = structlog.get_logger(__name__)


class SteadyVoice:
    """The voice of one call.

    A voice that fails gives way to the stand-in, and the stand-in stays: an agent whose voice
    changes back and forth is worse than one whose voice has changed. Without a stand-in a voice
    that failed at once is asked again, as after a connection that was closed between two
    sentences; one that hangs is not. One whose breaker is open fails without being asked.
    """

    def __init__(self, voice: Voice, stand_in: Voice | None = None, *, breakers: Breakers) -> None:
        self._voice = voice
        self._other = stand_in
        self._breakers = breakers
        self.name = voice.name

    async def say(self, text: str, language: str, choice: VoiceChoice) -> Speech:
        """Return the utterance as audio; raise what the last voice raised, or TimeoutError."""
        asked = self._voice
        try:
            return await self._within(asked, text, language, choice)
        except Exception as failure:
            _log.warning("voice_failed", voice=asked.name, exc_info=True)
            if self._other is None and isinstance(failure, TimeoutError):
                raise
        # While this one failed, another sentence may have called the stand-in already.
        if self._other is not None and self._voice is asked:
            self._voice, self._other = self._other, asked
        return await self._within(self._voice, text, language, choice)

    async def _within(self, voice: Voice, text: str, language: str, choice: VoiceChoice) -> Speech:
        with self._breakers.of("voice", voice.name).trying():
            async with asyncio.timeout(FIRST_AUDIO):
                return await voice.say(text, language, choice)

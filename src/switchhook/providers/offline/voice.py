"""The offline voice: espeak-ng, robotic and intelligible, with the exact time of every word."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from switchhook.audio import g711
from switchhook.audio.resample import resample
from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.transcript import Word
from switchhook.ports import SAMPLE_RATE, Speech
from switchhook.providers.offline.espeak import Espeak, Manner, Spoken, WordBegins
from switchhook.runtime.framing import framed

WORDS_PER_MINUTE = 165

_VOICES = {
    "en": "en-us",
    "es": "es",
    "de": "de",
    "hi": "hi",
    "pt": "pt-br",
    "fr": "fr-fr",
    "nl": "nl",
    "id": "id",
    "it": "it",
    "ja": "ja",
    "ko": "ko",
}
_CALLEE = ("callee", "+f3")


def available() -> bool:
    """Tell whether the extra `offline` is installed."""
    return importlib.util.find_spec("espeakng_loader") is not None


class OfflineVoice:
    """One library, one thread, for all calls: a sentence takes it about a millisecond."""

    name = "espeak-ng"

    def __init__(self) -> None:
        self._espeak: Espeak | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")

    def open(self, language: Language, choice: VoiceChoice) -> OfflineSpeaking:
        """Start to speak in one call."""
        return OfflineSpeaking(self, _manner(language, choice))

    def close(self) -> None:
        """Let the thread go."""
        self._thread.shutdown(wait=False)

    async def said(self, text: str, manner: Manner) -> Speech:
        """Return the whole utterance as audio."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._say, text, manner)

    def _say(self, text: str, manner: Manner) -> Speech:
        espeak = self._espeak = self._espeak or _load()
        spoken = espeak.say(text, manner)
        pcm = resample(spoken.pcm, espeak.rate, SAMPLE_RATE)
        return framed(g711.encode(pcm), words(text, spoken, espeak.rate))


class OfflineSpeaking:
    """One call's manner of speaking."""

    def __init__(self, voice: OfflineVoice, manner: Manner) -> None:
        self._voice = voice
        self._manner = manner

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance, in one piece."""
        yield await self._voice.said(text, self._manner)

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of nothing: the thread is everybody's."""


def words(text: str, spoken: Spoken, rate: int) -> list[Word]:
    """Return the words as they are written, and when each is audible.

    The library tells where each spoken word begins; what the text joins, such as a number or
    "don't", may be several of them, and punctuation is none.
    """
    length_ms = len(spoken.pcm) // 2 * 1000 // rate
    timed: list[Word] = []
    position = 0
    pieces = text.split()
    starts: list[int | None] = []
    for piece in pieces:
        position = text.index(piece, position)
        starts.append(_start(spoken.words, position, position + len(piece)))
        position += len(piece)
    previous = 0
    for index, piece in enumerate(pieces):
        start = starts[index] if starts[index] is not None else previous
        end = next((s for s in starts[index + 1 :] if s is not None), length_ms)
        previous = max(previous, start or 0)
        timed.append(Word(text=piece, start_ms=previous, end_ms=max(previous, end)))
    return timed


def _start(begun: Sequence[WordBegins], first: int, last: int) -> int | None:
    return next((w.milliseconds for w in begun if first <= w.position < last), None)


def _manner(language: str, choice: VoiceChoice) -> Manner:
    named = choice.provider == OfflineVoice.name and choice.name != "default"
    voice = choice.name if named else _VOICES.get(language, "en-us")
    suffix = _CALLEE[1] if choice.name == _CALLEE[0] else ""
    return Manner(voice + suffix, round(WORDS_PER_MINUTE * choice.speed))


def _load() -> Espeak:
    # A 20 MB wheel under another licence: loaded when something is said, and only if installed.
    loader = importlib.import_module("espeakng_loader")
    return Espeak(str(loader.get_library_path()), str(loader.get_data_path()))

"""A voice that needs nothing and takes no time: every word is as long as it has letters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_MS, Frame, Speech, Voice
from switchhook.runtime.framing import QUIET
from switchhook.testing import sounds
from switchhook.testing.faults import NO_FAULTS, Faults, Fortune, Trouble

_LETTER_FRAMES = 2
_WORD_FRAMES = 4
_GAP_FRAMES = 2
_LONGEST = 30


class PlainVoice:
    """Murmurs; the words ride on its frames, and their times are exact."""

    name = "plain"

    def __init__(self, faults: Faults = NO_FAULTS) -> None:
        self._fortune = Fortune(faults)
        self.asked: list[str] = []

    def open(self, language: Language, choice: VoiceChoice) -> Murmuring:  # noqa: ARG002 - a murmur is the same in every language
        """Start to murmur in one call."""
        return Murmuring(self)

    async def said(self, text: str) -> Speech:
        """Return the whole utterance as audio."""
        self.asked.append(text)
        match await self._fortune.pass_on("the voice"):
            case Trouble.NOTHING:
                return Speech((), ())
            case Trouble.GARBAGE:
                return murmured("xyzzy" if text else "")
            case _:
                return murmured(text)


class Murmuring:
    """One call's murmur."""

    def __init__(self, voice: PlainVoice) -> None:
        self._voice = voice

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance, in one piece."""
        yield await self._voice.said(text)

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of nothing."""


async def uttered(
    voice: Voice, text: str, language: Language = "en", choice: VoiceChoice | None = None
) -> Speech:
    """Return a whole utterance of a voice, however many pieces it comes in."""
    frames: list[Frame] = []
    words: list[Word] = []
    speaking = voice.open(language, choice or VoiceChoice())
    async for piece in speaking.say(text):
        frames += piece.frames
        words += piece.words
    speaking.close()
    return Speech(tuple(frames), tuple(words))


@cache
def murmured(text: str) -> Speech:
    """Return the text as the plain voice says it."""
    frames: list[Frame] = []
    words: list[Word] = []
    for word in text.split():
        length = min(_LONGEST, _WORD_FRAMES + _LETTER_FRAMES * len(word))
        start = len(frames) * FRAME_MS
        words.append(Word(text=word, start_ms=start, end_ms=start + length * FRAME_MS))
        # Most of a word has been audible when it counts as heard.
        audio = sounds.syllables(length * FRAME_MS)
        most = int(0.6 * length)
        frames += [Frame(a, (word,) if n == most else ()) for n, a in enumerate(audio)]
        frames += [QUIET] * _GAP_FRAMES
    return Speech(tuple(frames), tuple(words))

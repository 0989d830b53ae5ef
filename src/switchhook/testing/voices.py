"""A voice that needs nothing and takes no time: every word is as long as it has letters."""

from __future__ import annotations

from functools import cache

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_MS, Frame, Speech
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

    async def say(self, text: str, language: str, choice: VoiceChoice) -> Speech:  # noqa: ARG002 - a murmur is the same in every language
        """Return the utterance as audio."""
        self.asked.append(text)
        match await self._fortune.pass_on("the voice"):
            case Trouble.NOTHING:
                return Speech((), ())
            case Trouble.GARBAGE:
                return murmured("xyzzy" if text else "")
            case _:
                return murmured(text)


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

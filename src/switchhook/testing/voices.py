"""A voice that needs nothing and takes no time: every word is as long as it has letters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_MS, Frame, Speech, Voice
from switchhook.runtime.framing import QUIET
from switchhook.testing import sounds
from switchhook.testing.faults import NO_FAULTS, Faults, Fortune, Trouble
from switchhook.testing.wires import chance

_LETTER_FRAMES = 2
_WORD_FRAMES = 4
_GAP_FRAMES = 2
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a voice streams: in pieces of up to so many frames, up to so many seconds apart.

    `broken` is the share of pieces before which the voice fails.
    """

    most: int = 25
    between: float = 0.1
    broken: float = 0.0
    seed: int = 0


class PlainVoice:
    """Murmurs; the words ride on its frames, and their times are exact.

    It makes an utterance in one piece, or in those it is told to.
    """

    name = "plain"

    def __init__(self, faults: Faults = NO_FAULTS, pieces: Pieces | None = None) -> None:
        self._fortune = Fortune(faults)
        self._pieces = pieces
        self._random = chance(pieces.seed if pieces else 0)
        self.asked: list[str] = []
        self.opened = 0
        self.closed = 0
        self.cancelled: list[str] = []
        """What nobody wanted any more before it was made."""

    def open(self, language: Language, choice: VoiceChoice) -> Murmuring:  # noqa: ARG002 - a murmur is the same in every language
        """Start to murmur in one call."""
        self.opened += 1
        return Murmuring(self)

    async def made(self, text: str) -> AsyncGenerator[Speech]:
        """Yield the utterance as it is made."""
        whole = await self.said(text)
        if self._pieces is None:
            yield whole
            return
        at = 0
        while at < len(whole.frames):
            if self._random.random() < self._pieces.broken:
                raise OSError("the voice broke off")
            until = at + self._random.randint(1, self._pieces.most)
            span = range(at * FRAME_MS, until * FRAME_MS)
            yield Speech(
                whole.frames[at:until], tuple(w for w in whole.words if w.start_ms in span)
            )
            at = until
            await asyncio.sleep(self._random.random() * self._pieces.between)

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
        self._over = asyncio.Event()

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance as it is made."""
        try:
            async with aclosing(self._voice.made(text)) as pieces:
                async for piece in pieces:
                    yield piece
        except (asyncio.CancelledError, GeneratorExit):
            self._voice.cancelled.append(text)
            raise

    async def run(self) -> None:
        """Keep a connection until `close`."""
        await self._over.wait()

    def close(self) -> None:
        """Let go of everything."""
        if not self._over.is_set():
            self._voice.closed += 1
        self._over.set()


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

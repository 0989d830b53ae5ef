"""A voice that needs nothing: it hums a syllable at a time, and tells which word it would be."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import numpy.typing as npt

from switchhook.audio import g711
from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.transcript import Word
from switchhook.ports import SAMPLE_RATE, Speech
from switchhook.runtime.framing import framed

_WORD_MS = 120
_LETTER_MS = 35
_LONGEST_MS = 700
_GAP_MS = 60
_PAUSE_MS = 200
_SYLLABLE_MS = 160
_LOUDNESS = 6000.0
_PITCHES = (130.0, 146.0, 138.0, 155.0)

_Samples = npt.NDArray[np.float64]


class Hum:
    """The voice of last resort; honest about it, since nobody could mistake it for speech."""

    name = "hum"

    def open(self, language: Language, choice: VoiceChoice) -> Humming:  # noqa: ARG002 - a hum is the same in every language
        """Start to hum in one call."""
        return Humming(choice.speed)


class Humming:
    """One call's hum."""

    def __init__(self, speed: float) -> None:
        self._speed = speed

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance, in one piece."""
        words: list[Word] = []
        parts: list[_Samples] = []
        at = 0
        for number, word in enumerate(text.split()):
            length = round(min(_LONGEST_MS, _WORD_MS + _LETTER_MS * len(word)) / self._speed)
            pause = round((_PAUSE_MS if word[-1] in ".?!" else _GAP_MS) / self._speed)
            words.append(Word(text=word, start_ms=at, end_ms=at + length))
            parts += [_hummed(length, _PITCHES[number % len(_PITCHES)]), np.zeros(pause * 8)]
            at += length + pause
        pcm = np.concatenate([np.zeros(0), *parts]).astype("<i2").tobytes()
        yield framed(g711.encode(pcm), words)

    async def run(self) -> None:
        """Return at once: there is no connection."""

    def close(self) -> None:
        """Let go of nothing."""


def _hummed(milliseconds: int, pitch: float) -> _Samples:
    time = np.arange(milliseconds * SAMPLE_RATE // 1000) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * pitch * time) + 0.4 * np.sin(4 * np.pi * pitch * time)
    syllables = max(1, round(milliseconds / _SYLLABLE_MS))
    swell = np.abs(np.sin(np.pi * syllables * time * 1000 / milliseconds))
    return _LOUDNESS * tone * (0.15 + 0.85 * swell)

"""Speech that says nothing: as many samples as the words would take."""

from __future__ import annotations

from switchhook.audio import g711
from switchhook.audio.streaming import Resampler
from switchhook.ports import FRAME_MS, Frame
from switchhook.testing import sounds
from switchhook.testing.inscribed import inscribed

RATE = 24000
LETTER_MS = 60


def pcm(text: str, speed: float = 1.0) -> bytes:
    """Return the text as 24 kHz samples of 16 bits."""
    up = Resampler(8000, RATE)
    return up.feed(g711.decode(ulaw(text, speed))) + up.flush()


def worded(text: str, speed: float = 1.0) -> bytes:
    """Return the same with the words written into the audio, for callees who read them."""
    audio = g711.frames(ulaw(text, speed))
    place = 0
    for word in text.split():
        # Most of a word has sounded when it counts as heard.
        at = round((place + 0.6 * len(word)) * LETTER_MS / speed / FRAME_MS)
        if at < len(audio):
            audio[at] = inscribed(Frame(audio[at], (word,)))
        place += len(word) + 1
    return b"".join(audio)


def ulaw(text: str, speed: float = 1.0) -> bytes:
    """Return the text as mu-law at 8 kHz, in whole frames."""
    length = round(len(text) * LETTER_MS / speed / 20) * 20
    return b"".join(sounds.syllables(length))

"""Speech that says nothing: as many samples as the words would take."""

from __future__ import annotations

from switchhook.audio import g711
from switchhook.audio.streaming import Resampler
from switchhook.testing import sounds

RATE = 24000
LETTER_MS = 60


def pcm(text: str, speed: float = 1.0) -> bytes:
    """Return the text as 24 kHz samples of 16 bits."""
    up = Resampler(8000, RATE)
    return up.feed(g711.decode(ulaw(text, speed))) + up.flush()


def ulaw(text: str, speed: float = 1.0) -> bytes:
    """Return the text as mu-law at 8 kHz, in whole frames."""
    length = round(len(text) * LETTER_MS / speed / 20) * 20
    return b"".join(sounds.syllables(length))

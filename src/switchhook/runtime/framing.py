"""From a whole utterance to the frames that carry it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from switchhook.audio import g711, tones
from switchhook.domain.transcript import Word
from switchhook.engine.heard import MOSTLY
from switchhook.ports import FRAME_BYTES, FRAME_MS, Frame, Speech

QUIET = Frame(g711.SILENCE * FRAME_BYTES)
"""A frame of nothing."""


def framed(ulaw: bytes, words: Sequence[Word]) -> Speech:
    """Return the utterance; a word rides on the frame in which most of it becomes audible."""
    audio = g711.frames(ulaw, FRAME_BYTES)
    riding: list[list[str]] = [[] for _ in audio]
    for word in words if audio else ():
        riding[min(place(word), len(audio) - 1)].append(word.text)
    frames = tuple(Frame(piece, tuple(said)) for piece, said in zip(audio, riding, strict=True))
    return Speech(frames, tuple(words))


def place(word: Word) -> int:
    """Return the number of the frame in which most of a word becomes audible."""
    return int(word.start_ms + MOSTLY * (word.end_ms - word.start_ms)) // FRAME_MS


def wordless(ulaw: bytes) -> Iterable[Frame]:
    """Return sound that says nothing, such as a tone."""
    return (Frame(piece) for piece in g711.frames(ulaw, FRAME_BYTES))


PRESS_MS = 600
"""From the beginning of one key to that of the next."""


def key_presses(digits: str) -> tuple[Frame, ...]:
    """Return the tones of keys, one after the other; `w` and `W` are half a second and a whole."""
    frames: list[Frame] = []
    for key in digits:
        press = list(wordless(g711.encode(tones.dtmf(key))))
        length = len(press) if key in "wW" else PRESS_MS // FRAME_MS
        frames += press + [QUIET] * (length - len(press))
    return tuple(frames)

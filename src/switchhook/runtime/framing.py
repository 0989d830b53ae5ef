"""From a whole utterance to the frames that carry it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from switchhook.audio import g711
from switchhook.domain.transcript import Word
from switchhook.engine.speaking import MOSTLY
from switchhook.ports import FRAME_BYTES, FRAME_MS, Frame, Speech

QUIET = Frame(g711.SILENCE * FRAME_BYTES)
"""A frame of nothing."""


def framed(ulaw: bytes, words: Sequence[Word]) -> Speech:
    """Return the utterance; a word rides on the frame in which most of it becomes audible."""
    audio = g711.frames(ulaw, FRAME_BYTES)
    riding: list[list[str]] = [[] for _ in audio]
    for word in words if audio else ():
        at = word.start_ms + MOSTLY * (word.end_ms - word.start_ms)
        riding[min(int(at) // FRAME_MS, len(audio) - 1)].append(word.text)
    frames = tuple(Frame(piece, tuple(said)) for piece, said in zip(audio, riding, strict=True))
    return Speech(frames, tuple(words))


def wordless(ulaw: bytes) -> Iterable[Frame]:
    """Return sound that says nothing, such as a tone."""
    return (Frame(piece) for piece in g711.frames(ulaw, FRAME_BYTES))

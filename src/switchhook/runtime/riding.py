"""Words on the frames of a line that carries them, for voices that put none there themselves."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace

from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_MS, Frame, Speech
from switchhook.runtime.framing import QUIET, place
from switchhook.runtime.streams import reading

SHORTEST_WORD_MS = 50


async def riding(text: str, pieces: AsyncIterator[Speech]) -> AsyncGenerator[Speech]:
    """Yield an utterance with every word on the frame in which most of it becomes audible.

    The words of a voice that does not time them all ride at the end, on a frame of silence; those
    for which there was no sound were not said.
    """
    made, timed, loaded = 0, False, False
    waiting: list[Word] = []
    async with reading(pieces) as stream:
        async for piece in stream:
            waiting += piece.words
            timed = timed or bool(piece.words)
            loaded = loaded or any(frame.words for frame in piece.frames)
            end = made + len(piece.frames)
            due = [word for word in waiting if place(word) < end]
            if piece.frames and not loaded:
                yield replace(piece, frames=_loaded(piece.frames, due, made))
            else:
                yield piece
            if piece.frames:
                waiting = [word for word in waiting if word not in due]
            made = end
    left = tuple(word.text for word in waiting) if timed else tuple(text.split())
    if left and not loaded and made * FRAME_MS >= SHORTEST_WORD_MS * len(left):
        yield Speech((Frame(QUIET.audio, left),), ())


def _loaded(frames: Sequence[Frame], words: Sequence[Word], first: int) -> tuple[Frame, ...]:
    loads: list[list[str]] = [[] for _ in frames]
    for word in words:
        loads[max(place(word) - first, 0)].append(word.text)
    return tuple(Frame(frame.audio, tuple(load)) for frame, load in zip(frames, loads, strict=True))

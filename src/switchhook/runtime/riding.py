"""Words on the frames of a line that carries them, for voices that put none there themselves."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace

from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_MS, Frame, Speech
from switchhook.runtime.framing import QUIET
from switchhook.runtime.streams import reading


async def riding(text: str, pieces: AsyncIterator[Speech]) -> AsyncGenerator[Speech]:
    """Yield an utterance with every word on the frame in which it begins.

    The words of a voice that does not time them all ride at the end, on a frame of silence.
    """
    made_ms, told = 0, False
    waiting: list[Word] = []
    async with reading(pieces) as stream:
        async for piece in stream:
            waiting += piece.words
            told = told or bool(piece.words)
            if any(frame.words for frame in piece.frames):
                waiting.clear()
            elif piece.frames and waiting:
                piece = replace(piece, frames=_loaded(piece.frames, waiting, made_ms))  # noqa: PLW2901 - the same piece, complete
                waiting.clear()
            made_ms += len(piece.frames) * FRAME_MS
            yield piece
    left = tuple(word.text for word in waiting) if told else tuple(text.split())
    if made_ms and left:
        yield Speech((Frame(QUIET.audio, left),), ())


def _loaded(frames: tuple[Frame, ...], words: list[Word], made_ms: int) -> tuple[Frame, ...]:
    loads: list[list[str]] = [[] for _ in frames]
    for word in words:
        place = (word.start_ms - made_ms) // FRAME_MS
        loads[min(max(place, 0), len(frames) - 1)].append(word.text)
    return tuple(Frame(frame.audio, tuple(load)) for frame, load in zip(frames, loads, strict=True))

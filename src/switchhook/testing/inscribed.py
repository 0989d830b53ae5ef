"""Words that ride inside the audio, for wires that carry nothing else.

A frame of 20 ms holds 160 bytes, and a word is shorter. Written over the sound of the frame in
which it is spoken it passes every wire that leaves audio as it is, and is read at the far end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.engine.expectation import Expectation
from switchhook.ports import (
    FRAME_BYTES,
    Ears,
    Frame,
    Heard,
    Hearing,
    Listening,
    Speaking,
    Speech,
    Voice,
)

_MAGIC: Final = b"\x02word\x03"
_END: Final = b"\x00"
_ROOM: Final = FRAME_BYTES - len(_MAGIC) - len(_END)


def inscribed(frame: Frame) -> bytes:
    """Return the frame's audio, with its words written into it."""
    if not frame.words:
        return frame.audio
    text = " ".join(frame.words).encode()[:_ROOM]
    written = _MAGIC + text + _END
    return written + frame.audio[len(written) :]


def read(frame: Frame) -> Frame:
    """Return the frame with the words that are written into its audio."""
    if not frame.audio.startswith(_MAGIC):
        return frame
    text = frame.audio[len(_MAGIC) :].partition(_END)[0]
    return replace(frame, words=tuple(text.decode(errors="ignore").split()))


class ReadingEars:
    """Ears for lines whose callees write their words into the audio."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self.name = f"{ears.name}, read from the audio"

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Hearing:
        """Start listening to one call."""
        return ReadingHearing(self._ears.open(listening, told))


class ReadingHearing:
    """One call's ear."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    def expect(self, asked: Expectation) -> None:
        """Learn what sort of answer may come."""
        self._hearing.expect(asked)

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        self._hearing.push(frame if frame.words else read(frame), at_ms)

    async def run(self) -> None:
        """Keep listening until `close`."""
        await self._hearing.run()

    def close(self) -> None:
        """Let go of everything."""
        self._hearing.close()


class WritingVoice:
    """A voice that writes its words into the audio, for callees who read them."""

    def __init__(self, inner: Voice) -> None:
        self.name = inner.name
        self._inner = inner

    def open(self, language: Language, choice: VoiceChoice) -> Speaking:
        """Start to speak in one call."""
        return _Writing(self._inner.open(language, choice))


class _Writing:
    """One call's voice, whose frames are written on."""

    def __init__(self, inner: Speaking) -> None:
        self._inner = inner
        self.run, self.close = inner.run, inner.close

    async def say(self, text: str) -> AsyncIterator[Speech]:
        """Yield the utterance piece by piece."""
        async for piece in self._inner.say(text):
            frames = (replace(frame, audio=inscribed(frame)) for frame in piece.frames)
            yield replace(piece, frames=tuple(frames))

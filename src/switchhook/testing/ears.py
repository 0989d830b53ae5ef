"""Ears that read the words which ride on the frames, as late or as wrongly as they are told to."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from switchhook.engine.expectation import Expectation
from switchhook.ports import FRAME_MS, Frame, Heard, Listening
from switchhook.runtime.framing import QUIET
from switchhook.testing.faults import NO_FAULTS, Faults, Fortune, Trouble

PAUSE_MS = 600
"""How long it must be quiet for a turn to be over."""


class PlainEars:
    """Hears what is said, unless its faults want it otherwise.

    Latency delays what was heard; an error ends the ear; one that hangs hears nothing any more;
    `nothing` loses a turn's final words, and garbage turns them into others. The first number of
    `drops` is the word in the middle of which the first ear loses its connection, and so on.
    """

    name = "plain"

    def __init__(
        self, faults: Faults = NO_FAULTS, pause_ms: int = PAUSE_MS, drops: Sequence[int] = ()
    ) -> None:
        self._faults = faults
        self._drops = deque(drops)
        self._pause_ms = pause_ms
        self.opened = 0
        self.closed = 0

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> PlainHearing:  # noqa: ARG002 - words are read in any language
        """Start to listen to one call."""
        self.opened += 1
        drop = self._drops.popleft() if self._drops else None
        return PlainHearing(self, Fortune(self._faults), self._pause_ms, told, drop)


class PlainHearing:
    """One call's ear."""

    def __init__(
        self,
        ears: PlainEars,
        fortune: Fortune,
        pause_ms: int,
        told: Callable[[Heard], None],
        drop: int | None,
    ) -> None:
        self._left = drop
        self._told = told
        self._ears = ears
        self._fortune = fortune
        self._pause_ms = pause_ms
        self._words: list[str] = []
        self._start_ms = 0
        self._end_ms = 0
        self._late: deque[tuple[float, Heard]] = deque()
        self._deaf = False
        self._broken = False
        self._over = asyncio.Event()

    def expect(self, asked: Expectation) -> None:
        """Take no notice: words are read whatever they are."""

    def push(self, frame: Frame, at_ms: int) -> None:
        """Take 20 ms of the callee's audio."""
        heard = None if self._deaf else self._hear(frame, at_ms)
        if heard is not None:
            self._late.append((at_ms + self._fortune.delay() * 1000, heard))
        while self._late and self._late[0][0] <= at_ms:
            self._told(self._late.popleft()[1])

    async def run(self) -> None:
        """Keep listening until `close`, or until the ear breaks."""
        await self._over.wait()
        if self._broken:
            raise OSError("the ears are out of order")

    def close(self) -> None:
        """Let go of everything."""
        self._ears.closed += 1
        self._over.set()

    def _drops(self, frame: Frame) -> bool:
        if self._left is not None:
            self._left -= len(frame.words)
        return self._left is not None and self._left <= 0

    def _break(self) -> None:
        self._deaf = self._broken = True
        self._over.set()

    def _hear(self, frame: Frame, at_ms: int) -> Heard | None:
        if self._drops(frame):
            self._break()
            return None
        if frame.words or (self._words and frame.audio != QUIET.audio):
            if not self._words:
                self._start_ms = at_ms
            self._end_ms = at_ms + FRAME_MS
            self._words += frame.words
            return self._heard(final=False) if frame.words else None
        if not self._words or at_ms - self._end_ms < self._pause_ms:
            return None
        heard = self._heard(final=True)
        self._words = []
        return self._fated(heard)

    def _heard(self, *, final: bool) -> Heard:
        return Heard(" ".join(self._words), final, self._start_ms, self._end_ms)

    def _fated(self, heard: Heard) -> Heard | None:
        match self._fortune.next():
            case Trouble.NONE:
                return heard
            case Trouble.GARBAGE:
                return Heard("fnord wibble", True, heard.start_ms, heard.end_ms)  # noqa: FBT003 - a field
            case Trouble.ERROR:
                self._break()
                return None
            case Trouble.HANG:
                self._deaf = True
                return None
            case Trouble.NOTHING:
                return None

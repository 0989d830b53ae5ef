"""The recording of a call: the caller left, the agent right, as they were heard."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from switchhook.audio import g711, wav
from switchhook.domain.interaction import Recording
from switchhook.ports import FRAME_BYTES, FRAME_MS, SAMPLE_RATE, Frame

_SILENCE = g711.SILENCE * FRAME_BYTES
_CHUNK_FRAMES = 1000 // FRAME_MS
_MOST_CHUNKS = 10
"""Seconds of audio that may wait for the disk; more is dropped, so that the call goes on."""


class Recorder:
    """Collects a column of 20 ms per beat and writes once a second, off the loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._caller: deque[bytes] = deque()
        self._sent: deque[bytes] = deque()
        self._heard: deque[bytes] = deque()
        self._moved = 0
        self._columns = 0
        self._left = bytearray()
        self._right = bytearray()
        self._chunks: deque[tuple[bytes, bytes]] = deque()
        self._due = asyncio.Event()
        self._closed = False
        self._bytes = 0
        self.dropped = 0

    def caller(self, frame: Frame) -> None:
        """Take what the far end sent."""
        self._caller.append(frame.audio)

    def agent(self, frames: Iterable[Frame]) -> None:
        """Take what was sent to the far end; it is recorded when it is heard."""
        self._sent.extend(frame.audio for frame in frames)

    def cut(self, heard_ms: int) -> None:
        """Drop what the far end will not hear any more."""
        self._move(heard_ms)
        self._sent.clear()
        self._moved = 0

    def advance(self, at_ms: int, heard_ms: int) -> None:
        """Write the columns up to now."""
        self._move(heard_ms)
        while (self._columns + 1) * FRAME_MS <= at_ms:
            self._columns += 1
            self._left += self._caller.popleft() if self._caller else _SILENCE
            self._right += self._heard.popleft() if self._heard else _SILENCE
            if self._columns % _CHUNK_FRAMES == 0:
                self._pass_on()

    def close(self) -> None:
        """Let `run` write the rest and return."""
        while self._heard or self._caller:
            self._left += self._caller.popleft() if self._caller else _SILENCE
            self._right += self._heard.popleft() if self._heard else _SILENCE
        self._pass_on()
        self._closed = True
        self._due.set()

    async def run(self) -> Recording:
        """Write chunks to the disk until closed, and return what is there."""
        await asyncio.to_thread(self._create)
        while not (self._closed and not self._chunks):
            await self._due.wait()
            self._due.clear()
            while self._chunks:
                left, right = self._chunks.popleft()
                await asyncio.to_thread(self._append, wav.stereo(left, right))
            if self._closed:
                self._due.set()
        size = self._bytes + wav.HEADER_BYTES
        seconds = self._bytes / (4 * SAMPLE_RATE)
        return Recording(path=str(self._path), seconds=seconds, bytes=size)

    def _move(self, heard_ms: int) -> None:
        while self._moved < heard_ms // FRAME_MS and self._sent:
            self._heard.append(self._sent.popleft())
            self._moved += 1

    def _pass_on(self) -> None:
        chunk = bytes(self._left), bytes(self._right)
        self._left.clear()
        self._right.clear()
        if len(self._chunks) >= _MOST_CHUNKS:
            self.dropped += 1
        elif chunk[0]:
            self._chunks.append(chunk)
        self._due.set()

    def _create(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(wav.header(0))

    def _append(self, pcm: bytes) -> None:
        with self._path.open("r+b") as file:
            file.seek(0, os.SEEK_END)
            file.write(pcm)
            # The samples are there before the header counts them, so that a crash leaves a file.
            file.flush()
            self._bytes += len(pcm)
            file.seek(0)
            file.write(wav.header(self._bytes))

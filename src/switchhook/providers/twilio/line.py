"""A telephone line on a media socket.

Reading happens in the task of whoever listens, writing in the task that holds the socket, and
nothing lies between the socket and either of them but the translation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

from switchhook.audio import g711, tones
from switchhook.ports import FRAME_BYTES, AnsweredBy, Frame, LineEvent
from switchhook.providers.twilio.media import Start
from switchhook.providers.twilio.stream import Stream


class Socket(Protocol):
    """The two functions of a WebSocket that an ASGI server hands over."""

    @property
    def receive(self) -> Callable[[], Awaitable[Any]]:
        """The next message of the far end."""
        ...

    @property
    def send(self) -> Callable[[Any], Awaitable[None]]:
        """A message to the far end."""
        ...


class MediaLine:
    """The media of one call; `serve` carries out what is sent, until the line is closed."""

    reports_keys = True

    def __init__(self, start: Start, socket: Socket, *, carries_words: bool = False) -> None:
        self.start = start
        self.carries_words = carries_words
        self._stream = Stream(start)
        self._socket = socket
        self._due = asyncio.Event()
        self._detected: AnsweredBy | None = None

    @property
    def strange(self) -> int:
        """How many messages were not understood."""
        return self._stream.strange

    @property
    def over(self) -> bool:
        """Whether nothing comes any more."""
        return self._stream.over

    async def events(self) -> AsyncIterator[LineEvent]:
        """Yield what comes from the far end until the line is closed."""
        stream, receive = self._stream, self._socket.receive
        try:
            while not stream.over:
                # A frame of bytes has no text either: Twilio sends none, and it ends the line.
                text = (await receive()).get("text")
                events = stream.end() if text is None else stream.receive(text)
                if stream.over:
                    self._due.set()
                if self._detected is not None:
                    detected, self._detected = self._detected, None
                    yield detected
                for event in events:
                    yield event
        finally:
            self.close()

    def report(self, detected: AnsweredBy) -> None:
        """Tell the listener, with what comes next, who the carrier says has answered."""
        self._detected = detected

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of audio at the carrier."""
        self._stream.play(frame.audio)
        self._due.set()

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        self._stream.mark(name)
        self._due.set()

    def clear(self) -> None:
        """Throw away what the carrier has not played yet."""
        self._stream.clear()
        self._due.set()

    def send_digits(self, digits: str) -> None:
        """Press keys, as tones in the audio: the stream knows no other way."""
        for piece in g711.frames(g711.encode(tones.dtmf(digits)), FRAME_BYTES):
            self._stream.play(piece)
        self._due.set()

    def close(self) -> None:
        """End it; nothing is sent after this."""
        self._stream.end()
        self._due.set()

    async def serve(self) -> None:
        """Send what is queued until the line is closed or the socket is gone."""
        stream, send, due = self._stream, self._socket.send, self._due
        try:
            while not stream.over:
                await due.wait()
                due.clear()
                texts = stream.texts()
                while texts and not stream.over:
                    await send({"type": "websocket.send", "text": texts.popleft()})
        except (OSError, RuntimeError):
            # An ASGI server refuses what is sent after the end, and reports the end to the reader.
            pass
        finally:
            self.close()

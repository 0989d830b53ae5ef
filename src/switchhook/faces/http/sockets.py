"""The server's side of a WebSocket, made for fifty short texts a second.

uvicorn's own protocol takes a message through a dozen calls, and stops reading the connection after
each until somebody has received it: that was a third of what a call costs. Here a text that comes
whole goes straight to whoever receives, and straight back. Whatever else a peer can do, from the
handshake to the last frame, is left to uvicorn.
"""

from __future__ import annotations

from asyncio import BaseTransport
from typing import TYPE_CHECKING, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask  # pyright: ignore[reportPrivateImportUsage] - in C or not
from websockets.protocol import OPEN

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent

MOST_WAITING: Final = 64
"""Messages that may wait to be received before the connection is read no further."""

# RFC 6455 5.2: a text that is not continued, masked, with its length in two bytes or in the first.
_TEXT: Final = b"\x81\xfe"
_HEAD: Final = 8
_LONGEST_HEAD: Final = 14
_SHORT, _MEDIUM, _LONG = 126, 1 << 16, 127


class WebSocket(WebSocketsSansIOProtocol):
    """One connection."""

    _in_parts = False
    """Whether a message has begun that is not complete."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Take the connection over, from the request's head on."""
        self._held = bytearray()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take what the client sent."""
        if not self.handshake_initiated:
            super().data_received(data)
        elif self._held or not self._taken(data):
            self._held += data
            while frame := self._cut():
                if not self._taken(frame):
                    self._pass_on(frame)

    async def send(self, message: ASGISendEvent) -> None:
        """Send a message of the application."""
        text = message.get("text") if message["type"] == "websocket.send" else None
        if isinstance(text, str) and self._open and self.writable.is_set():
            payload = text.encode()
            if len(payload) < _MEDIUM:
                self.transport.write(_head(len(payload)) + payload)
                return
        await super().send(message)

    @property
    def _open(self) -> bool:
        return self.conn.state is OPEN and not self.close_sent and not self.transport.is_closing()

    def _taken(self, frame: bytes) -> bool:
        """Let a frame be received that is a whole text; tell whether it was one."""
        size = len(frame) - _HEAD
        regular = frame[:2] == _TEXT and size == int.from_bytes(frame[2:4])
        if not regular or size > self.config.ws_max_size or self._in_parts or not self._open:
            return False
        try:
            text = apply_mask(frame[_HEAD:], frame[4:_HEAD]).decode()
        except UnicodeDecodeError:
            return False
        self.queue.put_nowait({"type": "websocket.receive", "text": text})
        if not self.read_paused and self.queue.qsize() >= MOST_WAITING:
            self.read_paused = True
            self.transport.pause_reading()
        return True

    def _cut(self) -> bytes:
        """Return the next frame as soon as it is whole, or all there is where it is too long."""
        size = _size(self._held)
        if size > self.config.ws_max_size + _LONGEST_HEAD:
            size = len(self._held)
        if len(self._held) < size:
            return b""
        frame = bytes(self._held[:size])
        del self._held[:size]
        return frame

    def _pass_on(self, frame: bytes) -> None:
        """Let uvicorn have a frame; it gets whole ones only, so that it is never amid one."""
        if not frame[0] & 0x08:
            self._in_parts = not frame[0] & 0x80
        super().data_received(frame)


def _size(beginning: bytearray) -> int:
    """Return the size of the frame that begins so, or one of which not all is there."""
    if len(beginning) < len(_TEXT):
        return len(_TEXT)
    mask, length = beginning[1] >> 7 << 2, beginning[1] & 0x7F
    if length == _SHORT:
        return 4 + mask + int.from_bytes(beginning[2:4])
    if length == _LONG:
        return 10 + mask + int.from_bytes(beginning[2:10])
    return 2 + mask + length


def _head(length: int) -> bytes:
    """Return what stands before a text of the server."""
    if length < _SHORT:
        return bytes((_TEXT[0], length))
    return bytes((_TEXT[0], _SHORT)) + length.to_bytes(2)

"""One call's media stream without its socket: texts in, line events out; frames in, texts out."""

from __future__ import annotations

from collections import deque
from typing import Final

import structlog

from switchhook.audio.streaming import Whole
from switchhook.domain.errors import ProtocolBroken
from switchhook.ports import FRAME_BYTES, DigitPressed, Frame, LineClosed, LineEvent, MarkEchoed
from switchhook.providers.twilio.media import (
    LONGEST,
    Connected,
    Dtmf,
    Mark,
    Media,
    Message,
    Outgoing,
    Start,
    Stop,
    decode,
)

_log = structlog.get_logger(__name__)

MOST_STRANGE: Final = 10
"""Messages in a row that nobody understands; a socket that sends more does not speak to us."""


class Stream:
    """Translates for one stream; what it cannot understand it counts and leaves out."""

    __slots__ = ("_even", "_in_a_row", "_outgoing", "_texts", "_whole", "over", "start", "strange")

    def __init__(self, start: Start) -> None:
        self.start = start
        self.strange = 0
        self.over = False
        self._even = True
        self._in_a_row = 0
        self._outgoing = Outgoing(start.stream_sid)
        self._texts: deque[str] = deque()
        self._whole = Whole(FRAME_BYTES)

    def receive(self, text: str) -> tuple[LineEvent, ...]:
        """Return what a message of the carrier means; after the last one nothing means anything."""
        if self.over:
            return ()
        try:
            message = decode(text)
        except ProtocolBroken as broken:
            return self.end() if len(text) > LONGEST else self._wonder(broken)
        self._in_a_row = 0
        if type(message) is Media:
            payload = message.payload
            if self._even and len(payload) == FRAME_BYTES:
                return (Frame(payload),)
        return self._rare(message)

    def end(self) -> tuple[LineEvent, ...]:
        """Return the last event, for the first who says that the stream is over."""
        if self.over:
            return ()
        self.over = True
        self._texts.clear()
        return (LineClosed(),)

    def play(self, audio: bytes) -> None:
        """Have mu-law played after all that was sent before."""
        if not self.over:
            self._texts.append(self._outgoing.media(audio))

    def mark(self, name: str) -> None:
        """Have the name come back when all that was sent before has been played."""
        if not self.over:
            self._texts.append(self._outgoing.mark(name))

    def clear(self) -> None:
        """Have all thrown away that was not played; what has not left yet never leaves."""
        if not self.over:
            # The marks that wait must leave all the same, since somebody waits for their echoes.
            media = self._outgoing.is_media
            self._texts = deque(text for text in self._texts if not media(text))
            self._texts.append(self._outgoing.clear())

    def texts(self) -> deque[str]:
        """Return the messages that are to leave, oldest first, and forget them."""
        texts, self._texts = self._texts, deque()
        return texts

    def _rare(self, message: Message) -> tuple[LineEvent, ...]:
        match message:
            case Mark(name):
                return (MarkEchoed(name),)
            case Dtmf(digit):
                return (DigitPressed(digit),)
            case Stop():
                return self.end()
            case Media(payload):
                return self._pieces(payload)
            case Connected() | Start():
                return self._wonder(ProtocolBroken("the media stream begins a second time"))

    def _pieces(self, payload: bytes) -> tuple[LineEvent, ...]:
        """Return frames of 20 ms, however the carrier cut the audio."""
        self._even = False
        audio = self._whole.feed(payload)
        return tuple(
            Frame(audio[start : start + FRAME_BYTES]) for start in range(0, len(audio), FRAME_BYTES)
        )

    def _wonder(self, broken: ProtocolBroken) -> tuple[LineEvent, ...]:
        if not self.strange:
            _log.warning("media.strange_message", call=self.start.call_sid, problem=broken.message)
        self.strange += 1
        self._in_a_row += 1
        return self.end() if self._in_a_row > MOST_STRANGE else ()

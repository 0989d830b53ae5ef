"""Deepgram's v1 listening: words as they become certain, without the socket.

Nova hears pauses, not turns: what it marks as final is certain, and our own turns decide when
somebody has finished. So `speech_final`, `UtteranceEnd` and `SpeechStarted` mean nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from switchhook.domain.errors import Unavailable
from switchhook.ports import Heard, Listening
from switchhook.providers.deepgram.account import DEEPGRAM, Wish
from switchhook.providers.deepgram.audio import Audio

PATH: Final = "/v1/listen"
MODEL: Final = "nova-3"

PIECE_MS: Final = 40
PAUSE_MS: Final = 300
"""After so much silence the words so far are certain."""

KEEPALIVE_SECONDS: Final = 4.0
"""The vendor closes a connection on which nothing came for 10."""

DEAF_SECONDS: Final = 10.0
"""Results come every few seconds, in silence as well; a vendor without any for so long hangs."""

MOST_KEYWORDS: Final = 100

_KEEPALIVE: Final = '{"type":"KeepAlive"}'
_NAMED_KEYTERM: Final = "nova-3"


def wishes(listening: Listening, model: str) -> tuple[Wish, ...]:
    """Return what the address asks for."""
    keyword = "keyterm" if model.startswith(_NAMED_KEYTERM) else "keywords"
    return (
        ("model", model),
        ("language", listening.language),
        ("channels", "1"),
        ("interim_results", "true"),
        ("punctuate", "true"),
        ("smart_format", "false"),
        ("endpointing", str(PAUSE_MS)),
        *((keyword, word) for word in listening.keywords[:MOST_KEYWORDS]),
    )


class Nova:
    """One connection: audio in, words out."""

    def __init__(self) -> None:
        self._audio = Audio(PIECE_MS)
        self._out: list[str | bytes] = []
        self._kept_at = 0.0
        self._beat_at = 0.0
        self._deaf_seconds = 0.0
        self._segment: float | None = None
        self._start_ms = 0

    def hear(self, ulaw: bytes, at_ms: int) -> None:
        """Let the vendor hear what begins at this moment of the call."""
        self._audio.push(ulaw, at_ms)

    def opened(self, now: float) -> None:
        """Begin to count how long nothing comes and goes."""
        self._kept_at = self._beat_at = now
        self._audio.opened(now)

    def beat(self, now: float) -> Iterable[Unavailable]:
        """Keep the connection alive while there is no audio; notice a vendor that hangs."""
        passed, self._beat_at = now - self._beat_at, now
        quiet = self._audio.quiet_seconds(now)
        if quiet < passed:
            self._deaf_seconds += passed
        elif min(quiet, now - self._kept_at) >= KEEPALIVE_SECONDS:
            self._out.append(_KEEPALIVE)
            self._kept_at = now
        if self._deaf_seconds >= DEAF_SECONDS:
            yield DEEPGRAM.broken_off("it hears nothing any more")

    def feed(self, message: str | bytes) -> Iterable[Heard | Unavailable]:
        """Return the words that a message makes clear."""
        self._deaf_seconds = 0.0
        return DEEPGRAM.understood(message, self._read)

    def closed(self, code: int, reason: str) -> Unavailable:
        """Return what it means that the vendor has closed the connection."""
        return DEEPGRAM.closed(code, reason)

    def to_send(self) -> list[str | bytes]:
        """Return the messages that are due, once."""
        due, self._out = [*self._audio.pieces(), *self._out], []
        return due

    def goodbye(self) -> str:
        """Return the last message before we close the connection."""
        return '{"type":"CloseStream"}'

    def _read(self, told: Mapping[str, Any]) -> Iterable[Heard | Unavailable]:
        match told.get("type"):
            case "Results":
                yield from self._results(told)
            case "Error":
                yield DEEPGRAM.broken_off(str(told.get("description") or told.get("message")))
            case _:
                pass

    def _results(self, told: Mapping[str, Any]) -> Iterable[Heard]:
        best = told["channel"]["alternatives"][0]
        text, words = str(best["transcript"]).strip(), best.get("words") or ()
        certain = bool(told["is_final"])
        if text:
            start, end = told["start"], told["start"] + told["duration"]
            if self._segment != start:
                # The first guess of a segment tells where it begins, and it keeps this place:
                # by it the words of all its later versions are recognised.
                self._segment = start
                self._start_ms = self._audio.call_ms(words[0]["start"] if words else start)
            end_ms = self._audio.call_ms(words[-1]["end"] if words else end)
            yield Heard(text, False, self._start_ms, end_ms, certain)  # noqa: FBT003 - a field

"""ElevenLabs' multi-context stream: a context for every utterance, without the socket.

A context is opened with its settings, gets its text and is closed at once: it makes all of its
audio nevertheless, and says when that was the last. So there is nothing to cancel at the vendor,
and a context counts until its last audio, whether anybody wants it or not.
"""

from __future__ import annotations

import binascii
import json
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final

from switchhook.domain.errors import Unavailable
from switchhook.providers.alignment import Span
from switchhook.providers.speaking import Finished, Piece, Spoken
from switchhook.providers.vendor import Vendor

ELEVENLABS: Final = Vendor("ElevenLabs", "SWITCHHOOK_ELEVENLABS_API_KEY")

CONTEXTS: Final = 5
"""How many contexts a connection may have; a further one ends it."""

KEEPALIVE_SECONDS: Final = 10.0
"""The vendor closes a connection on which nothing was said for 20."""

SPEEDS: Final = (0.7, 1.2)

_BYTES_PER_MS: Final = 8
_STATUSES: Final = {
    "invalid_api_key": 401,
    "missing_permissions": 403,
    "quota_exceeded": 402,
    "voice_not_found": 404,
    "voice_does_not_exist": 404,
    "model_not_found": 404,
    "unsupported_language": 400,
}
"""Names of errors that asking again does not mend, as the HTTP statuses they amount to."""


class Contexts:
    """The utterances of one connection."""

    at_once = CONTEXTS

    def __init__(self, speed: float = 1.0) -> None:
        slowest, fastest = SPEEDS
        self._settings = {"speed": min(fastest, max(slowest, speed))}
        self._out: list[str] = []
        self._open: dict[str, _Context] = {}
        self._waiting: deque[tuple[int, str]] = deque()
        self._said_at = 0.0
        self._silent = True

    def say(self, utterance: int, text: str) -> None:
        """Ask for an utterance, as soon as the vendor has room for it."""
        self._waiting.append((utterance, text))
        self._begin()

    def cancel(self, utterance: int) -> None:
        """Want no more of an utterance."""
        self._waiting = deque(asked for asked in self._waiting if asked[0] != utterance)
        context = self._open.get(_name(utterance))
        if context is not None:
            context.wanted = False

    def lost(self) -> None:
        """Forget all that was asked."""
        self._out.clear()
        self._open.clear()
        self._waiting.clear()

    def opened(self, now: float) -> None:
        """Begin to count how long nothing was said."""
        self._said_at = now

    def beat(self, now: float) -> Iterable[Spoken | Unavailable]:
        """Keep the connection alive when nothing else does."""
        if not self._silent:
            self._said_at, self._silent = now, True
        elif now - self._said_at >= KEEPALIVE_SECONDS:
            self._out.append('{"text":""}')
        return ()

    def feed(self, message: str | bytes) -> Iterable[Spoken | Unavailable]:
        """Return what a message means for the utterances."""
        return ELEVENLABS.understood(message, self._read)

    def closed(self, code: int, reason: str) -> Unavailable:
        """Return what it means that the vendor has closed the connection."""
        status = _status(reason)
        return ELEVENLABS.refused(status, reason) if status else ELEVENLABS.closed(code, reason)

    def to_send(self) -> list[str]:
        """Return the messages that are due, once."""
        due, self._out = self._out, []
        self._silent = self._silent and not due
        return due

    def goodbye(self) -> str:
        """Return the last message before we close the connection."""
        return '{"close_socket":true}'

    def _begin(self) -> None:
        while self._waiting and len(self._open) < CONTEXTS:
            utterance, text = self._waiting.popleft()
            name = _name(utterance)
            self._open[name] = _Context(utterance)
            messages: tuple[dict[str, Any], ...] = (
                {"text": " ", "context_id": name, "voice_settings": self._settings},
                # The vendor waits for the rest of a word unless a space follows it.
                {"text": f"{text.strip()} ", "context_id": name},
                {"context_id": name, "flush": True},
                {"context_id": name, "close_context": True},
            )
            self._out += (json.dumps(message) for message in messages)

    def _read(self, told: Mapping[str, Any]) -> Iterable[Spoken | Unavailable]:
        if told.get("error") or told.get("code"):
            yield _failure(told)
            return
        context = self._open.get(str(told.get("contextId")))
        if context is None:
            return
        if told.get("audio") or told.get("alignment"):
            piece = context.piece(told)
            if context.wanted:
                yield piece
        if told.get("isFinal"):
            del self._open[_name(context.utterance)]
            self._begin()
            if context.wanted:
                yield Finished(context.utterance)


class _Context:
    """What is known of one utterance."""

    __slots__ = ("_made_ms", "utterance", "wanted")

    def __init__(self, utterance: int) -> None:
        self.utterance = utterance
        self.wanted = True
        self._made_ms = 0

    def piece(self, told: Mapping[str, Any]) -> Piece:
        """Return the audio of a message, and its characters in the time of the utterance."""
        ulaw = binascii.a2b_base64(told.get("audio") or "")
        alignment: Mapping[str, Any] = told.get("alignment") or {}
        # The times of every message begin at zero.
        timed = zip(
            alignment.get("chars", ()),
            alignment.get("charStartTimesMs", ()),
            alignment.get("charDurationsMs", ()),
            strict=False,
        )
        spans = tuple(
            Span(
                str(character),
                self._made_ms + round(start),
                self._made_ms + round(start) + round(duration),
            )
            for character, start, duration in timed
        )
        self._made_ms += len(ulaw) // _BYTES_PER_MS
        return Piece(self.utterance, ulaw, spans)


def _name(utterance: int) -> str:
    return f"u{utterance}"


def _failure(told: Mapping[str, Any]) -> Unavailable:
    name, message = str(told.get("error") or ""), str(told.get("message") or "")
    status = _status(name) or _status(message)
    detail = f"{message} {name}".strip()
    return ELEVENLABS.refused(status, detail) if status else ELEVENLABS.broken_off(detail)


def _status(told: str) -> int | None:
    """Return the HTTP status that a name, or a sentence, amounts to."""
    words = told.lower().replace(" ", "_")
    return next((status for name, status in _STATUSES.items() if name in words), None)

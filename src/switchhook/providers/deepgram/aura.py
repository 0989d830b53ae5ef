"""Deepgram's v1 speaking: one utterance after the other, without the socket.

The audio says nothing about which text it belongs to. So there is one utterance at a time, and
after it was cleared nothing counts until the vendor says so. No word is timed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from switchhook.domain.errors import Unavailable
from switchhook.providers.deepgram.account import DEEPGRAM
from switchhook.providers.speaking import Finished, Piece, Spoken

PATH: Final = "/v1/speak"

_FLUSH: Final = '{"type":"Flush"}'
_CLEAR: Final = '{"type":"Clear"}'


class Aura:
    """The utterances of one connection."""

    at_once = 1

    def __init__(self) -> None:
        self._out: list[str] = []
        self._utterance: int | None = None
        self._clearing = 0

    def say(self, utterance: int, text: str) -> None:
        """Ask for an utterance."""
        self._utterance = utterance
        self._out += (json.dumps({"type": "Speak", "text": text}), _FLUSH)

    def cancel(self, utterance: int) -> None:
        """Want no more of an utterance, and let the vendor stop making it."""
        if utterance == self._utterance:
            self._utterance = None
            self._clearing += 1
            self._out.append(_CLEAR)

    def lost(self) -> None:
        """Forget all that was asked."""
        self._out.clear()
        self._utterance, self._clearing = None, 0

    def opened(self, now: float) -> None:
        """Take no notice: there is nothing to wait for."""

    def beat(self, now: float) -> Iterable[Spoken | Unavailable]:
        """Do nothing: the pings of the socket keep it alive."""
        del now
        return ()

    def feed(self, message: str | bytes) -> Iterable[Spoken | Unavailable]:
        """Return what a message means for the utterance."""
        if isinstance(message, str):
            return DEEPGRAM.understood(message, self._read)
        if self._utterance is None or self._clearing:
            return ()
        return (Piece(self._utterance, message),)

    def closed(self, code: int, reason: str) -> Unavailable:
        """Return what it means that the vendor has closed the connection."""
        return DEEPGRAM.closed(code, reason)

    def to_send(self) -> list[str]:
        """Return the messages that are due, once."""
        due, self._out = self._out, []
        return due

    def goodbye(self) -> str:
        """Return the last message before we close the connection."""
        return '{"type":"Close"}'

    def _read(self, told: Mapping[str, Any]) -> Iterable[Spoken | Unavailable]:
        match told.get("type"):
            case "Flushed" if self._utterance is not None and not self._clearing:
                yield Finished(self._utterance)
                self._utterance = None
            case "Cleared":
                self._clearing = max(0, self._clearing - 1)
            case "Error":
                yield DEEPGRAM.broken_off(f"{told.get('description')} ({told.get('code')})")
            case _:
                pass

"""Cartesia's text to speech: a context for every utterance, without the socket."""

from __future__ import annotations

import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from switchhook.domain.agent import Language
from switchhook.domain.errors import Unavailable
from switchhook.providers.alignment import Span
from switchhook.providers.speaking import Failed, Finished, Piece, Spoken
from switchhook.providers.vendor import Vendor

CARTESIA: Final = Vendor("Cartesia", "SWITCHHOOK_CARTESIA_API_KEY")

SPEEDS: Final = (0.6, 1.5)

_OUTPUT: Final = {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000}
_UNKNOWN_STATUS: Final = 500


@dataclass(frozen=True, slots=True)
class Manner:
    """Who speaks, and how; none of it can change within an utterance."""

    model: str
    voice: str
    language: Language
    speed: float = 1.0


class Contexts:
    """The utterances of one connection."""

    at_once = 5
    """More than a call ever wants; how many the account allows is told by an error."""

    def __init__(self, manner: Manner) -> None:
        self._request: dict[str, Any] = {
            "model_id": manner.model,
            "voice": {"mode": "id", "id": manner.voice},
            "language": manner.language,
            "output_format": _OUTPUT,
            "add_timestamps": True,
            "continue": False,
            # A whole sentence comes at once, so there is nothing to wait for.
            "max_buffer_delay_ms": 0,
        }
        if manner.speed != 1.0:
            slowest, fastest = SPEEDS
            speed = min(fastest, max(slowest, manner.speed))
            self._request["generation_config"] = {"speed": speed}
        self._out: list[str] = []
        self._open: dict[str, int] = {}

    def say(self, utterance: int, text: str) -> None:
        """Ask for an utterance."""
        name = f"u{utterance}"
        self._open[name] = utterance
        self._out.append(json.dumps(self._request | {"transcript": text, "context_id": name}))

    def cancel(self, utterance: int) -> None:
        """Want no more of an utterance, and let the vendor stop making it."""
        name = f"u{utterance}"
        if self._open.pop(name, None) is not None:
            self._out.append(json.dumps({"context_id": name, "cancel": True}))

    def lost(self) -> None:
        """Forget all that was asked."""
        self._out.clear()
        self._open.clear()

    def opened(self, now: float) -> None:
        """Take no notice: there is no greeting."""

    def beat(self, now: float) -> Iterable[Spoken | Unavailable]:
        """Do nothing: a connection lives for minutes without a word."""
        del now
        return ()

    def feed(self, message: str | bytes) -> Iterable[Spoken | Unavailable]:
        """Return what a message means for the utterances."""
        return CARTESIA.understood(message, self._read)

    def closed(self, code: int, reason: str) -> Unavailable:
        """Return what it means that the vendor has closed the connection."""
        return CARTESIA.closed(code, reason)

    def to_send(self) -> list[str]:
        """Return the messages that are due, once."""
        due, self._out = self._out, []
        return due

    def goodbye(self) -> None:
        """Say nothing: to close is enough."""

    def _read(self, told: Mapping[str, Any]) -> Iterable[Spoken | Unavailable]:
        name = told.get("context_id")
        utterance = self._open.get(str(name))
        if told["type"] == "error":
            error = _failure(told)
            if name is None:
                yield error
            elif utterance is not None:
                del self._open[str(name)]
                yield Failed(utterance, error)
            return
        if utterance is None:
            return
        match told["type"]:
            case "chunk":
                yield Piece(utterance, binascii.a2b_base64(told["data"]))
            case "timestamps":
                yield Piece(utterance, spans=_spans(told["word_timestamps"]))
            case "done":
                del self._open[str(name)]
                yield Finished(utterance)
            case _:
                pass


def _spans(told: Mapping[str, Any]) -> tuple[Span, ...]:
    return tuple(
        Span(str(word), round(1000 * start), round(1000 * end))
        for word, start, end in zip(told["words"], told["start"], told["end"], strict=True)
    )


def _failure(told: Mapping[str, Any]) -> Unavailable:
    # Since version 2026-03-01 an error has a title and a message, before that it was one text.
    members = (told.get(name) for name in ("title", "message", "error", "error_code"))
    detail = ": ".join(str(member) for member in members if member)
    return CARTESIA.refused(int(told.get("status_code") or _UNKNOWN_STATUS), detail)

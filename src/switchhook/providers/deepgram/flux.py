"""Deepgram's v2 listening: whole turns and their ends, without the socket."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from switchhook.domain.agent import Language
from switchhook.domain.errors import Unavailable
from switchhook.ports import Heard, Listening
from switchhook.providers.deepgram.account import DEEPGRAM, Wish
from switchhook.providers.deepgram.audio import Audio
from switchhook.providers.sockets import BEAT_SECONDS

PATH: Final = "/v2/listen"
ENGLISH: Final = "flux-general-en"
MULTILINGUAL: Final = "flux-general-multi"
LANGUAGES: Final[frozenset[Language]] = frozenset(
    {"en", "es", "de", "fr", "hi", "pt", "ja", "it", "nl"}
)
"""Those of ours that the models know."""

PIECE_MS: Final = 80
"""What the vendor recommends."""

GREETING_SECONDS: Final = 3.0
"""A connection whose parameters are refused is never greeted."""

MOST_KEYWORDS: Final = 100

_END: Final = "0.7"
_EAGER_END: Final = "0.5"
_LONGEST_PAUSE_MS: Final = "5000"


def wishes(listening: Listening, model: str) -> tuple[Wish, ...]:
    """Return what the address asks for."""
    hint = [("language_hint", listening.language)] if model == MULTILINGUAL else []
    return (
        ("model", model),
        ("eot_threshold", _END),
        ("eager_eot_threshold", _EAGER_END),
        ("eot_timeout_ms", _LONGEST_PAUSE_MS),
        *hint,
        *(("keyterm", word) for word in listening.keywords[:MOST_KEYWORDS]),
    )


class Flux:
    """One connection: audio in, turns out."""

    def __init__(self) -> None:
        self._audio = Audio(PIECE_MS)
        self._opened_at = 0.0
        self._greeted = False
        self._turn: int | None = None
        self._start_ms = 0

    def hear(self, ulaw: bytes, at_ms: int) -> None:
        """Let the vendor hear what begins at this moment of the call."""
        self._audio.push(ulaw, at_ms)

    def opened(self, now: float) -> None:
        """Begin to wait for a greeting."""
        self._opened_at = now
        self._audio.opened(now)

    def beat(self, now: float) -> Iterable[Unavailable]:
        """Let silence flow where nothing else does; notice a vendor that does not greet."""
        # Turns end only while audio flows, and a connection without any is closed.
        if not self._greeted and now - self._opened_at >= GREETING_SECONDS:
            yield DEEPGRAM.broken_off("it does not greet")
        if self._audio.quiet_seconds(now) >= BEAT_SECONDS:
            self._audio.pad(round(1000 * BEAT_SECONDS))

    def feed(self, message: str | bytes) -> Iterable[Heard | Unavailable]:
        """Return the words that a message makes clear, or the turn that it ends."""
        return DEEPGRAM.understood(message, self._read)

    def closed(self, code: int, reason: str) -> Unavailable:
        """Return what it means that the vendor has closed the connection."""
        return DEEPGRAM.closed(code, reason)

    def to_send(self) -> list[bytes]:
        """Return the messages that are due, once."""
        return self._audio.pieces()

    def goodbye(self) -> str:
        """Return the last message before we close the connection."""
        return json.dumps({"type": "CloseStream"})

    def _read(self, told: Mapping[str, Any]) -> Iterable[Heard | Unavailable]:
        match told.get("type"):
            case "Connected":
                self._greeted = True
            case "TurnInfo":
                yield from self._turn_info(told)
            case "Error":
                yield DEEPGRAM.broken_off(f"{told.get('description')} ({told.get('code')})")
            case _:
                pass

    def _turn_info(self, told: Mapping[str, Any]) -> Iterable[Heard]:
        text = str(told["transcript"]).strip()
        words: Sequence[Mapping[str, Any]] = told.get("words") or ({},)
        if not text:
            return
        if self._turn != told["turn_index"]:
            # The turn keeps the place at which its first words were heard: by it all its later
            # versions are recognised.
            self._turn = told["turn_index"]
            start = words[0].get("start", told["audio_window_start"])
            self._start_ms = self._audio.call_ms(start)
        end_ms = self._audio.call_ms(words[-1].get("end", told["audio_window_end"]))
        event = told["event"]
        yield Heard(
            text,
            final=event == "EndOfTurn",
            start_ms=self._start_ms,
            end_ms=max(self._start_ms, end_ms),
            eager=event == "EagerEndOfTurn",
        )

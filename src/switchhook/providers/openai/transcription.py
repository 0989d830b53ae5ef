"""OpenAI's streaming transcription: the messages of one session, without the socket.

The vendor cuts the audio where it is quiet. Every piece becomes an item; its words come as they
are written, late, and in any order between items. They are told in the order in which they were
said, so the words of an item wait for those of the ones before it, though not for ever.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from switchhook.domain.agent import Language
from switchhook.engine.expectation import UNCLEAR
from switchhook.ports import FRAME_MS, Heard
from switchhook.providers.openai.trouble import Failure, failure

PIECE_BYTES: Final = 320
"""Audio that is sent at once: fewer messages cost less, and 40 ms are not missed."""

SILENCE_MS: Final = 300
"""After so much of it the vendor ends an item: a pause, of which our turns make what they will."""

PATIENCE_MS: Final = 5000
"""How long the words of later items wait for an earlier one that has ended."""

BYTES_PER_MS: Final = 8

_PADDING_MS: Final = 300
_KEYWORDS: Final = ("gpt-live-transcribe", "gpt-transcribe")


@dataclass(slots=True)
class _Item:
    """A piece of speech in call time, and what is known of its words."""

    start_ms: int
    end_ms: int | None = None
    text: str = ""
    told: str = ""
    complete: bool = False


class Transcription:
    """One session: audio in, words out."""

    def __init__(self, model: str, language: Language, keywords: tuple[str, ...] = ()) -> None:
        self._update = {"type": "session.update", "session": _session(model, language, keywords)}
        self._out: list[str] = []
        self._audio = bytearray()
        self._pushed_ms = 0
        self._now_ms = 0
        self._shifts: list[tuple[int, int]] = []  # where in the session call time is how far ahead
        self._items: dict[str, _Item] = {}
        self.open = False

    def hear(self, ulaw: bytes, at_ms: int) -> Iterator[Heard]:
        """Let the vendor hear 20 ms from this moment of the call; yield what waited long enough."""
        shift = at_ms - self._pushed_ms
        if not self._shifts or self._shifts[-1][1] != shift:
            self._shifts.append((self._pushed_ms, shift))
        self._pushed_ms += len(ulaw) // BYTES_PER_MS
        self._now_ms = at_ms + FRAME_MS
        self._audio += ulaw
        return self._clear()

    def to_send(self) -> list[str]:
        """Return the messages that are due, once."""
        due, self._out = self._out, []
        if self.open and len(self._audio) >= PIECE_BYTES:
            encoded = binascii.b2a_base64(self._audio, newline=False).decode("ascii")
            due.append(f'{{"type":"input_audio_buffer.append","audio":"{encoded}"}}')
            self._audio.clear()
        return due

    def feed(self, message: str) -> Iterator[Heard | Failure]:
        """Yield the words that a message makes clear; what is unknown means nothing."""
        try:
            event: object = json.loads(message)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            yield failure({"code": "protocol_broken", "message": "a message is no JSON object"})
            return
        told = cast("dict[str, Any]", event)
        if told.get("type") == "error":
            yield failure(told.get("error"))
            return
        reader = self._READERS.get(str(told.get("type")))
        if reader is None:
            return
        try:
            reader(self, told)
        except (KeyError, TypeError, ValueError):
            kind = str(told["type"])
            yield failure({"code": "protocol_broken", "message": f"{kind} is malformed"})
            return
        yield from self._clear()

    def _created(self, _told: Mapping[str, Any]) -> None:
        self._out.append(json.dumps(self._update))

    def _updated(self, _told: Mapping[str, Any]) -> None:
        self.open = True

    def _starts(self, told: Mapping[str, Any]) -> None:
        self._items[told["item_id"]] = _Item(self._call_ms(int(told["audio_start_ms"])))

    def _stops(self, told: Mapping[str, Any]) -> None:
        # What the vendor calls the end includes the silence that it waited for.
        item = self._items.get(told["item_id"])
        if item is not None:
            item.end_ms = self._call_ms(int(told["audio_end_ms"]) - SILENCE_MS)

    def _writes(self, told: Mapping[str, Any]) -> None:
        item = self._items.get(told["item_id"])
        if item is not None:
            item.text += told.get("delta") or ""

    def _has_written(self, told: Mapping[str, Any]) -> None:
        self._complete(told["item_id"], str(told["transcript"]))

    def _cannot_write(self, told: Mapping[str, Any]) -> None:
        self._complete(told["item_id"], UNCLEAR)

    _READERS: ClassVar[Mapping[str, Callable[..., None]]] = {
        "session.created": _created,
        "session.updated": _updated,
        "input_audio_buffer.speech_started": _starts,
        "input_audio_buffer.speech_stopped": _stops,
        "conversation.item.input_audio_transcription.delta": _writes,
        "conversation.item.input_audio_transcription.completed": _has_written,
        "conversation.item.input_audio_transcription.failed": _cannot_write,
    }

    def _clear(self) -> Iterator[Heard]:
        """Yield what is news of the first item, and of those after it that are complete."""
        for key in list(self._items):
            item = self._items[key]
            end_ms = self._now_ms if item.end_ms is None else item.end_ms
            text = item.text.strip()
            if item.complete:
                del self._items[key]
                if text:
                    yield Heard(
                        text, final=False, start_ms=item.start_ms, end_ms=end_ms, certain=True
                    )
                continue
            if item.end_ms is not None and self._now_ms - item.end_ms > PATIENCE_MS:
                del self._items[key]
                continue
            if text and text != item.told:
                item.told = text
                yield Heard(text, final=False, start_ms=item.start_ms, end_ms=end_ms)
            return

    def _complete(self, key: str, text: str) -> None:
        # Words that nobody waits for any more are better late than never.
        item = self._items.setdefault(key, _Item(self._now_ms, self._now_ms))
        item.text, item.complete = text, True

    def _call_ms(self, session_ms: int) -> int:
        shifts = [shift for since, shift in self._shifts if since <= session_ms]
        return session_ms + (shifts[-1] if shifts else 0)


def _session(model: str, language: Language, keywords: tuple[str, ...]) -> dict[str, Any]:
    transcription: dict[str, Any] = {"model": model, "language": language}
    if keywords and model.startswith(_KEYWORDS):
        transcription["keywords"] = list(keywords)
    elif keywords:
        transcription["prompt"] = ", ".join(keywords)
    return {
        "type": "transcription",
        "audio": {
            "input": {
                "format": {"type": "audio/pcmu"},
                "transcription": transcription,
                "turn_detection": {
                    "type": "server_vad",
                    "prefix_padding_ms": _PADDING_MS,
                    "silence_duration_ms": SILENCE_MS,
                },
            }
        },
    }

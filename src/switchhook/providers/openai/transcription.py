"""OpenAI's streaming transcription: the messages of one session, without the socket.

The streaming models have no turn detection: their words come while somebody speaks, and are final
only once we commit the audio, so every pause is a commit. Each commit becomes an item; its final
words come late, and in any order between items. They are told in the order in which they were
said, so the words of an item wait for those of the ones before it, though not for ever.
"""

from __future__ import annotations

import binascii
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from switchhook.audio import g711
from switchhook.audio.activity import Activity, Change, Patience, Spell
from switchhook.domain.agent import Language
from switchhook.engine.expectation import UNCLEAR
from switchhook.ports import FRAME_MS, Heard
from switchhook.providers.openai.trouble import Failure, failure

PIECE_BYTES: Final = 320
"""Audio that is sent at once: fewer messages cost less, and 40 ms are not missed."""

PAUSE: Final = Patience(end=300)
"""What ends an item: a pause, of which our turns make what they will."""

PATIENCE_MS: Final = 5000
"""How long the words of later items wait for an earlier one that has ended."""

_KEYWORDS: Final = ("gpt-live-transcribe", "gpt-transcribe")
_UNGUIDED: Final = "gpt-realtime-whisper"


@dataclass(frozen=True, slots=True)
class _Span:
    """When something was said, in call time."""

    start_ms: int
    end_ms: int


@dataclass(slots=True)
class _Item:
    """A piece of speech, and what is known of its words; it has an end once it was committed."""

    start_ms: int
    end_ms: int | None = None
    text: str = ""
    told: str = ""
    complete: bool = False


class Transcription:
    """One session: audio in, words out."""

    def __init__(self, model: str, language: Language, keywords: tuple[str, ...] = ()) -> None:
        self._update = {"type": "session.update", "session": _session(model, language, keywords)}
        self._greeting: list[str] = []
        self._out: list[str] = []
        self._audio = bytearray()
        self._activity = Activity()
        self._spell = Spell(PAUSE)
        self._started_ms = 0
        self._now_ms = 0
        self._committed: deque[_Span] = deque()
        self._items: dict[str, _Item] = {}
        self.open = False

    def hear(self, ulaw: bytes, at_ms: int) -> Iterator[Heard]:
        """Let the vendor hear 20 ms from this moment of the call; yield what waited long enough."""
        self._now_ms = at_ms + FRAME_MS
        self._audio += ulaw
        change = self._spell.feed(self._activity.feed(g711.decode(ulaw)))
        if change is Change.STARTED:
            self._started_ms = self._now_ms - PAUSE.onset
        elif change is Change.STOPPED:
            self._committed.append(_Span(self._started_ms, self._now_ms - PAUSE.end))
            self._flush()
            self._out.append('{"type":"input_audio_buffer.commit"}')
        return self._clear()

    def to_send(self) -> list[str]:
        """Return the messages that are due, once; audio waits for the session."""
        due, self._greeting = self._greeting, []
        if self.open:
            if len(self._audio) >= PIECE_BYTES:
                self._flush()
            due += self._out
            self._out.clear()
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
        except (KeyError, IndexError, TypeError):
            kind = str(told["type"])
            yield failure({"code": "protocol_broken", "message": f"{kind} is malformed"})
            return
        yield from self._clear()

    def _created(self, _told: Mapping[str, Any]) -> None:
        self._greeting.append(json.dumps(self._update))

    def _updated(self, _told: Mapping[str, Any]) -> None:
        self.open = True

    def _commits(self, told: Mapping[str, Any]) -> None:
        span = self._committed.popleft()
        item = self._items.pop(told["item_id"], _Item(span.start_ms))
        item.end_ms = span.end_ms
        self._items[told["item_id"]] = item

    def _writes(self, told: Mapping[str, Any]) -> None:
        # Words of what is being said just now come before its commit.
        start_ms = self._started_ms if self._spell.speaking else self._now_ms
        item = self._items.setdefault(told["item_id"], _Item(start_ms))
        item.text += told.get("delta") or ""

    def _has_written(self, told: Mapping[str, Any]) -> None:
        self._complete(told["item_id"], str(told["transcript"]))

    def _cannot_write(self, told: Mapping[str, Any]) -> None:
        self._complete(told["item_id"], UNCLEAR)

    _READERS: ClassVar[Mapping[str, Callable[..., None]]] = {
        "session.created": _created,
        "session.updated": _updated,
        "input_audio_buffer.committed": _commits,
        "conversation.item.input_audio_transcription.delta": _writes,
        "conversation.item.input_audio_transcription.completed": _has_written,
        "conversation.item.input_audio_transcription.failed": _cannot_write,
    }

    def _clear(self) -> Iterator[Heard]:
        """Yield what is news of the first item, and of those after it as far as none is missing."""
        # In the order of their commits, and then what is being said just now.
        for key, item in sorted(self._items.items(), key=lambda pair: pair[1].end_ms is None):
            end_ms = self._now_ms if item.end_ms is None else item.end_ms
            text = item.text.strip()
            if item.complete:
                del self._items[key]
            if text and (item.complete or text != item.told):
                item.told = text
                start_ms, certain = item.start_ms, item.complete
                yield Heard(text, final=False, start_ms=start_ms, end_ms=end_ms, certain=certain)
            if not item.complete and self._now_ms - end_ms <= PATIENCE_MS:
                return

    def _complete(self, key: str, text: str) -> None:
        # Words that nobody waits for any more are better late than never.
        item = self._items.setdefault(key, _Item(self._now_ms, self._now_ms))
        item.text, item.complete = text, True

    def _flush(self) -> None:
        encoded = binascii.b2a_base64(self._audio, newline=False).decode("ascii")
        self._out.append(f'{{"type":"input_audio_buffer.append","audio":"{encoded}"}}')
        self._audio.clear()


def _session(model: str, language: Language, keywords: tuple[str, ...]) -> dict[str, Any]:
    transcription: dict[str, Any] = {"model": model, "language": language}
    if keywords and model.startswith(_KEYWORDS):
        transcription["keywords"] = list(keywords)
    elif keywords and model != _UNGUIDED:
        transcription["prompt"] = ", ".join(keywords)
    audio = {"format": {"type": "audio/pcmu"}, "transcription": transcription}
    return {"type": "transcription", "audio": {"input": audio | {"turn_detection": None}}}

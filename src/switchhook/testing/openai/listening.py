"""The hearing side of a realtime session: audio becomes items, items become words."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from switchhook.audio import g711
from switchhook.audio.level import rms
from switchhook.ports import Frame
from switchhook.testing.inscribed import read
from switchhook.testing.openai.responses import Json
from switchhook.testing.openai.segments import LOUD, Segments

Tell = Callable[..., None]
"""Sends an event of this type with these members."""


@dataclass(slots=True)
class Scribe:
    """What is heard: the first commit is the first text; each takes its seconds to be written.

    Beyond the texts it is what the callee has written into the audio, if anything.
    """

    texts: Sequence[str] = ()
    seconds: Sequence[float] = ()
    fails: frozenset[int] = frozenset()
    asked: int = 0

    def coming(self, words: int) -> str:
        """Return so many words of the next text."""
        text = self.texts[self.asked] if self.asked < len(self.texts) else ""
        return " ".join(text.split()[:words])

    def next(self) -> tuple[str | None, float]:
        """Return the next text, or none where it is not understood, and how long it takes."""
        number, self.asked = self.asked, self.asked + 1
        text = self.texts[number] if number < len(self.texts) else ""
        seconds = self.seconds[number] if number < len(self.seconds) else 0.0
        return None if number in self.fails else text, seconds


Moment = Literal["started", "stopped"]

WORD_BYTES = 2400
"""Speech after which a streaming model has written another word."""

_PATIENCE_MS = {"low": 1200, "medium": 600, "auto": 600, "high": 300}
_STREAMING = ("gpt-live-transcribe", "gpt-realtime-whisper")


DETECTIONS = ("semantic_vad", "server_vad")
"""How the vendor finds turns, where it is wanted to."""


@dataclass(slots=True)
class Ear:
    """One session's ear; `turned` learns when the vendor's own detector hears a change."""

    scribe: Scribe
    tell: Tell
    refuse: Callable[[str, str], None]
    tasks: asyncio.TaskGroup
    turned: Callable[[Moment], None] = lambda _: None
    finds_turns_by: Collection[str] = DETECTIONS
    said: list[str] = field(default_factory=list[str])
    _segments: Segments | None = None
    _waiting: int = 0
    _items: int = 0
    _last: str | None = None
    _transcribes: bool = False
    _streams: bool = False
    _written: str = ""
    _read: list[str] = field(default_factory=list[str])
    _loud: int = 0

    def configure(self, audio_input: Json) -> bool:
        """Take the wishes for the audio that comes in, unless they contradict each other."""
        transcription: Json = audio_input.get("transcription") or {}
        self._streams = self._streams or transcription.get("model") in _STREAMING
        if "turn_detection" in audio_input:
            wanted: Json | None = audio_input["turn_detection"]
            if wanted and self._streams:
                what = "Turn detection is not supported for this transcription model"
                self.refuse("invalid_value", what)
                return False
            if wanted and wanted["type"] not in self.finds_turns_by:
                self.refuse("invalid_value", f"turn_detection has no type {wanted['type']!r}")
                return False
            self._segments = Segments(_silence_ms(wanted)) if wanted else None
        if "transcription" in audio_input:
            self._transcribes = audio_input["transcription"] is not None
        return True

    def append(self, message: Json) -> None:
        """Hear some audio."""
        audio = base64.b64decode(message["audio"], validate=True)
        self._waiting += len(audio)
        self._read += read(Frame(audio)).words
        if self._streams and self._transcribes:
            self._write_on(audio)
        for change in self._segments.feed(audio) if self._segments else ():
            item = f"item_u{self._items}"
            if change.kind == "started":
                self.tell(
                    "input_audio_buffer.speech_started", audio_start_ms=change.at_ms, item_id=item
                )
            else:
                self.tell(
                    "input_audio_buffer.speech_stopped", audio_end_ms=change.at_ms, item_id=item
                )
                self.commit()
            self.turned(change.kind)

    def clear(self) -> None:
        """Forget the audio that was not committed."""
        self._waiting = 0
        self.tell("input_audio_buffer.cleared")

    def commit(self) -> None:
        """Make an item of the audio so far."""
        if not self._waiting:
            self.refuse("input_audio_buffer_commit_empty", "the buffer is empty")
            return
        self._waiting = 0
        item_id, before = f"item_u{self._items}", self._last
        self._items += 1
        self._last = item_id
        content = [{"type": "input_audio", "transcript": None}]
        item = message_item(item_id, "user", content, "completed")
        self.tell("input_audio_buffer.committed", item_id=item_id, previous_item_id=before)
        self.tell("conversation.item.added", item=item, previous_item_id=before)
        self.tell("conversation.item.done", item=item, previous_item_id=before)
        written, self._written, self._loud = self._written, "", 0
        text, seconds = self.scribe.next()
        text = " ".join(self._read) if text == "" else text
        self._read.clear()
        self.said.append(text or "")
        if self._transcribes:
            self.tasks.create_task(self._write(item_id, text, seconds, written))

    def _write_on(self, audio: bytes) -> None:
        """Write the words of what is being said just now."""
        self._loud += len(audio) if rms(g711.decode(audio)) > LOUD else 0
        words = self.scribe.coming(self._loud // WORD_BYTES)
        delta, self._written = words[len(self._written) :], words
        if delta:
            place = {"item_id": f"item_u{self._items}", "content_index": 0}
            kind = "conversation.item.input_audio_transcription.delta"
            self.tell(kind, **place, delta=delta)

    async def _write(self, item_id: str, text: str | None, seconds: float, written: str) -> None:
        place: Json = {"item_id": item_id, "content_index": 0}
        kind = "conversation.item.input_audio_transcription"
        await asyncio.sleep(seconds)
        if text is None:
            error = {"type": "transcription_error", "code": "audio_unintelligible"}
            self.tell(f"{kind}.failed", **place, error=error | {"message": "it is not clear"})
            return
        for word in text.removeprefix(written).split():
            self.tell(f"{kind}.delta", **place, delta=f" {word}")
        usage = {"type": "duration", "seconds": 1.0}
        self.tell(f"{kind}.completed", **place, transcript=text, usage=usage)


def _silence_ms(detection: Json) -> int:
    """Return after how much silence a turn is over; who understands more is eager or not."""
    if detection["type"] == "semantic_vad":
        return _PATIENCE_MS[detection.get("eagerness") or "auto"]
    return int(detection.get("silence_duration_ms") or 500)


def message_item(item_id: str, role: str, content: list[Json], status: str) -> Json:
    """Return a message as an item of a conversation."""
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "status": status,
        "role": role,
        "content": content,
    }


def merged(old: Json, new: Json) -> Json:
    """Return a configuration after an update that names only what changes."""
    result = dict(old)
    for name, value in new.items():
        inner: Any = result.get(name)
        both = isinstance(inner, dict) and isinstance(value, dict)
        result[name] = merged(cast("Json", inner), cast("Json", value)) if both else value
    return result

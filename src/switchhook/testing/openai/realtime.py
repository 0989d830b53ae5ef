"""The vendor's side of a realtime session: one answer at a time, and strict about what is cut."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from switchhook.testing.minds import Acts, Breaks, Ponders, Writes
from switchhook.testing.openai.brain import Asked, Brain, Fails, Refuses
from switchhook.testing.openai.listening import Ear, Moment, Scribe, merged, message_item
from switchhook.testing.openai.responses import Broken, Json, halves
from switchhook.testing.openai.speech import worded

PIECE: Final = 1600
"""Bytes of audio in one delta: 200 ms."""


@dataclass(slots=True)
class _Answer:
    """An answer in the making; `why` it was cancelled, if it was."""

    id: str
    why: str = ""
    output: list[Json] = field(default_factory=list[Json])


class Conversation:
    """One session, whose answers are tasks of this group."""

    def __init__(
        self,
        brain: Brain,
        scribe: Scribe,
        send: Callable[[Json], None],
        tasks: asyncio.TaskGroup,
        *,
        pace: float = 0.0,
        transcription: bool = False,
    ) -> None:
        self._brain, self._send, self._tasks, self._pace = brain, send, tasks, pace
        self._number = 0
        self._answer: _Answer | None = None
        self._asked_for = ""
        self._spoken: dict[str, int] = {}
        self._items: set[str] = set()
        self._input = ""
        self.ear = Ear(scribe, self._tell, self._refuse, tasks, self._turned)
        self.lingers = 0.0
        """Seconds for which an answer that was cancelled still comes."""
        self.config: Json = _TRANSCRIPTION if transcription else _CONVERSATION

    def open(self, expires_at: int) -> None:
        """Greet."""
        self.config = self.config | {"id": "sess_1", "expires_at": expires_at}
        self.ear.configure(self.config["audio"]["input"])
        self._tell("session.created", session=self.config)

    def expire(self) -> None:
        """Say that the session is too old."""
        self._asked_for = ""
        self._refuse("session_expired", "Your session hit the maximum duration of 60 minutes.")

    def refuse(self, message: Json) -> None:
        """Take no notice of an event of the client, and say so."""
        self._asked_for = str(message.get("event_id") or "")
        self._refuse("invalid_value", f"{message['type']} is not accepted")

    def feed(self, message: Json) -> None:
        """Take an event of the client."""
        self._asked_for = str(message.get("event_id") or "")
        match message["type"]:
            case "session.update":
                self._update(message["session"])
            case "input_audio_buffer.append":
                self.ear.append(message)
            case "input_audio_buffer.commit":
                self._input = ""
                self.ear.commit()
            case "input_audio_buffer.clear":
                self.ear.clear()
            case "response.create":
                self._create()
            case "response.cancel":
                self._cancel("client_cancelled")
            case kind:
                self._change_items(kind, message)

    def _change_items(self, kind: str, message: Json) -> None:
        match kind:
            case "conversation.item.create":
                self._add(message["item"])
            case "conversation.item.truncate":
                self._truncate(message["item_id"], int(message["audio_end_ms"]))
            case "conversation.item.delete":
                self._delete(message["item_id"])
            case _:
                self._refuse("unknown_event", f"there is no event {kind!r}")

    # ---- items ----------------------------------------------------------------------------------

    def _update(self, wanted: Json) -> None:
        if self.ear.configure(wanted.get("audio", {}).get("input", {})):
            self.config = merged(self.config, wanted)
            self._tell("session.updated", session=self.config)

    def _add(self, item: Json) -> None:
        added: Json = {
            "id": self._new("item_c"),
            "object": "realtime.item",
            "status": "completed",
        } | item
        self._items.add(added["id"])
        content: list[Json] = item.get("content", [{}])
        if item.get("role") != "assistant":
            self._input = str(item.get("output") or content[0].get("text") or "")
        self._tell("conversation.item.added", item=added, previous_item_id=None)
        self._tell("conversation.item.done", item=added, previous_item_id=None)

    def _truncate(self, item_id: str, end_ms: int) -> None:
        spoken = self._spoken.get(item_id)
        if spoken is None:
            self._refuse("item_truncate_invalid_item_id", f"there is no spoken item {item_id!r}")
        elif end_ms <= 0:
            self._refuse("invalid_value", "audio_end_ms has to be greater than 0")
        elif end_ms > spoken // 8:
            short = f"Audio content of {spoken // 8}ms is already shorter than {end_ms}ms"
            self._refuse("invalid_value", short)
        else:
            self._spoken[item_id] = end_ms * 8
            members: Json = {"item_id": item_id, "content_index": 0, "audio_end_ms": end_ms}
            self._tell("conversation.item.truncated", **members)

    def _delete(self, item_id: str) -> None:
        if item_id not in self._items:
            self._refuse("item_delete_invalid_item_id", f"there is no item {item_id!r}")
            return
        self._items.remove(item_id)
        self._spoken.pop(item_id, None)
        self._tell("conversation.item.deleted", item_id=item_id)

    # ---- answers --------------------------------------------------------------------------------

    def _turned(self, moment: Moment) -> None:
        if self.config["type"] == "transcription":
            return
        detection: Json = self.config["audio"]["input"]["turn_detection"]
        if moment == "started" and detection.get("interrupt_response", True):
            if self._answer is not None:
                self._cancel("turn_detected")
        elif moment == "stopped" and detection.get("create_response", True):
            self._create()

    def _create(self) -> None:
        if self._answer is not None:
            code = "conversation_already_has_active_response"
            self._refuse(code, "Conversation already has an active response")
            return
        self._answer = _Answer(self._new("resp_"))
        said = self._input or (self.ear.said[-1] if self.ear.said else "")
        self._input = ""
        self._tasks.create_task(self._speak(self._answer, Asked(said, self.config)))

    def _cancel(self, why: str) -> None:
        if self._answer is None:
            self._refuse("response_cancel_not_active", "there is no active response")
        else:
            self._tasks.create_task(self._silence(self._answer, why))

    async def _silence(self, answer: _Answer, why: str) -> None:
        await asyncio.sleep(self.lingers)
        answer.why = answer.why or why

    async def _speak(self, answer: _Answer, asked: Asked) -> None:
        self._tell("response.created", response=self._response(answer, "in_progress"))
        error: Json | None = None
        for stroke in self._brain(asked):
            match stroke:
                case Writes(text) | Refuses(text):
                    await self._say(answer, text)
                case Acts(name, arguments):
                    self._call(answer, name, arguments)
                case Ponders(seconds):
                    await asyncio.sleep(seconds)
                case Fails(code):
                    error = {"type": "server_error", "code": code, "message": "it was given up"}
                case Breaks():
                    raise Broken
            if answer.why or error:
                break
        await asyncio.sleep(self._pace)
        self._answer = None
        self._tell("response.done", response=self._ended(answer, error))

    def _ended(self, answer: _Answer, error: Json | None) -> Json:
        if answer.why:
            details: Json | None = {"type": "cancelled", "reason": answer.why}
            return self._response(answer, "cancelled", details)
        if error:
            return self._response(answer, "failed", {"type": "failed", "error": error})
        return self._response(answer, "completed")

    async def _say(self, answer: _Answer, text: str) -> None:
        item_id = self._new("item_a")
        place = _place(answer, item_id)
        self._items.add(item_id)
        self._spoken[item_id] = 0
        self._item("added", place, message_item(item_id, "assistant", [], "in_progress"))
        place["content_index"] = 0
        part: Json = {"type": "audio", "transcript": ""}
        self._tell("response.content_part.added", **place, part=part)
        written = ""
        audio = worded(text)
        words = [f"{word} " for word in text.split()]
        pieces = [audio[at : at + PIECE] for at in range(0, len(audio), PIECE)]
        for number in range(max(len(words), len(pieces))):
            if answer.why:
                break
            if number < len(words):
                written += words[number]
                self._tell("response.output_audio_transcript.delta", **place, delta=words[number])
            if number < len(pieces):
                self._spoken[item_id] += len(pieces[number])
                delta = base64.b64encode(pieces[number]).decode()
                self._tell("response.output_audio.delta", **place, delta=delta)
            await asyncio.sleep(self._pace)
        self._end_item(answer, place, written)

    def _end_item(self, answer: _Answer, place: Json, written: str) -> None:
        said = written.strip()
        self._tell("response.output_audio.done", **place)
        self._tell("response.output_audio_transcript.done", **place, transcript=said)
        part = {"type": "audio", "transcript": said}
        self._tell("response.content_part.done", **place, part=part)
        content: list[Json] = [{"type": "output_audio", "transcript": said}]
        status = "incomplete" if answer.why else "completed"
        item = message_item(place["item_id"], "assistant", content, status)
        answer.output.append(item)
        self._item("done", place, item)

    def _call(self, answer: _Answer, name: str, arguments: str) -> None:
        item_id, call_id = self._new("item_f"), self._new("call_")
        place = _place(answer, item_id)
        call: Json = {
            "id": item_id,
            "object": "realtime.item",
            "type": "function_call",
            "name": name,
        }
        call["call_id"] = call_id
        self._items.add(item_id)
        self._item("added", place, call | {"status": "in_progress", "arguments": ""})
        kind = "response.function_call_arguments"
        for piece in halves(arguments):
            self._tell(f"{kind}.delta", **place, call_id=call_id, delta=piece)
        self._tell(f"{kind}.done", **place, call_id=call_id, name=name, arguments=arguments)
        done = call | {"status": "completed", "arguments": arguments}
        answer.output.append(done)
        self._item("done", place, done)

    def _item(self, moment: str, place: Json, item: Json) -> None:
        where = {name: place[name] for name in ("response_id", "output_index")}
        self._tell(f"response.output_item.{moment}", **where, item=item)
        self._tell(f"conversation.item.{moment}", item=item, previous_item_id=None)

    def _response(self, answer: _Answer, status: str, details: Json | None = None) -> Json:
        spent = {"total_tokens": 30, "input_tokens": 20, "output_tokens": 10}
        return {
            "object": "realtime.response",
            "id": answer.id,
            "status": status,
            "status_details": details,
            "output": list(answer.output),
            "conversation_id": "conv_1",
            "usage": None if status == "in_progress" else spent,
        }

    # ---- the wire -------------------------------------------------------------------------------

    def _new(self, kind: str) -> str:
        self._number += 1
        return f"{kind}{self._number}"

    def _tell(self, kind: str, **members: Any) -> None:
        self._send({"type": kind, "event_id": self._new("event_"), **members})

    def _refuse(self, code: str, message: str) -> None:
        error = {"type": "invalid_request_error", "code": code, "message": message}
        self._tell("error", error=error | {"param": None, "event_id": self._asked_for or None})


def _place(answer: _Answer, item_id: str) -> Json:
    index = len(answer.output)
    return {"response_id": answer.id, "item_id": item_id, "output_index": index}


_CONVERSATION: Final[Json] = {
    "type": "realtime",
    "object": "realtime.session",
    "model": "gpt-realtime-2.1",
    "output_modalities": ["audio"],
    "instructions": "",
    "tools": [],
    "tool_choice": "auto",
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": None,
            "turn_detection": {"type": "server_vad"},
        },
        "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"},
    },
}
_TRANSCRIPTION: Final[Json] = {
    "type": "transcription",
    "object": "realtime.transcription_session",
    "audio": {"input": _CONVERSATION["audio"]["input"]},
}

"""The vendor's side of a conversation by speech, played by hand."""

from __future__ import annotations

import base64
import json
from typing import Any

from openai.types.realtime import RealtimeClientEvent
from pydantic import TypeAdapter

from switchhook.providers.openai.conversing import Event, Settings
from switchhook.providers.openai.realtime import Realtime

Json = dict[str, Any]
CLIENT: TypeAdapter[Any] = TypeAdapter(RealtimeClientEvent)
SETTINGS = Settings("gpt-realtime-2.1", "Book a table.")


class Vendor:
    """Tells a codec what a session would, and keeps what the codec says, already validated."""

    def __init__(self, settings: Settings = SETTINGS, *, opens: bool = True) -> None:
        self.codec = Realtime(settings)
        self._event = 0
        if opens:
            self.open()

    def open(self) -> list[Json]:
        """Open a session, and return what it is told as it opens."""
        self.tell("session.created", session={})
        greeting = self.said()
        self.tell("session.updated", session={})
        return greeting + self.said()

    def said(self) -> list[Json]:
        """Return what the codec wants to be sent."""
        messages = [json.loads(message) for message in self.codec.to_send()]
        for message in messages:
            CLIENT.validate_python(message)
        return messages

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.said()]

    def tell(self, kind: str, **members: Any) -> list[Event]:
        self._event += 1
        event = {"type": kind, "event_id": f"event_{self._event}", **members}
        return self.codec.feed(json.dumps(event, separators=(",", ":")))

    def begins(self, response: str, generation: int = 0) -> list[Event]:
        """Begin an answer that is asked for."""
        self.codec.ask(generation)
        self.said()
        return self.starts(response)

    def starts(self, response: str) -> list[Event]:
        """Begin an answer."""
        return self.tell("response.created", response={"id": response, "status": "in_progress"})

    def item(self, response: str, item: str) -> list[Event]:
        place = {"response_id": response, "output_index": 0}
        message = {"id": item, "type": "message", "role": "assistant", "status": "in_progress"}
        self.tell("conversation.item.added", item=message)
        return self.tell("response.output_item.added", **place, item=message)

    def audio(self, response: str, item: str, octets: int) -> list[Event]:
        place = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        delta = base64.b64encode(b"\x55" * octets).decode()
        return self.tell("response.output_audio.delta", **place, delta=delta)

    def text(self, response: str, item: str, delta: str) -> list[Event]:
        place = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        return self.tell("response.output_audio_transcript.delta", **place, delta=delta)

    def ends_item(self, response: str, item: str) -> list[Event]:
        message = {"id": item, "type": "message", "role": "assistant", "status": "completed"}
        return self.tell("response.output_item.done", response_id=response, item=message)

    def calls(self, response: str, call: str) -> list[Event]:
        members = {"type": "function_call", "status": "completed", "call_id": call}
        item = {"id": f"item_{call}", "name": "find", "arguments": "{}", **members}
        return self.tell("response.output_item.done", response_id=response, item=item)

    def ends(self, response: str, status: str = "completed", **members: Any) -> list[Event]:
        return self.tell("response.done", response={"id": response, "status": status, **members})

    def answers(self, response: str, item: str, octets: int) -> None:
        """Make a whole answer of one item."""
        self.begins(response)
        self.item(response, item)
        self.audio(response, item, octets)
        self.ends_item(response, item)
        self.ends(response)

    def hears(self, item: str, start_ms: int = 0, end_ms: int = 500) -> None:
        """Let the callee speak, and make an item of it."""
        self.codec.speech(start_ms, begins=True)
        self.codec.hear(b"\x55" * 160, 0)
        self.codec.speech(end_ms, begins=False)
        message = {"id": item, "type": "message", "role": "user", "status": "completed"}
        self.tell("input_audio_buffer.committed", item_id=item)
        self.tell("conversation.item.added", item=message)

    def writes(self, item: str, text: str) -> list[Event]:
        """Write down what was heard."""
        kind = "conversation.item.input_audio_transcription.completed"
        return self.tell(kind, item_id=item, content_index=0, transcript=text)

    def callee(self, item: str, text: str) -> list[Event]:
        self.hears(item)
        return self.writes(item, text)

    def refuses(self, code: str, ours: str | None = None) -> list[Event]:
        error = {"type": "invalid_request_error", "code": code, "message": "no", "event_id": ours}
        return self.tell("error", error=error)

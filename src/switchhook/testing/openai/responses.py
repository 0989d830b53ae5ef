"""How a reply goes over the wire of the Responses API, event by event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from switchhook.testing.minds import Acts, Breaks, Ponders, Writes
from switchhook.testing.openai.brain import Asked, Fails, Refuses, Reply

Json = dict[str, Any]

CREATED_AT: Final = 1795000000


class Broken(Exception):
    """The stream is cut here."""


def asked(request: Mapping[str, Any]) -> Asked:
    """Return what a request asks last."""
    told: str | list[Json] = request["input"]
    if isinstance(told, str):
        return Asked(told, request)
    last: Json = told[-1] if told else {}
    return Asked(str(last.get("output", last.get("content", ""))), request)


class Stream:
    """The events of one response; every stroke of the reply becomes an item of its own."""

    def __init__(self, request: Mapping[str, Any], number: int) -> None:
        self._request = request
        self._id = f"resp_{number}"
        self._sequence = 0
        self._output: list[Json] = []
        self._written = 0

    async def events(self, reply: Reply) -> AsyncIterator[Json]:
        """Yield what the vendor sends, at the pace of the reply."""
        yield self._event("response.created", response=self._response("in_progress"))
        yield self._event("response.in_progress", response=self._response("in_progress"))
        for stroke in reply:
            if isinstance(stroke, Ponders):
                await asyncio.sleep(stroke.seconds)
            elif isinstance(stroke, Breaks):
                raise Broken
            elif isinstance(stroke, Fails):
                yield self._failed(stroke.code)
                return
            else:
                for event in self._item(stroke):
                    yield event
                    await asyncio.sleep(0)
        usage = self._usage()
        yield self._event("response.completed", response=self._response("completed", usage))

    def _item(self, stroke: Writes | Refuses | Acts) -> list[Json]:
        match stroke:
            case Writes(text):
                return self._message(_words(text), "output_text")
            case Refuses(text):
                return self._message(_words(text), "refusal")
            case Acts(name, arguments):
                return self._call(name, arguments)

    def _message(self, words: list[str], kind: str) -> list[Json]:
        refused = kind == "refusal"
        member = "refusal" if refused else "text"
        whole = "".join(words)
        place = {"item_id": f"msg_{len(self._output)}", "output_index": len(self._output)}
        part = {**place, "content_index": 0}
        item: Json = {"id": place["item_id"], "type": "message", "role": "assistant"}
        empty: Json = {"type": kind, member: ""} | ({} if refused else {"annotations": []})
        full = empty | {member: whole}
        extra: Json = {} if refused else {"logprobs": []}
        done = item | {"status": "completed", "content": [full]}
        index = place["output_index"]
        self._written += len(words)
        self._output.append(done)
        begun: Json = item | {"status": "in_progress", "content": []}
        return [
            self._event("response.output_item.added", output_index=index, item=begun),
            self._event("response.content_part.added", **part, part=empty),
            *(self._event(f"response.{kind}.delta", **part, delta=w, **extra) for w in words),
            self._event(f"response.{kind}.done", **part, **{member: whole}, **extra),
            self._event("response.content_part.done", **part, part=full),
            self._event("response.output_item.done", output_index=index, item=done),
        ]

    def _call(self, name: str, arguments: str) -> list[Json]:
        index = len(self._output)
        place = {"item_id": f"fc_{index}", "output_index": index}
        call: Json = {
            "id": place["item_id"],
            "type": "function_call",
            "call_id": f"call_{self._id}_{index}",
            "name": name,
        }
        done = call | {"status": "completed", "arguments": arguments}
        begun = call | {"status": "in_progress", "arguments": ""}
        self._written += 1
        self._output.append(done)
        kind = "response.function_call_arguments"
        return [
            self._event("response.output_item.added", output_index=index, item=begun),
            *(self._event(f"{kind}.delta", **place, delta=d) for d in halves(arguments)),
            self._event(f"{kind}.done", **place, name=name, arguments=arguments),
            self._event("response.output_item.done", output_index=index, item=done),
        ]

    def _failed(self, code: str) -> Json:
        error = {"code": code, "message": "the response was given up"}
        response = self._response("failed") | {"error": error}
        return self._event("response.failed", response=response)

    def _event(self, kind: str, **members: Any) -> Json:
        self._sequence += 1
        return {"type": kind, "sequence_number": self._sequence - 1, **members}

    def _response(self, status: str, usage: Json | None = None) -> Json:
        return {
            "id": self._id,
            "object": "response",
            "created_at": CREATED_AT,
            "status": status,
            "model": self._request["model"],
            "output": list(self._output),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": self._request.get("tools", []),
            "usage": usage,
        }

    def _usage(self) -> Json:
        read = tokens(self._request)
        return {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": self._written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + self._written,
        }


def tokens(request: Mapping[str, Any]) -> int:
    """Return how many tokens a request roughly is."""
    return len(json.dumps(request)) // 4


def halves(text: str) -> list[str]:
    """Return a text in pieces, cut where nothing ends."""
    middle = len(text) // 2
    return [piece for piece in (text[:middle], text[middle:]) if piece]


def _words(text: str) -> list[str]:
    return [f"{word} " for word in text.split(" ")]

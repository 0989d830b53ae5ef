"""How a reply goes over the wire of chat completions, as OpenAI and as others speak it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from enum import Enum, auto
from typing import Any

from switchhook.testing.minds import Acts, Breaks, Ponders, Writes
from switchhook.testing.openai.brain import Asked, Fails, Refuses, Reply
from switchhook.testing.openai.responses import CREATED_AT, Broken, Json, halves, tokens


class Quirk(Enum):
    """In what a server that speaks like OpenAI does not."""

    WHOLE_CALLS = auto()
    """A call of an action comes at once, as from Ollama."""
    NO_CALL_IDS = auto()
    """A call of an action has no id."""
    ONE_INDEX = auto()
    """All calls have the index 0."""
    NO_USAGE = auto()
    """Nobody counts tokens."""
    NO_DONE = auto()
    """The stream ends without `[DONE]`."""
    COMMENTS = auto()
    """Comments keep the connection alive."""
    STOPS_AFTER_CALLS = auto()
    """The reason to finish is `stop`, also where actions were called."""


def asked(request: Mapping[str, Any]) -> Asked:
    """Return what a request asks last."""
    messages: list[Mapping[str, Any]] = request["messages"]
    return Asked(str(messages[-1]["content"]) if messages else "", request)


class Stream:
    """The chunks of one completion."""

    def __init__(self, request: Mapping[str, Any], number: int, quirks: frozenset[Quirk]) -> None:
        self._request = request
        self._number = number
        self._quirks = quirks
        self._calls = 0
        self._written = 0

    async def chunks(self, reply: Reply) -> AsyncIterator[Json]:
        """Yield what the server sends, at the pace of the reply."""
        yield self._chunk({"role": "assistant", "content": ""})
        for stroke in reply:
            if isinstance(stroke, Ponders):
                await asyncio.sleep(stroke.seconds)
            elif isinstance(stroke, Breaks):
                raise Broken
            elif isinstance(stroke, Fails):
                yield {"error": {"code": stroke.code, "message": "the completion was given up"}}
                return
            else:
                for delta in self._deltas(stroke):
                    yield self._chunk(delta)
                    await asyncio.sleep(0)
        called = self._calls and Quirk.STOPS_AFTER_CALLS not in self._quirks
        yield self._chunk({}, "tool_calls" if called else "stop")
        if Quirk.NO_USAGE not in self._quirks:
            yield self._usage()

    def _deltas(self, stroke: Writes | Refuses | Acts) -> list[Json]:
        if isinstance(stroke, Acts):
            return [{"tool_calls": [c]} for c in self._call(stroke.name, stroke.arguments)]
        member = "content" if isinstance(stroke, Writes) else "refusal"
        words = stroke.text.split(" ")
        self._written += len(words)
        return [{member: f"{word} "} for word in words]

    def _call(self, name: str, arguments: str) -> list[Json]:
        index = 0 if Quirk.ONE_INDEX in self._quirks else self._calls
        call_id: Json = {"id": f"call_{self._number}_{self._calls}"}
        if Quirk.NO_CALL_IDS in self._quirks:
            call_id = {}
        self._calls += 1
        self._written += 1
        first: Json = {"index": index, **call_id, "type": "function"}
        if Quirk.WHOLE_CALLS in self._quirks:
            return [first | {"function": {"name": name, "arguments": arguments}}]
        return [
            first | {"function": {"name": name, "arguments": ""}},
            *({"index": index, "function": {"arguments": piece}} for piece in halves(arguments)),
        ]

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return self._completion([choice], None)

    def _usage(self) -> Json:
        read = tokens(self._request)
        usage = {
            "prompt_tokens": read,
            "completion_tokens": self._written,
            "total_tokens": read + self._written,
        }
        return self._completion([], usage)

    def _completion(self, choices: list[Json], usage: Json | None) -> Json:
        return {
            "id": f"chatcmpl-{self._number}",
            "object": "chat.completion.chunk",
            "created": CREATED_AT,
            "model": self._request["model"],
            "choices": choices,
            "usage": usage,
        }

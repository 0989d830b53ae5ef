"""A mind that thinks with chat completions: what Ollama, vLLM, LM Studio and most others speak."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from switchhook.engine.dialogue import Message, Role
from switchhook.ports import Action, Delta, Done, MindEvent, MindRequest
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.responses import tool
from switchhook.providers.openai.trouble import broken_off, failure

WARMING_SECONDS: Final = 60.0
"""A server at home loads its model when it is first asked."""

_PATH: Final = "/chat/completions"
_ROLES: Final = {Role.INSTRUCTIONS: "system", Role.CALLEE: "user", Role.AGENT: "assistant"}


class ChatMind:
    """Answers with the model that the agent wishes; a spare one with the agent's second choice."""

    def __init__(self, api: Api, model: str, *, spare: bool = False) -> None:
        self._api = api
        self._model = model
        self._spare = spare
        # A model that fails often says nothing about another one.
        self.name = "chat (second choice)" if spare else "chat"

    async def answer(self, request: MindRequest) -> AsyncGenerator[MindEvent]:
        """Yield the answer as it comes to be."""
        answer = Completion(f"call_{len(request.context)}")
        async with self._api.events(_PATH, self._body(request)) as chunks:
            async for chunk in chunks:
                for text in answer.feed(chunk):
                    yield Delta(text)
        if not answer.finished:
            raise broken_off("the answer has no end")
        for action in answer.actions():
            yield action
        yield answer.done

    async def prepare(self, request: MindRequest) -> None:
        """Let the server load the model and read the instructions."""
        body = self._body(request) | {"max_tokens": 1}
        await self._api.warm(_PATH, body, WARMING_SECONDS)

    def _body(self, request: MindRequest) -> dict[str, Any]:
        choice = request.choice
        model = choice.fallback_model if self._spare else choice.model
        body: dict[str, Any] = {
            "model": model or self._model,
            "messages": [_message(message) for message in request.context],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.offers:
            body["tools"] = [_nested(tool(offer)) for offer in request.offers]
        for name in ("temperature", "reasoning_effort", "verbosity"):
            wish: object = getattr(choice, name)
            if wish is not None:
                body[name] = wish
        return body


@dataclass(slots=True)
class _Call:
    """An action in the making."""

    id: str | None
    name: str
    arguments: str


class Completion:
    """What the chunks of one completion add up to, whatever the manner of the server."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._calls: list[_Call] = []
        self._open: dict[int, _Call] = {}
        self.finished = False
        self.done = Done()

    def feed(self, chunk: Mapping[str, Any]) -> list[str]:
        """Return the text of a chunk, and keep what else is in it."""
        if "error" in chunk:
            raise failure(chunk["error"]).error()
        usage: object = chunk.get("usage")
        if isinstance(usage, dict):
            self.done = _spent(cast("dict[str, Any]", usage))
        texts: list[str] = []
        for choice in chunk.get("choices") or ():
            delta: Mapping[str, Any] = choice.get("delta") or {}
            # What a model thinks aloud (`reasoning_content`) is not for the callee's ears.
            texts += [text for name in ("content", "refusal") if (text := delta.get(name))]
            for piece in delta.get("tool_calls") or ():
                self._act(piece)
            self._finish(choice.get("finish_reason"))
        return texts

    def actions(self) -> list[Action]:
        """Return the actions that were called, now that their arguments are complete."""
        return [
            Action(call.id or f"{self._prefix}_{number}", call.name, call.arguments)
            for number, call in enumerate(self._calls)
        ]

    def _act(self, piece: Mapping[str, Any]) -> None:
        function: Mapping[str, Any] = piece.get("function") or {}
        index, name = int(piece.get("index") or 0), function.get("name")
        arguments: object = function.get("arguments") or ""
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        call = self._open.get(index)
        # Some give every call the index 0: a name begins a call, unless it is repeated with its id.
        if call is None or (name and piece.get("id") != call.id) or (name and call.id is None):
            self._open[index] = _Call(piece.get("id"), str(name or ""), text)
            self._calls.append(self._open[index])
        else:
            call.arguments += text

    def _finish(self, reason: object) -> None:
        if reason == "content_filter":
            raise broken_off("the answer was filtered")
        self.finished |= reason is not None


def _spent(usage: Mapping[str, Any]) -> Done:
    return Done(int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0))


def _message(message: Message) -> dict[str, Any]:
    if message.role is Role.CALL:
        function = {"name": message.name, "arguments": _sound(message.text)}
        call = {"id": message.call_id, "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    if message.role is Role.RESULT:
        return {"role": "tool", "tool_call_id": message.call_id, "content": message.text}
    return {"role": _ROLES[message.role], "content": message.text}


def _sound(arguments: str) -> str:
    """Return arguments that can be parsed: some servers refuse a request that repeats others."""
    try:
        json.loads(arguments)
    except ValueError:
        return "{}"
    return arguments


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    kind = flat.pop("type")
    return {"type": kind, "function": flat}

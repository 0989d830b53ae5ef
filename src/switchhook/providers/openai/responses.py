"""A mind that thinks with OpenAI's Responses."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any, Final

from switchhook.engine.dialogue import Message, Role
from switchhook.engine.offers import Offer
from switchhook.ports import Action, Delta, Done, MindEvent, MindRequest
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.trouble import broken_off, failure

MODEL: Final = "gpt-6-luna"

WARMING_SECONDS: Final = 20.0
_FEWEST_TOKENS: Final = 16  # that the vendor lets a response be limited to

_PATH: Final = "/responses"
_ROLES: Final = {Role.CALLEE: "user", Role.AGENT: "assistant"}


class ResponsesMind:
    """Answers with the model that the agent wishes; a spare one with the agent's second choice."""

    def __init__(self, api: Api, model: str = MODEL, *, spare: bool = False) -> None:
        self._api = api
        self._model = model
        self._spare = spare
        # A model that fails often says nothing about another one.
        self.name = "openai (second choice)" if spare else "openai"

    async def answer(self, request: MindRequest) -> AsyncGenerator[MindEvent]:
        """Yield the answer as it comes to be."""
        ended = False
        async with self._api.events(_PATH, self._body(request)) as events:
            async for event in events:
                for told in read(event):
                    ended |= isinstance(told, Done)
                    yield told
        if not ended:
            raise broken_off("the answer has no end")

    async def prepare(self, request: MindRequest) -> None:
        """Open a connection and let the vendor read the instructions, so that it knows them."""
        body = self._body(request) | {"max_output_tokens": _FEWEST_TOKENS, "tool_choice": "none"}
        await self._api.warm(_PATH, body, WARMING_SECONDS)

    def _body(self, request: MindRequest) -> dict[str, Any]:
        choice = request.choice
        model = choice.fallback_model if self._spare else choice.model
        told = [m.text for m in request.context if m.role is Role.INSTRUCTIONS]
        body: dict[str, Any] = {
            "model": model or self._model,
            "instructions": "\n\n".join(told),
            "input": [_item(m) for m in request.context if m.role is not Role.INSTRUCTIONS],
            "tools": [tool(offer) for offer in request.offers],
            "stream": True,
            "stream_options": {"include_obfuscation": False},
            # The conversation is ours to keep. What a call's requests share is read only once.
            "store": False,
            "prompt_cache_key": request.call_id,
        }
        if choice.temperature is not None:
            body["temperature"] = choice.temperature
        if choice.reasoning_effort is not None:
            body["reasoning"] = {"effort": choice.reasoning_effort}
        if choice.verbosity is not None:
            body["text"] = {"verbosity": choice.verbosity}
        return body


def read(event: Mapping[str, Any]) -> Iterator[MindEvent]:
    """Yield what an event of the stream means to us; raise where it says that it failed."""
    match event:
        # What the model declines to do it says politely, and so it is said.
        case {"type": "response.output_text.delta" | "response.refusal.delta", "delta": str(text)}:
            yield Delta(text)
        case {
            "type": "response.output_item.done",
            "item": {
                "type": "function_call",
                "call_id": str(call_id),
                "name": str(name),
                "arguments": str(arguments),
            },
        }:
            yield Action(call_id, name, arguments)
        case {
            "type": "response.incomplete",
            "response": {"incomplete_details": {"reason": "content_filter"}},
        }:
            raise broken_off("the answer was filtered")
        case {"type": "response.completed" | "response.incomplete"}:
            yield _done(event)
        case {"type": "response.failed", "response": {"error": error}}:
            raise failure(error).error()
        case {"type": "error"}:
            raise failure(event.get("error", event)).error()
        case _:
            pass


def tool(offer: Offer) -> dict[str, Any]:
    """Return an action as the vendor is told of it."""
    return {
        "type": "function",
        "name": offer.name,
        "description": offer.description,
        "parameters": dict(offer.schema),
        "strict": False,
    }


def _item(message: Message) -> dict[str, Any]:
    if message.role is Role.CALL:
        call = {"call_id": message.call_id, "name": message.name, "arguments": message.text}
        return {"type": "function_call", **call}
    if message.role is Role.RESULT:
        output = {"call_id": message.call_id, "output": message.text}
        return {"type": "function_call_output", **output}
    return {"role": _ROLES[message.role], "content": message.text}


def _done(event: Mapping[str, Any]) -> Done:
    response: Mapping[str, Any] = event.get("response") or {}
    usage: Mapping[str, Any] = response.get("usage") or {}
    return Done(int(usage.get("input_tokens") or 0), int(usage.get("output_tokens") or 0))

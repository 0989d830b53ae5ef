"""What the mind may have done by others while the call goes on.

An action of an agent is an HTTPS request that the agent's owner described before the call. It is
signed, it goes to a public address only, follows no redirect, and says what came of it in words
that the mind can use; a failure is never silent and never an address or a secret.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jsonschema

from switchhook.domain.actions import Action, CallApi
from switchhook.engine.offers import Offer, request_of
from switchhook.runtime.outgoing import (
    SIGNATURE,
    UNANSWERED,
    Doorway,
    Outgoing,
    json_object,
    send,
    signature,
)

REQUEST_LIMIT = 10.0

TRY_LATER = "it did not work just now; say so politely and offer to try again later"
ASK_AGAIN = "the other side did not accept it; ask the callee for clarification"
NOT_ALLOWED = "the other side did not let us in; say that it has to be tried again later"


class ToolTrouble(Exception):
    """An action went wrong; the message is for the mind."""


class BadArguments(ToolTrouble):
    """The mind called an action with arguments it cannot have."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of an action; `say` is spoken as it is."""

    text: str
    say: str = ""


class Tools(Protocol):
    """Carries out the actions that were offered in a call."""

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Carry out an action and return what came of it."""
        ...


Tool = Callable[[Mapping[str, Any]], Awaitable[ToolResult]]


@dataclass(frozen=True, slots=True)
class Registered:
    """An action and who carries it out."""

    offer: Offer
    tool: Tool


class Toolbox:
    """Actions by name, from wherever they come; arguments that do not fit reach none of them."""

    def __init__(self, tools: Iterable[Registered]) -> None:
        self._tools = {tool.offer.name: tool for tool in tools}

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Carry out an action and return what came of it."""
        found = self._tools.get(name)
        if found is None:
            raise ToolTrouble(f"there is nobody who can do {name!r}")
        _check(arguments, found.offer)
        return await found.tool(arguments)


class ApiTool:
    """An action that asks another system over HTTPS."""

    def __init__(
        self, action: CallApi, call_id: str, secret: bytes | None, doorway: Doorway | None = None
    ) -> None:
        self._action = action
        self._call_id = call_id
        self._secret = secret
        self._doorway = doorway or Doorway()

    async def __call__(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Ask, and return what was answered."""
        try:
            async with asyncio.timeout(REQUEST_LIMIT):
                status, body = await self._post(self._body(arguments))
        except UNANSWERED as failure:
            raise ToolTrouble(TRY_LATER) from failure
        return _result(status, body)

    def _body(self, arguments: Mapping[str, Any]) -> bytes:
        # Receivers check the signature against a body that they serialise again with Python's
        # default separators, so it is sent in that form.
        return json.dumps({"call_id": self._call_id, "payload": dict(arguments)}).encode()

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        headers = {"accept": "application/json", "content-type": "application/json"}
        if self._secret is not None:
            headers[SIGNATURE] = signature(self._secret, body)
        return await send(Outgoing("POST", self._action.url, headers, body), self._doorway)


def api_tools(
    actions: Sequence[Action],
    call_id: str,
    secret_for: Callable[[str], bytes | None],
    doorway: Doorway | None = None,
) -> list[Registered]:
    """Return the requests an agent may make, signed with the secret for their address."""
    return [
        Registered(request_of(action), ApiTool(action, call_id, secret_for(action.url), doorway))
        for action in actions
        if isinstance(action, CallApi)
    ]


def _check(arguments: Mapping[str, Any], offer: Offer) -> None:
    try:
        jsonschema.validate(dict(arguments), dict(offer.schema))
    except jsonschema.ValidationError as failure:
        where = ".".join(str(part) for part in failure.absolute_path) or "the arguments"
        raise BadArguments(f"{where}: {failure.message[:200]}") from None


def _result(status: int, body: bytes) -> ToolResult:
    if status in (401, 403):
        raise ToolTrouble(NOT_ALLOWED)
    if 400 <= status < 500:  # noqa: PLR2004 - the client errors of HTTP
        raise ToolTrouble(ASK_AGAIN)
    answer = json_object(body) if 200 <= status < 300 else {}  # noqa: PLR2004 - its successes
    result, say = answer.get("result"), answer.get("agent_message", "")
    if not isinstance(result, dict) or not isinstance(say, str):
        raise ToolTrouble(TRY_LATER)
    return ToolResult(json.dumps(result, ensure_ascii=False), say)

"""What the mind may have done by others while the call goes on.

An action of an agent is an HTTPS request that the agent's owner described before the call. It is
signed, it goes to a public address only, follows no redirect, and says what came of it in words
that the mind can use; a failure is never silent and never an address or a secret.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import httpx2
import jsonschema

from switchhook.domain.actions import Action, CallApi
from switchhook.engine.offers import Offer, request_of
from switchhook.runtime.addresses import Refused, Resolve, checked, resolve

REQUEST_LIMIT = 10.0
LONGEST_RESULT = 1024 * 1024
CONNECTS = 3
"""How often a connection is tried; what was sent is never sent again."""

SIGNATURE = "x-vocode-signature"

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


@dataclass(frozen=True, slots=True)
class Doorway:
    """How requests leave; a test hands in its own."""

    resolve: Resolve = resolve
    transport: httpx2.AsyncBaseTransport | None = None


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
        except (TimeoutError, Refused, httpx2.HTTPError) as failure:
            raise ToolTrouble(TRY_LATER) from failure
        return _result(status, body)

    def _body(self, arguments: Mapping[str, Any]) -> bytes:
        # Receivers check the signature against a body that they serialise again with Python's
        # default separators, so it is sent in that form.
        return json.dumps({"call_id": self._call_id, "payload": dict(arguments)}).encode()

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        target = await checked(self._action.url, self._doorway.resolve)
        headers = {
            "host": target.host,
            "accept": "application/json",
            "content-type": "application/json",
        }
        if self._secret is not None:
            headers[SIGNATURE] = signature(self._secret, body)
        async with httpx2.AsyncClient(
            transport=self._doorway.transport,
            follow_redirects=False,
            trust_env=False,
            timeout=REQUEST_LIMIT,
        ) as client:
            for attempt, address in enumerate(_tried(target.addresses)):
                request = client.build_request(
                    "POST",
                    target.at(address),
                    headers=headers,
                    content=body,
                    extensions={"sni_hostname": target.host},
                )
                try:
                    return await _send(client, request)
                except (httpx2.ConnectError, httpx2.ConnectTimeout):
                    if attempt + 1 == CONNECTS:
                        raise
        raise AssertionError("a target has at least one address")


async def _send(client: httpx2.AsyncClient, request: httpx2.Request) -> tuple[int, bytes]:
    """Return the answer, unless it is longer than any sensible one."""
    response = await client.send(request, stream=True)
    try:
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > LONGEST_RESULT:
                raise ToolTrouble(TRY_LATER)
        return response.status_code, body
    finally:
        await response.aclose()


def signature(secret: bytes, body: bytes) -> str:
    """Return what proves to the receiver that the exact body comes from us."""
    return base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()


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


def _tried(addresses: Sequence[str]) -> list[str]:
    """Return the addresses in the order in which connections are tried."""
    return [addresses[n % len(addresses)] for n in range(CONNECTS)]


def _result(status: int, body: bytes) -> ToolResult:
    if status in (401, 403):
        raise ToolTrouble(NOT_ALLOWED)
    if 400 <= status < 500:  # noqa: PLR2004 - the client errors of HTTP
        raise ToolTrouble(ASK_AGAIN)
    answer = _object(body) if 200 <= status < 300 else {}  # noqa: PLR2004 - its successes
    result, say = answer.get("result"), answer.get("agent_message", "")
    if not isinstance(result, dict) or not isinstance(say, str):
        raise ToolTrouble(TRY_LATER)
    return ToolResult(json.dumps(result, ensure_ascii=False), say)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found: object = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

"""Requests to the systems of an agent's owner: signed, to public addresses, without redirects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import httpx2

from switchhook.runtime.addresses import Refused, Resolve, checked, resolve

LONGEST_ANSWER = 1024 * 1024
CONNECTS = 3
"""How often a connection is tried; what was sent is never sent again."""
READ_LIMIT = 10.0

SIGNATURE = "x-vocode-signature"


class TooLong(Exception):
    """The answer is longer than any sensible one."""


UNANSWERED = (TimeoutError, Refused, TooLong, httpx2.HTTPError)
"""What a request may end with instead of an answer."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """How requests leave; a test hands in its own."""

    resolve: Resolve = resolve
    transport: httpx2.AsyncBaseTransport | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request; where it goes is checked when it leaves."""

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


async def send(request: Outgoing, doorway: Doorway) -> tuple[int, bytes]:
    """Make a request, once, and return the status and the body of the answer."""
    target = await checked(request.url, doorway.resolve)
    async with httpx2.AsyncClient(
        transport=doorway.transport, follow_redirects=False, trust_env=False, timeout=READ_LIMIT
    ) as client:
        for attempt, address in enumerate(_tried(target.addresses)):
            made = client.build_request(
                request.method,
                target.at(address),
                headers={"host": target.host, **request.headers},
                content=request.body,
                extensions={"sni_hostname": target.host},
            )
            try:
                return await _answer(client, made)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if attempt + 1 == CONNECTS:
                    raise
    raise AssertionError("a target has at least one address")


def signature(secret: bytes, signed: bytes) -> str:
    """Return what proves to the receiver that exactly this comes from us."""
    return base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def json_object(body: bytes) -> dict[str, Any]:
    """Return the object that a body is, else an empty one."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


async def _answer(client: httpx2.AsyncClient, request: httpx2.Request) -> tuple[int, bytes]:
    response = await client.send(request, stream=True)
    try:
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > LONGEST_ANSWER:
                raise TooLong
        return response.status_code, body
    finally:
        await response.aclose()


def _tried(addresses: Sequence[str]) -> list[str]:
    """Return the addresses in the order in which connections are tried."""
    return [addresses[n % len(addresses)] for n in range(CONNECTS)]

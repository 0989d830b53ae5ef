"""What a number's owner knows of a caller, asked before the agent answers.

The context endpoint is asked as other calling services ask theirs: a GET with the caller's number
in its query, answered with a JSON object. A call never waits long for it, and never fails by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from switchhook.domain.templating import stringified
from switchhook.runtime.outgoing import (
    SIGNATURE,
    UNANSWERED,
    Doorway,
    Outgoing,
    json_object,
    send,
    signature,
)

PATIENCE = 2.5
"""Seconds for which a caller may hear it ring longer."""

_OK = 200


class NoContext(Exception):
    """Nothing came of asking; the message says why."""


async def variables(
    endpoint: str,
    facts: Mapping[str, str],
    secret: bytes | None,
    doorway: Doorway | None = None,
) -> dict[str, str]:
    """Return the variables that the endpoint has for a call, or raise NoContext."""
    url = _asking(endpoint, facts)
    headers = {"accept": "application/json"}
    if secret is not None:
        # A GET has no body, so its query is what is signed, as it is sent.
        headers[SIGNATURE] = signature(secret, urlsplit(url).query.encode())
    try:
        async with asyncio.timeout(PATIENCE):
            status, body = await send(Outgoing("GET", url, headers), doorway or Doorway())
    except UNANSWERED as failure:
        raise NoContext(str(failure) or type(failure).__name__) from failure
    if status != _OK:
        raise NoContext(f"it answered with {status}")
    return _told(json_object(body))


def _asking(endpoint: str, facts: Mapping[str, str]) -> str:
    parts = urlsplit(endpoint)
    query = "&".join(part for part in (parts.query, urlencode(facts)) if part)
    return parts._replace(query=query, fragment="").geturl()


def _told(answer: Mapping[str, object]) -> dict[str, str]:
    """Return what can be filled into a prompt; lists and objects cannot."""
    return {
        name: stringified(value)
        for name, value in answer.items()
        if isinstance(value, str | int | float)
    }

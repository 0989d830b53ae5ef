"""The addresses of calls and agents."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote, unquote

Part = Literal["transcript", "events", "recording"]

PARTS: tuple[Part, ...] = ("transcript", "events", "recording")
RECENT = "calls://recent"
CALL = "call://{call_id}"
AGENT = "agent://{agent_id}"


def call(call_id: str, part: Part | None = None) -> str:
    """Return the address of a call or of a part of it."""
    root = f"call://{quote(call_id, safe='')}"
    return f"{root}/{part}" if part else root


def call_id_in(uri: str) -> str | None:
    """Return whose call the address is about; nothing if it is no call's address."""
    if not uri.startswith("call://"):
        return None
    call_id, _, part = uri.removeprefix("call://").partition("/")
    return unquote(call_id) if part in ("", *PARTS) and call_id else None

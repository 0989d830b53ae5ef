"""The big parts of a call, each on demand, the long ones a page at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from switchhook.domain.errors import InvalidInput
from switchhook.domain.interaction import Interaction
from switchhook.faces.mcp import summaries
from switchhook.faces.mcp.arguments import GetCall
from switchhook.faces.mcp.identity import Desk
from switchhook.service import following

Section = Callable[[Desk, Interaction, int, int], Awaitable[dict[str, Any]]]
"""Reads a page: at the desk, of the call, after the cursor, at most so many."""


async def read(desk: Desk, call: Interaction, wanted: GetCall) -> dict[str, Any]:
    """Return every part that was asked for, under its name."""
    if wanted.cursor and set(wanted.include) >= set(_PAGED):
        raise InvalidInput(
            "one cursor cannot page both transcript and events",
            field="include",
            hint="ask for the next page of one of them at a time",
        )
    found: dict[str, Any] = {}
    for name in wanted.include:
        if name in _PAGED:
            found[name] = await _PAGED[name](desk, call, wanted.cursor, wanted.limit)
        else:
            found[name] = _WHOLE[name](call)
    return found


def readable(found: Mapping[str, Any]) -> list[str]:
    """Return the words among the parts as people read them."""
    lines: list[dict[str, Any]] = found.get("transcript", {}).get("lines", [])
    return [summaries.said(line["speaker"], line["text"]) for line in lines]


async def transcript(desk: Desk, call: Interaction, after: int, limit: int) -> dict[str, Any]:
    """Return a page of what was said."""
    page = await following.transcript(
        desk.exchange, desk.caller(), call.id, after=after, limit=limit
    )
    return {
        "note": summaries.UNTRUSTED,
        "lines": [summaries.line(spoken) for spoken in page.lines],
        "next_cursor": page.cursor,
    }


async def events(desk: Desk, call: Interaction, after: int, limit: int) -> dict[str, Any]:
    """Return a page of what happened."""
    news = await following.happenings(
        desk.exchange, desk.caller(), call.id, after=after, limit=limit
    )
    return {
        "note": summaries.UNTRUSTED,
        "events": [summaries.event(happening) for happening in news.happenings],
        "next_cursor": news.cursor if news.more else None,
    }


def _cost(call: Interaction) -> dict[str, Any]:
    if call.simulated:
        return {"amount": 0, "note": "a simulated call costs nothing"}
    return {"amount": None, "note": "the carrier's invoice tells; it is not known here"}


def _recording(call: Interaction) -> dict[str, Any]:
    return summaries.recording(call) or {"available": False}


def _latency(call: Interaction) -> dict[str, Any]:
    return call.latency or {}


def _analysis(call: Interaction) -> dict[str, Any]:
    found = call.analysis.model_dump(mode="json") if call.analysis else {}
    if call.outcome is None:
        return found
    return {"note": summaries.UNTRUSTED, **call.outcome.model_dump(mode="json"), **found}


_PAGED: dict[str, Section] = {"transcript": transcript, "events": events}
_WHOLE: dict[str, Callable[[Interaction], dict[str, Any]]] = {
    "recording": _recording,
    "latency": _latency,
    "cost": _cost,
    "analysis": _analysis,
}

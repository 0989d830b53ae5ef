"""Placing a call so that no client can tear it."""

from __future__ import annotations

import anyio

from switchhook.faces.mcp.identity import Desk
from switchhook.service import calls
from switchhook.service.calls import Placed
from switchhook.service.requests import CallRequest


async def place(
    desk: Desk, request: CallRequest, *, confirmed: bool = False, ask_first: bool = False
) -> Placed:
    """Commit the intent to call.

    A client that goes away cancels the tool it called; the intent and what follows from it are
    done whole or not at all.
    """
    placed: list[Placed] = []
    with anyio.CancelScope(shield=True):
        placed.append(
            await calls.create_call(
                desk.exchange, desk.caller(), request, confirmed=confirmed, ask_first=ask_first
            )
        )
    return placed[0]

"""What works now."""

from __future__ import annotations

from typing import Any

from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal


async def get_status(exchange: Exchange, principal: Principal) -> dict[str, Any]:
    """Return carriers, limits, what is used of them, and the calls that are live."""
    raise NotImplementedError

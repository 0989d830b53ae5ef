"""Whether a vendor takes a key, found out by a request that costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import httpx2

from switchhook.providers.vendor import Vendor

SECONDS: Final = 5.0

_OK: Final = 200


async def prove(vendor: Vendor, url: str, headers: Mapping[str, str], *, enough: str = "") -> None:
    """Return when the vendor takes the key, or raise what it says against it.

    A refusal that says `enough` proves the key too: it may do less than was asked.
    """
    try:
        async with httpx2.AsyncClient(timeout=SECONDS, headers=dict(headers)) as client:
            answer = await client.get(url)
    except httpx2.HTTPError as trouble:
        raise vendor.broken_off(f"it cannot be reached ({type(trouble).__name__})") from trouble
    if answer.status_code != _OK and not (enough and enough in answer.text):
        raise vendor.refused(answer.status_code, "")

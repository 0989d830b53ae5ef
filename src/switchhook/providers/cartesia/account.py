"""Whether Cartesia takes a key."""

from __future__ import annotations

from typing import Final

from switchhook.providers import proving
from switchhook.providers.cartesia.codec import CARTESIA
from switchhook.providers.cartesia.voice import VERSION

URL: Final = "https://api.cartesia.ai"


async def prove(key: str, url: str = URL) -> None:
    """Return when the key is valid."""
    headers = {"Authorization": f"Bearer {key}", "Cartesia-Version": VERSION}
    await proving.prove(CARTESIA, f"{url}/voices?limit=1", headers)

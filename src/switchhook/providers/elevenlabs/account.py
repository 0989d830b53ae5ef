"""Whether ElevenLabs takes a key."""

from __future__ import annotations

from typing import Final

from switchhook.providers import proving
from switchhook.providers.elevenlabs.codec import ELEVENLABS

URL: Final = "https://api.elevenlabs.io"

_SPEAKS_ONLY: Final = "missing_permissions"
"""What is said of a valid key that may not list voices."""


async def prove(key: str, url: str = URL) -> None:
    """Return when the key is valid."""
    await proving.prove(ELEVENLABS, f"{url}/v1/voices", {"xi-api-key": key}, enough=_SPEAKS_ONLY)

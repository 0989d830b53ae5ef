"""Deepgram as all of its parts know it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from switchhook.providers import proving
from switchhook.providers.sockets import Place
from switchhook.providers.vendor import Vendor

DEEPGRAM: Final = Vendor("Deepgram", "SWITCHHOOK_DEEPGRAM_API_KEY")

URL: Final = "wss://api.deepgram.com"
API: Final = "https://api.deepgram.com"

TELEPHONE: Final = (("encoding", "mulaw"), ("sample_rate", "8000"))

Wish = tuple[str, str]


def place(url: str, path: str, key: str, wishes: tuple[Wish, ...]) -> Place:
    """Return where Deepgram listens for this; a wish may be there several times."""
    query = urlencode((*wishes, *TELEPHONE))
    return Place(DEEPGRAM, f"{url}{path}?{query}", {"Authorization": f"Token {key}"})


async def prove(key: str, url: str = API) -> None:
    """Return when the key is valid."""
    await proving.prove(DEEPGRAM, f"{url}/v1/auth/token", {"Authorization": f"Token {key}"})

"""A key to a vendor that belongs to an account itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from switchhook.domain.values import Frozen

Provider = Literal["openai", "deepgram", "elevenlabs", "cartesia"]

SHOWN = 4
"""How many of a key's last characters are shown; the rest is never told to anybody."""


class Connection(Frozen):
    """An account's own key, without the key."""

    id: str
    org_id: str
    provider: Provider
    name: str
    ends_with: str
    created_at: datetime

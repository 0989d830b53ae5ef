"""Under which addresses Twilio reaches us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ROOT: Final = "/carriers/twilio"


@dataclass(frozen=True, slots=True)
class Reach:
    """The public URL, and what lies below it."""

    public_url: str

    def callback(self, token: str, what: str) -> str:
        """Return where something about an attempt is told."""
        return f"{self.public_url}{ROOT}/{token}/{what}"

    def media(self, token: str) -> str:
        """Return where the audio connects."""
        return f"ws{self.public_url.removeprefix('http')}{ROOT}/media/{token}"

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
        return self._socket("media", token)

    def relay(self, token: str) -> str:
        """Return where the words connect, of a call that Twilio hears and speaks for us."""
        return self._socket("relay", token)

    def _socket(self, what: str, token: str) -> str:
        return f"ws{self.public_url.removeprefix('http')}{ROOT}/{what}/{token}"

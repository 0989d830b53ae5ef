"""Under which addresses Twilio reaches us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ROOT: Final = "/carriers/twilio"
VOICE: Final = f"{ROOT}/voice"
ENDED: Final = f"{ROOT}/voice/ended"
MUSIC: Final = f"{ROOT}/music.wav"


@dataclass(frozen=True, slots=True)
class Reach:
    """The public URL, and what lies below it."""

    public_url: str

    @property
    def voice(self) -> str:
        """Where it is asked what becomes of a call that comes in."""
        return f"{self.public_url}{VOICE}"

    @property
    def ended(self) -> str:
        """Where it is told that a call which came in is over."""
        return f"{self.public_url}{ENDED}"

    @property
    def music(self) -> str:
        """Where the music is for those who wait."""
        return f"{self.public_url}{MUSIC}"

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

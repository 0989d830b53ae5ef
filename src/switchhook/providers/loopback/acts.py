"""What whoever answers the loopback telephone may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Talk:
    """Say this."""

    text: str


@dataclass(frozen=True, slots=True)
class Beep:
    """Sound the tone of an answering machine."""


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Hang up."""


Act = Talk | Beep | Press | Leave


class Counterpart(Protocol):
    """Whoever answered: stepped every 20 ms with the words that became audible."""

    def press(self, key: str) -> None:
        """Hear a key that the agent pressed."""
        ...

    def hear(self, words: tuple[str, ...], now: float, *, talking: bool) -> list[Act]:
        """Take the words of 20 ms and return what to do; `talking` says the mouth is busy."""
        ...

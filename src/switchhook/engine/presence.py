"""Somebody else whom the agent brings into the call, as far as they have come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Presence(Enum):
    """How far somebody has come."""

    ANNOUNCED = auto()
    """The callee is being told to wait."""
    DIALLING = auto()
    HERE = auto()


@dataclass(slots=True)
class Guest:
    """A third person; the callee is aside while only the agent and the guest hear each other."""

    to: str
    hold_first: bool
    """Whether the callee waits with music until the agent has spoken with the guest."""
    command: int | None
    """Who waits to be told what becomes of it."""
    presence: Presence = Presence.ANNOUNCED
    aside: bool = False
    wanted_aside: bool = False
    said_before: int = 0
    """The last utterance that is heard before that changes."""

    @property
    def turning(self) -> bool:
        """Whether the agent is about to turn to others than those who hear it now."""
        return self.aside is not self.wanted_aside

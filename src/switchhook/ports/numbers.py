"""Numbers: whom a carrier rents them to, and who answers when one of them is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from switchhook.domain.agent import AgentSpec
from switchhook.domain.numbers import NumberOffer, NumberSearch
from switchhook.ports.telephone import Leg


class Numbers(Protocol):
    """The numbers of our account at a carrier."""

    async def available(self, wanted: NumberSearch) -> Sequence[NumberOffer]:
        """Return numbers that can be rented."""
        ...

    async def rented(self, number: str) -> str | None:
        """Return what the carrier calls a number that our account has; nothing where it has not."""
        ...

    async def rent(self, number: str) -> str:
        """Rent this number, so that its calls come to us; return what the carrier calls it."""
        ...

    async def connect(self, ref: str) -> None:
        """Let the calls to a number that we have come to us."""
        ...

    async def release(self, ref: str) -> None:
        """Give a number back; one that is gone already is a success."""
        ...


@dataclass(frozen=True, slots=True)
class Ring:
    """Somebody calls one of our numbers; who hides the own number has none."""

    carrier: str
    ref: str
    from_number: str | None
    to_number: str


class Refusal(StrEnum):
    """Why a call that comes in is not taken."""

    NOBODY = "nobody"
    """The number is nobody's, or no agent answers there."""
    BUSY = "busy"
    """No more calls are taken now."""


class Reception(Protocol):
    """Who takes the calls that come in."""

    async def receive(self, ring: Ring, leg: Leg) -> AgentSpec | Refusal:
        """Hold the call over its leg from now on and return who answers, or say why not."""
        ...


class Callers(Protocol):
    """The people of a simulated telephone network."""

    async def ring(self, caller: str, number: str) -> object:
        """Let somebody call a number of ours."""
        ...

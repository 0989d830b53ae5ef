"""The actions that are under way, side by side, each with its own deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from switchhook.engine.dialogue import Deed
from switchhook.engine.offers import Offer

MOST = 40
"""Actions that the mind may start in one call."""


@dataclass(slots=True)
class Errand:
    """An action under way; nobody waits any more for the result of a late one."""

    number: int
    deed: Deed
    offer: Offer
    due: float
    late: bool = False


@dataclass(slots=True)
class Errands:
    """Every action under way."""

    running: dict[int, Errand] = field(default_factory=dict[int, Errand])
    started: int = 0

    @property
    def wanted(self) -> bool:
        """Whether the answer waits for any of them."""
        return any(not errand.late for errand in self.running.values())

    @property
    def dues(self) -> list[float]:
        """When each of them has taken too long."""
        return [errand.due for errand in self.running.values()]

    def start(self, deed: Deed, offer: Offer, now: float) -> Errand:
        """Add one; its place in the dialogue gets the result."""
        self.started += 1
        errand = Errand(self.started, deed, offer, now + offer.patience)
        self.running[errand.number] = errand
        return errand

    def over(self, number: int, result: str) -> Errand | None:
        """Write the result down; one that is not under way any more changes nothing."""
        errand = self.running.pop(number, None)
        if errand is not None:
            errand.deed.result = result
        return errand

    def overdue(self, now: float) -> list[Errand]:
        """Return those that have taken too long."""
        return [errand for errand in self.running.values() if errand.due <= now]

    def forget(self) -> None:
        """Let nobody wait for those that go on."""
        for errand in self.running.values():
            errand.late = True

    def interrupted(self) -> list[Errand]:
        """Return those that are to be dropped when the callee interrupts."""
        return self._where(lambda errand: errand.offer.cancel_on_interruption)

    def overtaken(self) -> list[Errand]:
        """Return those that another turn of the callee makes useless."""
        return self._where(lambda errand: errand.offer.cancel_on_interruption and not errand.late)

    def _where(self, drops: Callable[[Errand], bool]) -> list[Errand]:
        return [errand for errand in self.running.values() if drops(errand)]

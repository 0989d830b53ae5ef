"""Who brings somebody else onto a call, as the running call sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import DropGuest, DropTransfer, Invite, SetAside, Transfer
from switchhook.engine.events import GuestFailed, TransferFailed, Transferring, Visiting

Wanted = Transfer | DropTransfer | Invite | SetAside | DropGuest
Told = Callable[[Transferring | Visiting], None]


class Transfers(Protocol):
    """Connects the callee with somebody else, or brings somebody else into the call."""

    def perform(self, effect: Wanted, told: Told) -> None:
        """Begin it, or give it up; how it goes is told."""
        ...

    def was_guest(self, since: float, until: float) -> bool:
        """Tell whether it was somebody else than the callee who spoke between two moments."""
        ...


class Nobody:
    """For lines on which nobody else can be."""

    def perform(self, effect: Wanted, told: Told) -> None:
        """Tell that nobody can be reached."""
        match effect:
            case Transfer():
                told(TransferFailed(Reason.PROVIDER_UNAVAILABLE, "this line transfers no calls"))
            case Invite():
                told(GuestFailed(Reason.PROVIDER_UNAVAILABLE, NO_SEAT))
            case _:
                pass

    def was_guest(self, since: float, until: float) -> bool:
        """Tell that it was the callee."""
        del since, until
        return False


NO_SEAT = "this line has no room for a third person"
NOBODY = Nobody()

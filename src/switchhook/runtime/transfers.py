"""Who carries out a call's transfers, as the running call sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from switchhook.domain.lifecycle import Reason
from switchhook.engine.effects import DropTransfer, Transfer
from switchhook.engine.events import TransferFailed, Transferring

Told = Callable[[Transferring], None]


class Transfers(Protocol):
    """Connects the callee with somebody else."""

    def perform(self, effect: Transfer | DropTransfer, told: Told) -> None:
        """Begin a transfer or give it up; how it goes is told."""
        ...


class Nobody:
    """For lines that cannot transfer."""

    def perform(self, effect: Transfer | DropTransfer, told: Told) -> None:
        """Tell that nobody can be reached."""
        if isinstance(effect, Transfer):
            told(TransferFailed(Reason.PROVIDER_UNAVAILABLE, "this line transfers no calls"))


NOBODY = Nobody()

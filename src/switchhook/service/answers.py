"""What the use cases of calls answer."""

from __future__ import annotations

from dataclasses import dataclass

from switchhook.domain.interaction import Interaction
from switchhook.domain.policy import Finding


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that was accepted; `replayed` when an earlier request had made it already."""

    call: Interaction
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some of the calls, and how many there are."""

    calls: tuple[Interaction, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Preflight:
    """What would become of a request: every rule's verdict, without dialing."""

    allowed: bool
    findings: tuple[Finding, ...]
    simulated: bool
    carrier: str
    confirmation_required: bool
    confirm_token: str | None = None

"""What every use case works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from switchhook.domain.policy import Policy
from switchhook.ports import Callers, Carrier, Clock, Numbers
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.hub import Hub
from switchhook.runtime.signing import Secrets, unsigned
from switchhook.runtime.switchboard import Switchboard
from switchhook.service.identity import Recent
from switchhook.store.database import Database


class ConfirmPolicy(StrEnum):
    """When a person has to agree before an assistant's call is placed."""

    ALWAYS = "always"
    REAL_CALLS = "real-calls"
    NEVER = "never"


def _nobody(_call_id: str) -> None: ...


def _anybody(_persona: str) -> None: ...


def _anything(_carrier: str, _params: Mapping[str, str]) -> None: ...


@dataclass(slots=True)
class Exchange:
    """The telephone exchange: the store, the time, the live calls, and who follows them."""

    database: Database
    clock: Clock
    hub: Hub
    switchboard: Switchboard
    carriers: Mapping[str, Carrier]
    default_carrier: str
    recordings: Path
    own_numbers: Mapping[str, str] = field(default_factory=dict[str, str])
    """From which number each carrier calls, where a request names none."""
    numbers: Mapping[str, Numbers] = field(default_factory=dict[str, Numbers])
    """What each carrier rents out."""
    callers: Mapping[str, Callers] = field(default_factory=dict[str, Callers])
    """Who can be told to call us, where telephones are simulated."""
    policy: Policy = field(default_factory=Policy)
    confirm: ConfirmPolicy = ConfirmPolicy.REAL_CALLS
    draining: bool = False
    voice_name: str | None = None
    """Who speaks, where that is known."""
    detector_name: str | None = None
    """What hears that somebody speaks, where that is known."""
    recent: Recent = field(default_factory=Recent)
    local_pair: tuple[str, str] | None = field(default=None, repr=False)
    """What other processes of this machine's owner identify themselves with."""
    secrets: Secrets = field(default=unsigned, repr=False)
    """What the requests of an account's agents are signed with."""
    check_persona: Callable[[str], object] = field(default=_anybody)
    """Refuses whom no simulated telephone knows."""
    breakers: Breakers = field(init=False)
    """Which providers are left alone for a while."""
    check_telephony: Callable[[str, Mapping[str, str]], object] = field(default=_anything)
    """Refuses what cannot be asked of a carrier."""
    wake: Callable[[str], None] = field(default=_nobody)
    """Told the id of every call that was queued, so that it is placed at once."""

    def __post_init__(self) -> None:
        self.breakers = Breakers(self.clock)

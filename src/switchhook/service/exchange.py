"""What every use case works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import Unavailable
from switchhook.domain.interaction import Interaction
from switchhook.domain.policy import Policy
from switchhook.ports import Callers, Carrier, Clock, Numbers, Switch
from switchhook.runtime.breaker import Breakers, Port
from switchhook.runtime.hub import Hub
from switchhook.runtime.sealing import Seal
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


def _never(_call: Interaction) -> bool:
    return False


def _nothing() -> None: ...


def _anyone(_spec: AgentSpec) -> None: ...


def _no_key() -> bytes:
    raise Unavailable("nothing can be sealed here", hint="set SWITCHHOOK_SIGNING_KEY")


def _anything(_carrier: str, _params: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody in a chain: whether they can be asked, and why or why not."""

    name: str
    works: bool
    why: str


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
    switches: Mapping[str, Switch] = field(default_factory=dict[str, Switch])
    """The carriers that connect those whom they dialled with each other."""
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
    chains: Mapping[Port, Sequence[Link]] = field(default_factory=dict[Port, Sequence[Link]])
    """Who hears, speaks and thinks, in the order in which they are asked."""
    detector_name: str | None = None
    """What hears that somebody speaks, where that is known."""
    recent: Recent = field(default_factory=Recent)
    local_pair: tuple[str, str] | None = field(default=None, repr=False)
    """What other processes of this machine's owner identify themselves with."""
    secrets: Secrets = field(default=unsigned, repr=False)
    """What the requests of an account's agents are signed with."""
    seal: Seal = field(default_factory=lambda: Seal(_no_key), repr=False)
    """What keeps the accounts' own keys to vendors unreadable."""
    check_persona: Callable[[str], object] = field(default=_anybody)
    """Refuses whom no simulated telephone knows."""
    check_agent: Callable[[AgentSpec], object] = field(default=_anyone)
    """Refuses an agent whose ears, voice or mind nobody has set up."""
    breakers: Breakers = field(init=False)
    """Which providers are left alone for a while."""
    check_telephony: Callable[[str, Mapping[str, str]], object] = field(default=_anything)
    """Refuses what cannot be asked of a carrier."""
    wake: Callable[[str], None] = field(default=_nobody)
    """Told the id of every call that was queued, so that it is placed at once."""
    analyses: bool = False
    """Whether somebody reads what was said in calls, once they are over."""
    recorded_by_carrier: Callable[[Interaction], bool] = field(default=_never)
    """Tells whether the carrier was asked to record the call."""
    discards_recordings: bool = False
    """Whether what a carrier has recorded is deleted there, once the recording is here."""
    finish: Callable[[], None] = field(default=_nothing)
    """Told that something is to be done about a call that is over."""

    def __post_init__(self) -> None:
        self.breakers = Breakers(self.clock)

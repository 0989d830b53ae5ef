"""What every call of a process shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from switchhook.domain.interaction import Interaction
from switchhook.ports import Clock, Detector, Journal
from switchhook.runtime.actions import Registered
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.casting import Casting
from switchhook.runtime.lines import Lines
from switchhook.runtime.listening import BuiltIn
from switchhook.runtime.signing import Secrets, unsigned
from switchhook.runtime.ticker import Ticker


def never_talks(call: Interaction) -> bool:
    """Tell of lines that carry audio and nothing else."""
    del call
    return False


@dataclass(frozen=True, slots=True)
class Studio:
    """The time, who chooses those that take part in a call, and where things are kept."""

    clock: Clock
    ticker: Ticker
    casting: Casting
    journal: Journal
    recordings: Path
    detector: Detector = BuiltIn
    tools: Sequence[Registered] = ()
    secrets: Secrets = unsigned
    lines: Lines = field(default_factory=Lines)
    talks: Callable[[Interaction], bool] = never_talks
    """Tells whether the line of a call hears and speaks by itself."""
    breakers: Breakers = field(kw_only=True)

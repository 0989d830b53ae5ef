"""What every call of a process shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from switchhook.domain.errors import Misconfigured
from switchhook.ports import Clock, Detector, Duplex, Ears, Journal, Mind, Voice
from switchhook.runtime.actions import Registered
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.lines import Lines
from switchhook.runtime.listening import BuiltIn
from switchhook.runtime.signing import Secrets, unsigned
from switchhook.runtime.ticker import Ticker

SPARE = "spare"
"""The name of the mind that stands in for the others."""


@dataclass(frozen=True, slots=True)
class Studio:
    """The time, the services and their stand-ins, and where things are kept.

    A mind under the kind of an agent's own thinks for that agent; the one under `spare` stands in
    for any of them, as the spare voice does for the voice, and the spare ears for the ears.
    """

    clock: Clock
    ticker: Ticker
    ears: Ears
    voice: Voice
    journal: Journal
    recordings: Path
    detector: Detector = BuiltIn
    minds: Mapping[str, Mind] = field(default_factory=dict[str, Mind])
    tools: Sequence[Registered] = ()
    secrets: Secrets = unsigned
    spare_voice: Voice | None = None
    spare_ears: Ears | None = None
    duplex: Duplex | None = None
    lines: Lines = field(default_factory=Lines)
    breakers: Breakers = field(kw_only=True)

    def minds_of(self, kind: str) -> tuple[Mind, ...]:
        """Return who thinks for agents of this kind; nobody, where they follow rules.

        For one that hears and speaks itself they stand by.
        """
        chosen = "model" if kind in ("auto", "duplex") else kind
        first, spare = self.minds.get(chosen), self.minds.get(SPARE)
        if first is None and kind == "model":
            raise _missing(kind)
        return tuple(mind for mind in (first, spare) if mind is not None) if first else ()

    def duplex_of(self, kind: str) -> Duplex | None:
        """Return who hears and speaks itself for agents of this kind."""
        if kind != "duplex":
            return None
        if self.duplex is None:
            raise _missing(kind)
        return self.duplex

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Who speaks, and the stand-in where there is one."""
        return (self.voice, self.spare_voice) if self.spare_voice else (self.voice,)

    @property
    def all_ears(self) -> tuple[Ears, ...]:
        """Who hears, and the stand-in where there is one."""
        return (self.ears, self.spare_ears) if self.spare_ears else (self.ears,)


def _missing(kind: str) -> Misconfigured:
    return Misconfigured(
        f"the agent's mind is {kind!r}, and none is set up",
        hint="set up a model, or let the agent's mind be 'interview'",
    )

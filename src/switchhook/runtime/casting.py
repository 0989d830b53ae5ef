"""Who takes part in a call on our side, and who gives out the parts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from switchhook.domain.errors import Misconfigured
from switchhook.domain.interaction import Interaction
from switchhook.ports import Duplex, Ears, Mind, Voice
from switchhook.runtime.breaker import Breakers

SPARE = "spare"
"""The name of the mind that stands in for the others."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who hears, speaks and thinks in one call; whoever comes later stands in for those before.

    Where nobody thinks, the agent follows rules; for one that hears and speaks by itself all others
    stand by. An account that is served under keys of its own
    has breakers of its own: what goes wrong with its keys says nothing about ours.
    """

    ears: tuple[Ears, ...]
    voices: tuple[Voice, ...]
    minds: tuple[Mind, ...] = ()
    duplex: Duplex | None = None
    breakers: Breakers | None = None


Casting = Callable[[Interaction], Awaitable[Cast]]
"""Chooses who takes part in a call, before anybody is dialled."""


@dataclass(frozen=True, slots=True)
class Troupe:
    """The same few for every call; called with a call, it gives them their parts.

    A mind under the kind of an agent's own thinks for that agent; the one under `spare` stands in
    for any of them, as the spare voice does for the voice, and the spare ears for the ears.
    """

    ears: Ears
    voice: Voice
    minds: Mapping[str, Mind] = field(default_factory=dict[str, Mind])
    spare_voice: Voice | None = None
    spare_ears: Ears | None = None
    duplex: Duplex | None = None

    async def __call__(self, call: Interaction) -> Cast:
        """Return who takes part in a call."""
        return Cast(
            ears=(self.ears, self.spare_ears) if self.spare_ears else (self.ears,),
            voices=(self.voice, self.spare_voice) if self.spare_voice else (self.voice,),
            minds=self._minds_of(call.agent.spec.mind.kind),
            duplex=self._duplex_of(call.agent.spec.mind.kind),
        )

    def _minds_of(self, kind: str) -> tuple[Mind, ...]:
        """Return who thinks for agents of this kind; nobody, where they follow rules."""
        chosen = "model" if kind in ("auto", "duplex") else kind
        first, spare = self.minds.get(chosen), self.minds.get(SPARE)
        if first is None and kind == "model":
            raise _missing(kind)
        return tuple(mind for mind in (first, spare) if mind is not None) if first else ()

    def _duplex_of(self, kind: str) -> Duplex | None:
        if kind == "duplex" and self.duplex is None:
            raise _missing(kind)
        return self.duplex if kind == "duplex" else None


def _missing(kind: str) -> Misconfigured:
    return Misconfigured(
        f"the agent's mind is {kind!r}, and none is set up",
        hint="set up a model, or let the agent's mind be 'interview'",
    )

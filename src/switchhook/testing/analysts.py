"""An analyst whose judgements are known beforehand, and who notes what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from switchhook.domain.analysis import Judgement
from switchhook.domain.transcript import Line


@dataclass(frozen=True, slots=True)
class Reading:
    """What an analyst was given."""

    transcript: Sequence[Line]
    schema: Mapping[str, Any] | None
    purpose: str


@dataclass(slots=True)
class ScriptedAnalyst:
    """Judges every call alike, after the troubles are through, one for each time it is asked."""

    judgement: Judgement = field(default_factory=Judgement)
    troubles: list[Exception] = field(default_factory=list[Exception])
    seconds: float = 0.0
    """How long it takes to answer."""
    read: list[Reading] = field(default_factory=list[Reading])
    name: str = "scripted"

    async def analyse(
        self, transcript: Sequence[Line], schema: Mapping[str, Any] | None, purpose: str
    ) -> Judgement:
        """Return the judgement, or raise the next trouble."""
        self.read.append(Reading(transcript, schema, purpose))
        await asyncio.sleep(self.seconds)
        if self.troubles:
            raise self.troubles.pop(0)
        return self.judgement

"""A journal without a store."""

from __future__ import annotations

import asyncio

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.ports import Entry
from switchhook.testing.faults import NO_FAULTS, Faults, Fortune, Trouble


class NotedJournal:
    """Keeps every entry in memory; one with faults is a store that is locked or full."""

    def __init__(self, call: Interaction, faults: Faults = NO_FAULTS) -> None:
        self._call = call
        self._fortune = Fortune(faults)
        self.entries: list[Entry] = []

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Keep the entry."""
        if call_id != self._call.id:
            raise AssertionError(f"{call_id} is not the call of this journal")
        trouble = self._fortune.next()
        if (delay := self._fortune.delay()) > 0:
            await asyncio.sleep(delay)
        if trouble is not Trouble.NONE:
            raise OSError("the disk is full")
        self.entries.append(entry)
        return self._call

    @property
    def facts(self) -> list[Fact]:
        """Every fact in order."""
        return [fact for entry in self.entries for fact in entry.facts]

    @property
    def spoken(self) -> list[str]:
        """The transcript, a line each, as `agent: …` and `callee: …`; ` -` marks a cut."""
        return [
            f"{fact.data['speaker']}: {fact.text}{' -' if fact.data['interrupted'] else ''}"
            for fact in self.facts
            if fact.kind is Kind.SPOKEN
        ]

"""Writes down what a call reports, in order, without making the call wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from switchhook.domain.lifecycle import State
from switchhook.engine.effects import BeginEnding, CloseQuestion, OpenQuestion, Publish
from switchhook.ports import Entry, Journal


class Scribe:
    """One task per call: what has gathered since the last write goes into one transaction."""

    def __init__(self, call_id: str, journal: Journal) -> None:
        self._call_id = call_id
        self._journal = journal
        self._entries: deque[Entry] = deque()
        self._due = asyncio.Event()
        self._closed = False

    def note(self, entry: Entry) -> None:
        """Have the entry written soon."""
        self._entries.append(entry)
        self._due.set()

    def close(self) -> None:
        """Let `run` write the rest and return."""
        self._closed = True
        self._due.set()

    async def run(self) -> None:
        """Write until closed."""
        while not self._closed or self._entries:
            await self._due.wait()
            self._due.clear()
            while self._entries:
                await self._journal.write(self._call_id, self._gathered())
            if self._closed:
                self._due.set()

    def _gathered(self) -> Entry:
        """Return the first entry with the facts of all that follow and say nothing else."""
        first = self._entries.popleft()
        facts = list(first.facts)
        while self._entries and _only_facts(self._entries[0]):
            facts += self._entries.popleft().facts
        return replace(first, facts=tuple(facts))


@asynccontextmanager
async def writing(call_id: str, journal: Journal) -> AsyncGenerator[Scribe]:
    """Write what is noted while the context lasts; after it everything is written."""
    scribe = Scribe(call_id, journal)
    async with asyncio.TaskGroup() as group:
        group.create_task(scribe.run())
        try:
            yield scribe
        finally:
            scribe.close()


def entry_of(effect: Publish | OpenQuestion | CloseQuestion | BeginEnding) -> Entry:
    """Return what is written of what the conversation core wants to be known."""
    match effect:
        case Publish(fact):
            return Entry(facts=(fact,))
        case OpenQuestion(question_id, fact):
            return Entry(facts=(fact,), open_question=question_id)
        case CloseQuestion(fact):
            return Entry(facts=(fact,), question_closed=True)
        case BeginEnding():
            return Entry(state=State.ENDING)


def _only_facts(entry: Entry) -> bool:
    return entry == Entry(facts=entry.facts)

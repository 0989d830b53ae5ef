"""A whole call on a fake line, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook.domain.agent import AgentSnapshot, AgentSpec, TurnSettings
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import State
from switchhook.ports import Ears, Voice
from switchhook.runtime.booth import booth
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.call import Ended, RunningCall
from switchhook.runtime.casting import Troupe
from switchhook.runtime.studio import Studio
from switchhook.runtime.ticker import Ticker
from switchhook.testing.ears import PlainEars
from switchhook.testing.journals import NotedJournal
from switchhook.testing.lines import PERFECT, FakeLine
from switchhook.testing.playout import Conditions
from switchhook.testing.scripted import Step
from switchhook.testing.virtual import EPOCH, virtual_clock
from switchhook.testing.voices import PlainVoice

_TAKE_PART = ("minds", "spare_voice", "spare_ears", "duplex")

AT_ONCE = TurnSettings(wait_for_hello_secs=0)
"""For an agent that waits for nobody's hello."""


@dataclass(slots=True)
class AnsweredCall:
    """A call that goes on: what steers it, what is on its line, what it wrote."""

    running: RunningCall
    line: FakeLine
    journal: NotedJournal
    ending: asyncio.Task[Ended]
    ticker: Ticker

    async def ended(self, within: float = 3600.0) -> Ended:
        """Return what came of the call."""
        async with asyncio.timeout(within):
            return await self.ending


def a_call(
    task: str = "book a table", *, options: CallOptions | None = None, **spec: Any
) -> Interaction:
    """Return the record of a call that is about to be answered."""
    return Interaction(
        id="call_test",
        org_id="org_test",
        state=State.IN_PROGRESS,
        agent=AgentSnapshot(spec=AgentSpec(**spec)),
        task=task,
        options=options or CallOptions(),
        created_at=EPOCH,
        updated_at=EPOCH,
    )


@asynccontextmanager
async def answered(
    call: Interaction,
    script: Sequence[Step],
    *,
    voice: Voice | None = None,
    ears: Ears | None = None,
    recordings: Path = Path("recordings"),
    conditions: Conditions = PERFECT,
    **more: Any,
) -> AsyncGenerator[AnsweredCall]:
    """Run a call whose callee follows the script; it is hung up when the context ends.

    `more` is who else takes part, minds, a spare voice and spare ears, and what else the studio
    has: tools, breakers.
    """
    clock = virtual_clock()
    ticker = Ticker(clock)
    journal = NotedJournal(call)
    line = FakeLine(script, clock, conditions)
    more.setdefault("breakers", Breakers(clock))
    taking_part = {name: more.pop(name) for name in _TAKE_PART if name in more}
    troupe = Troupe(ears or PlainEars(), voice or PlainVoice(), **taking_part)
    studio = Studio(clock, ticker, troupe, journal, recordings, **more)
    async with booth(call, studio) as own, asyncio.TaskGroup() as group:
        running = RunningCall(line, own)
        beating = group.create_task(ticker.run())
        ending = group.create_task(running.run())
        # One turn of the loop, and the callee has picked up.
        await asyncio.sleep(0)
        yield AnsweredCall(running, line, journal, ending, ticker)
        line.hang_up()
        await asyncio.wait({ending})
        beating.cancel()

"""Lets a planned call happen, from the dialling to the record, and looks at what is left of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Connection, func, select
from structlog.testing import capture_logs
from structlog.typing import EventDict

from switchhook import store
from switchhook.domain.interaction import Direction, Interaction
from switchhook.domain.lifecycle import State
from switchhook.ports import Clock, Command, Entry, Receipt
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service.exchange import Exchange
from switchhook.service.placing import Attempt
from switchhook.store.database import Database
from switchhook.store.tables import attempts, metadata
from switchhook.testing import (
    NotedJournal,
    PlainEars,
    PlainVoice,
    a_call,
    run_virtually,
    virtual_clock,
)
from switchhook.work.placing import Placing
from tests.simulation import promises
from tests.simulation.plans import Plan, plan
from tests.simulation.telephones import Town
from tests.simulation.watch import Watch, watching

CALL = "call_test"

DRAIN_SECONDS = 3.0

RINGS_AND_PARTS = 80.0
"""Seconds that a call may last beyond its limit: until somebody answers, and in a meeting."""


@dataclass
class Desk:
    """Lets the call be dialled, and keeps what is written about it."""

    journal: NotedJournal
    call: Interaction
    refused: int = 0

    async def begin(self, call_id: str) -> Attempt | None:
        await asyncio.sleep(0)
        assert call_id == CALL
        return Attempt(self.call, "attempt_x")

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        try:
            return await self.journal.write(call_id, entry)
        except (OSError, asyncio.CancelledError):
            self.refused += 1
            raise


@dataclass
class World:
    """Everything around one call."""

    plan: Plan
    watch: Watch
    seconds: float = 0.0
    receipts: list[Receipt] = field(default_factory=list[Receipt])
    logs: list[EventDict] = field(default_factory=list["EventDict"])
    open_attempts: int = 0
    """How many attempts to reach somebody else nobody has closed."""

    async def live(self) -> None:
        """Place the call, command it, and wait until it is over."""
        plan, clock = self.plan, virtual_clock()
        self.ticker = Ticker(clock)
        self.ears, self.voice = plan.senses.ear(), plan.senses.mouth()
        self.minds, self.duplex = plan.thinking.minds(), plan.thinking.duplex()
        self.town = Town(clock, plan.callee, plan.colleague)
        call = self._call()
        self.desk = Desk(NotedJournal(call, plan.store), call)
        self.exchange = self._exchange(clock)
        self.placing = Placing(
            self.exchange, self.ticker, self._troupe(), desk=self.desk, talks=lambda _: plan.talks
        )
        if plan.colleague is not None:
            await _database().write(partial(_store_nothing_but, call))
        async with self.placing.open(), asyncio.TaskGroup() as group:
            self._begin(call)
            for at, command in plan.commands:
                group.create_task(self._command(at, command))
            if plan.stopped_at is not None:
                group.create_task(self._stop(plan.stopped_at))
            async with asyncio.timeout(plan.spec["max_duration_seconds"] + RINGS_AND_PARTS):
                await self.placing.idle()
        if plan.colleague is not None:
            self.open_attempts = await _database().read(_open_attempts)
        self.seconds = asyncio.get_running_loop().time()

    @property
    def states(self) -> list[State]:
        """The states that were written, in order."""
        return [entry.state for entry in self.desk.journal.entries if entry.state]

    def judge(self) -> list[str]:
        """Return every promise that was broken."""
        return [*self.watch.broken, *promises.broken(self)]

    def _call(self) -> Interaction:
        known = {"to_number": "+15550100123", "carrier": "fake", "simulated": True}
        if self.plan.inbound:
            known |= {"direction": Direction.INBOUND, "from_number": "+15550100144"}
        return a_call(**self.plan.spec).model_copy(update=known)

    def _troupe(self) -> Troupe:
        senses = self.plan.senses
        return Troupe(
            self.ears,
            self.voice,
            dict(self.minds),
            spare_voice=PlainVoice() if senses.spare_voice else None,
            spare_ears=PlainEars() if senses.spare_ears else None,
            duplex=self.duplex,
        )

    def _exchange(self, clock: Clock) -> Exchange:
        return Exchange(
            database=_database(),
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"fake": self.town},
            default_carrier="fake",
            recordings=Path("recordings"),
            switches={"fake": self.town},
        )

    def _begin(self, call: Interaction) -> None:
        if self.plan.inbound:
            assert self.placing.hold(call, self.town.calls_us())
        else:
            self.placing.wake(CALL)

    async def _stop(self, at: float) -> None:
        await asyncio.sleep(at)
        await self.placing.drain(DRAIN_SECONDS)

    async def _command(self, at: float, command: Command) -> None:
        await asyncio.sleep(at)
        call = self.exchange.switchboard.find(CALL)
        receipt = Receipt("too late") if call is None else await call.control(command)
        self.receipts.append(receipt)


@cache
def _database() -> Database:
    return Database.open("sqlite://", inline=True)


def _store_nothing_but(call: Interaction, connection: Connection) -> None:
    """Let the store know the call, for whoever is dialled for it."""
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
    now = call.created_at
    store.accounts.add(connection, call.org_id, name="", salt="salt", now=now)
    store.calls.add(connection, call, queued_at=now, callee=None)


def _open_attempts(connection: Connection) -> int:
    dialled = attempts.c.carrier_ref.is_not(None)
    still = select(func.count()).where(dialled, attempts.c.outcome.is_(None))
    return connection.execute(still).scalar_one()


def happen(seed: int, *, log: list[str] | None = None) -> World:
    """Let the call of this seed happen; insist that no task is left of it."""
    planned = plan(seed)
    world = World(planned, Watch(log=log))
    # Who takes part and is in trouble may take as long as the engine's patience with them.
    if planned.thinking.kind == "assistant" or not planned.swift:
        world.watch.answers_within = world.watch.waiting.silent_at_most = 14.0
    with capture_logs() as world.logs, watching(world.watch):
        run_virtually(world.live)
    return world


class Broken(AssertionError):
    """A promise was broken; tells the seed and how to see it again."""


def insist(seed: int) -> World:
    """Let the call of this seed happen, and every promise be kept."""
    replay = f"seed {seed}; replay with: python -m tests.simulation {seed}"
    try:
        world = happen(seed)
    except Exception as failure:
        raise Broken(f"{failure!r}; {replay}") from failure
    if broken := world.judge():
        raise Broken(f"{'; '.join(broken)}; {replay}")
    return world

"""Lets a planned call happen, from the dialling to the record, and looks at what is left of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from structlog.testing import capture_logs
from structlog.typing import EventDict

from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import RANK, TERMINAL, State
from switchhook.ports import Command, Entry, Receipt
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service.exchange import Exchange
from switchhook.service.placing import Attempt
from switchhook.store.database import Database
from switchhook.testing import (
    NO_FAULTS,
    FakeCarrier,
    NotedJournal,
    PlainEars,
    PlainVoice,
    a_call,
    run_virtually,
    virtual_clock,
)
from switchhook.work.placing import Placing
from tests.simulation.plans import Plan, plan
from tests.simulation.watch import Watch, watching

CALL = "call_test"


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

    async def live(self) -> None:
        """Place the call, command it, and wait until it is over."""
        plan, clock = self.plan, virtual_clock()
        ticker = Ticker(clock)
        self.ticker = ticker
        self.ears, self.voice = PlainEars(plan.ears), PlainVoice(plan.voice, plan.pieces)
        self.carrier = FakeCarrier(
            clock,
            plan.script,
            plan.conditions,
            rings=plan.rings,
            refusal=plan.refusal,
            faults=plan.carrier,
        )
        call = a_call(**plan.spec).model_copy(update={"to_number": "+15550100123"})
        self.desk = Desk(NotedJournal(call, plan.store), call)
        self.exchange = Exchange(
            database=_database(),
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"fake": self.carrier},
            default_carrier="fake",
            recordings=Path("recordings"),
        )
        self.placing = Placing(self.exchange, ticker, Troupe(self.ears, self.voice), desk=self.desk)
        async with self.placing.open(), asyncio.TaskGroup() as group:
            self.placing.wake(CALL)
            for at, command in plan.commands:
                group.create_task(self._command(at, command))
            async with asyncio.timeout(plan.given_up_after + 60):
                await self.placing.idle()
        self.seconds = asyncio.get_running_loop().time()

    async def _command(self, at: float, command: Command) -> None:
        await asyncio.sleep(at)
        call = self.exchange.switchboard.find(CALL)
        receipt = Receipt("too late") if call is None else await call.control(command)
        self.receipts.append(receipt)

    # ---- what is left -------------------------------------------------------------------------

    def judge(self) -> list[str]:
        """Return every promise that was broken."""
        return [*self.watch.broken, *self._afterwards()]

    def _afterwards(self) -> list[str]:
        leg = self.carrier.legs.get(CALL)
        promises = {
            "the ticker beats for nobody": len(self.ticker) == 0,
            "the switchboard is empty": len(self.exchange.switchboard) == 0,
            "no call is live": not self.placing.live,
            "every ear is closed": self.ears.opened == self.ears.closed,
            "every voice is closed": self.voice.opened == self.voice.closed,
            "every command has its receipt": len(self.receipts) == len(self.plan.commands),
            "the leg is hung up": leg is None or bool(leg.hung_up),
            "nothing is sent after the hang-up": self._silent_after_the_end(),
            "speech that is stopped is cleared at the carrier": self._cleared(),
            "states only move up, and a terminal one is the last": self._orderly(),
            "the transcript is what was heard": self._truthful(),
        }
        return [promise for promise, kept in promises.items() if not kept]

    def _silent_after_the_end(self) -> bool:
        leg = self.carrier.legs.get(CALL)
        if leg is None or not leg.line.outgoing:
            return True
        over = self.watch.over_at
        last = leg.line.outgoing[-1].at
        hung_up = leg.hung_up[0] if leg.hung_up else last
        return last <= hung_up and (over is None or last <= over + 1e-6)

    def _cleared(self) -> bool:
        leg = self.carrier.legs.get(CALL)
        return leg is None or leg.line.clears >= self.watch.generation

    def _orderly(self) -> bool:
        states = [entry.state for entry in self.desk.journal.entries if entry.state]
        ranks = [RANK[state] for state in states]
        ended = sum(state in TERMINAL for state in states)
        wanted = 0 if self.plan.store != NO_FAULTS and not ended else 1
        return ranks == sorted(ranks) and len(set(ranks)) == len(ranks) and ended == wanted

    def _truthful(self) -> bool:
        """Compare the words in the transcript with those that the callee's ear was given."""
        leg = self.carrier.legs.get(CALL)
        plan = self.plan
        unknown = plan.voice.garbage or plan.store != NO_FAULTS or self.watch.over_at is None
        if leg is None or unknown:
            return True
        played = sum(len(frame.words) for frame in leg.line.played)
        lines = [line for line in self.desk.journal.spoken if line.startswith("agent: ")]
        written = sum(len(line.removesuffix(" -").split()) - 1 for line in lines)
        slack = 2 * (1 + self.watch.interruptions + self.watch.stops)
        return abs(played - written) <= slack


@cache
def _database() -> Database:
    return Database.open("sqlite://", inline=True)


def happen(seed: int, *, log: list[str] | None = None) -> World:
    """Let the call of this seed happen; insist that no task is left of it."""
    planned = plan(seed)
    # A voice or ears in trouble may take as long as the engine's patience with them.
    healthy = planned.voice.hang == planned.voice.nothing == 0 and planned.ears == NO_FAULTS
    assistant = planned.spec["mind"].kind == "assistant"
    world = World(planned, Watch(log=log))
    if assistant or not healthy:
        world.watch.answers_within = 12.0
    with capture_logs() as world.logs, watching(world.watch):
        run_virtually(world.live)
    return world


def states(world: World) -> list[State]:
    """Return the states that were written, in order."""
    return [entry.state for entry in world.desk.journal.entries if entry.state]


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

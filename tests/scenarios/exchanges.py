"""A telephone exchange in virtual time: calls that are placed, all the way to their records."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs
from structlog.typing import EventDict

from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import Carrier, Clock, Entry, Mind
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
    Faults,
    NotedJournal,
    PlainEars,
    PlainVoice,
    Step,
    a_call,
    run_virtually,
    virtual_clock,
)
from switchhook.work.placing import Placing

Act = Callable[["Office"], Awaitable[object]]
Dials = Callable[[Clock], Carrier]


@dataclass
class Calls:
    """The calls that are to be placed, and what was written about each."""

    calls: dict[str, Interaction] = field(default_factory=dict[str, Interaction])
    journals: dict[str, NotedJournal] = field(default_factory=dict[str, NotedJournal])
    refused: set[str] = field(default_factory=set[str])

    def add(self, call_id: str, store: Faults = NO_FAULTS, **spec: Any) -> None:
        call = a_call(options=None, **{"name": "Rosa"} | spec)
        self.calls[call_id] = call.model_copy(update={"id": call_id, "to_number": "+15550100123"})
        self.journals[call_id] = NotedJournal(self.calls[call_id], store)

    async def begin(self, call_id: str) -> Attempt | None:
        await asyncio.sleep(0)
        return None if call_id in self.refused else Attempt(self.calls[call_id], "attempt_x")

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        return await self.journals[call_id].write(call_id, entry)

    def end(self, call_id: str = "one") -> tuple[State | None, Reason | None]:
        last = self.journals[call_id].entries[-1]
        return last.state, last.reason

    def states(self, call_id: str = "one") -> list[State]:
        return [entry.state for entry in self.journals[call_id].entries if entry.state]


@dataclass
class Office:
    """Placing at work, and all that was seen of it."""

    desk: Calls
    exchange: Exchange
    placing: Placing
    ears: PlainEars
    voice: PlainVoice
    ticker: Ticker
    logs: list[EventDict] = field(default_factory=list["EventDict"])
    seconds: float = 0.0

    @property
    def carrier(self) -> FakeCarrier:
        carrier = self.exchange.carriers["fake"]
        assert isinstance(carrier, FakeCarrier)
        return carrier


def place(
    desk: Calls,
    carrier: Dials,
    act: Act | None = None,
    *,
    ears: Faults = NO_FAULTS,
    voice: Faults = NO_FAULTS,
    minds: Mapping[str, Mind] | None = None,
) -> Office:
    """Place every call of the desk, and wait until all are over; nothing is left of any."""
    opened: list[Office] = []

    async def main() -> None:
        clock = virtual_clock()
        ticker = Ticker(clock)
        exchange = Exchange(
            database=Database.open("sqlite://", inline=True),
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"fake": carrier(clock)},
            default_carrier="fake",
            recordings=Path("recordings"),
        )
        mouth, ear = PlainVoice(voice), PlainEars(ears)
        placing = Placing(exchange, ticker, Troupe(ear, mouth, minds or {}), desk=desk)
        office = Office(desk, exchange, placing, ear, mouth, ticker)
        opened.append(office)
        async with placing.open():
            for call_id in desk.calls:
                placing.wake(call_id)
            if act is not None:
                await act(office)
            async with asyncio.timeout(3600):
                await placing.idle()
            office.seconds = clock.monotonic()
        assert len(ticker) == 0, "the ticker still beats"
        assert len(exchange.switchboard) == 0, "a call is still plugged in"
        assert ear.opened == ear.closed, "an ear is open"
        assert mouth.opened == mouth.closed, "a voice is open"

    with capture_logs() as logs:
        run_virtually(main)
    opened[0].logs = list(logs)
    return opened[0]


def answers(script: Sequence[Step], **known: Any) -> Dials:
    """A carrier whose every callee follows this script."""
    return lambda clock: FakeCarrier(clock, script, **known)


def errors(office: Office) -> list[EventDict]:
    """What was logged as an error."""
    return [log for log in office.logs if log["log_level"] == "error"]

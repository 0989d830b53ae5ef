"""What is still to be done about calls that are over: taken on, struck off, or put off.

Each step ends in one transaction that strikes it off and stores what came of it, so that it is
done or still owed, whenever the process dies. Taking one on lasts for a while only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.transcript import Line, lines
from switchhook.ports import Entry
from switchhook.service import owing
from switchhook.service.exchange import Exchange
from switchhook.service.placing import announce, enter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.finishing import Claim

LEASE = timedelta(seconds=120)
"""How long somebody may take over a step before another one takes it on."""
MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class Due:
    """A step that was taken on, and the call that it is about."""

    claim: Claim
    call: Interaction


@dataclass(frozen=True, slots=True)
class Round:
    """What was taken on, and when there will be something again."""

    due: tuple[Due, ...]
    next_at: datetime | None


async def claim(exchange: Exchange, most: int) -> Round:
    """Take on what is due."""
    now = exchange.clock.now()

    def work(connection: Connection) -> Round:
        taken = store.finishing.claim(connection, now=now, until=now + LEASE, most=most)
        calls = [store.calls.left(connection, one.call_id) for one in taken]
        due = [Due(one, call) for one, call in zip(taken, calls, strict=True) if call is not None]
        return Round(tuple(due), store.finishing.next_due(connection))

    return await exchange.database.write(work)


async def settle(exchange: Exchange, due: Due, entry: Entry) -> bool:
    """Store what came of a step; tell whether it was still ours to do."""

    def work(connection: Connection) -> tuple[bool, Interaction | None]:
        call = store.calls.locked(connection, due.call.id)
        settled = store.finishing.settle(connection, due.claim)
        if call is None or not settled:
            return settled, None
        if entry.recording is not None:
            owing.discard(connection, exchange, call)
        return True, enter(connection, exchange, call, entry)

    def then(done: tuple[bool, Interaction | None]) -> None:
        if done[1] is not None:
            announce(exchange, done[1])

    return (await exchange.database.write(work, then=then))[0]


async def postpone(exchange: Exchange, due: Due, *, seconds: float, problem: str) -> None:
    """Put a step off."""
    until = exchange.clock.now() + timedelta(seconds=seconds)
    await exchange.database.write(
        lambda connection: store.finishing.postpone(
            connection, due.claim, until=until, problem=problem
        )
    )


async def hasten_recording(exchange: Exchange, carrier_ref: str) -> None:
    """Make it due that the recording is fetched of a call of which the carrier says it is ready."""
    now = exchange.clock.now()
    step = store.finishing.Step.RECORDING
    await exchange.database.write(
        lambda connection: store.finishing.hasten(connection, carrier_ref, step, now=now)
    )


async def transcript_of(exchange: Exchange, call: Interaction) -> Sequence[Line]:
    """Return what was said in a call that is over."""
    return await exchange.database.read(
        lambda connection: lines(
            store.log.after(connection, call, 0, limit=MOST_LINES, kinds=(Kind.SPOKEN,))
        )
    )

"""Our records against the carrier's: what it still has on the line, and what it never dialled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.ports import Booked, Entry
from switchhook.service.exchange import Exchange
from switchhook.service.placing import announce, enter
from switchhook.store.attempts import Doubt

if TYPE_CHECKING:
    from sqlalchemy import Connection

PATIENCE = timedelta(seconds=120)
"""How long a carrier may take until a call that it dialled is in its list."""
_SKEW = timedelta(seconds=5)


async def left_over(exchange: Exchange, carrier: str, live: Sequence[Booked]) -> set[str]:
    """Return which of the carrier's live calls are ours and over for us."""
    refs = [call.ref for call in live]
    return await exchange.database.read(
        lambda connection: store.attempts.left_over(connection, carrier, refs)
    )


async def doubts(exchange: Exchange, carrier: str) -> list[Doubt]:
    """Return the attempts of ended calls of which nobody knows whether the carrier dialled."""
    return await exchange.database.read(
        lambda connection: store.attempts.doubts(connection, carrier)
    )


async def settle(
    exchange: Exchange, carrier: str, doubt: Doubt, booked: Sequence[Booked]
) -> set[str]:
    """Write down what the carrier's list says of a doubt; return which calls are to be ended."""
    now = exchange.clock.now()

    def work(connection: Connection) -> tuple[Interaction | None, list[Booked]]:
        others = store.attempts.known(connection, carrier, [call.ref for call in booked])
        matching = [call for call in booked if call.ref not in others and _fits(call, doubt)]
        if not matching and now - doubt.created_at < PATIENCE:
            return None, []
        outcome = store.attempts.FOUND if matching else store.attempts.NOT_DIALLED
        store.attempts.settle(connection, doubt.token, outcome)
        call = store.calls.locked(connection, doubt.call_id)
        grown = enter(connection, exchange, call, _note(matching)) if call else None
        return grown, matching

    def then(done: tuple[Interaction | None, list[Booked]]) -> None:
        if done[0] is not None:
            announce(exchange, done[0])

    _, matching = await exchange.database.write(work, then=then)
    return {call.ref for call in matching if call.ended is None}


def _note(matching: Sequence[Booked]) -> Entry:
    text = _DIALLED if matching else _NOT_DIALLED
    ref = matching[-1].ref if matching else None
    return Entry(facts=(Fact(kind=Kind.NOTE, text=text),), carrier_ref=ref, in_doubt=False)


_DIALLED = "The carrier had dialled; whatever was left of the call is hung up"
_NOT_DIALLED = "The carrier knows of no such call, so no telephone rang"


def _fits(call: Booked, doubt: Doubt) -> bool:
    """Tell whether the call was made when the attempt was; one without a date was made now."""
    return call.created_at is None or call.created_at >= doubt.created_at - _SKEW

"""Steering a call: end it, or tell the one who runs it what to do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.errors import CallOver, Conflict
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import LIVE, Reason, State
from switchhook.ports import BringIn, Command, Entry, HangUp, LiveCall, PutThrough, Receipt
from switchhook.runtime.hub import Changed
from switchhook.service import record, transfers
from switchhook.service.answers import Placed
from switchhook.service.exchange import Exchange
from switchhook.service.following import MAX_WAIT
from switchhook.service.identity import Principal, Scope
from switchhook.service.lookup import found
from switchhook.service.transfers import Purpose

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PATIENCE = 2.0
"""Seconds in which a call that is being placed has to appear on the switchboard."""


async def end_call(exchange: Exchange, principal: Principal, call_id: str) -> Placed:
    """Hang up, or cancel what was not dialled yet; `replayed` when it had ended already."""
    principal.need(Scope.CALLS_CREATE)

    def work(connection: Connection) -> tuple[Interaction, Interaction]:
        call = found(connection, principal, call_id, locked=True)
        if call.terminal or call.state in LIVE:
            return call, call
        now = exchange.clock.now()
        step = record.advance(call, _CANCELED, now=now)
        canceled = store.log.append(connection, step.call, step.facts, now=now)
        store.calls.save(connection, call, canceled)
        return call, canceled

    def then(done: tuple[Interaction, Interaction]) -> None:
        if done[0] is not done[1]:
            exchange.hub.publish(Changed(done[1].org_id, done[1].id, done[1].last_seq))

    before, call = await exchange.database.write(work, then=then)
    if call.state not in LIVE:
        return Placed(call, replayed=before is call)
    live = await _live(exchange, call)
    if live is not None:
        await live.control(HangUp(Reason.API_HANGUP))
    call = await exchange.database.read(lambda connection: found(connection, principal, call.id))
    if live is None and not call.terminal:
        raise _elsewhere()
    return Placed(call)


async def control_call(
    exchange: Exchange, principal: Principal, call_id: str, command: Command
) -> Receipt:
    """Carry out a command on a live call and tell what became of it."""
    principal.need(Scope.CALLS_CREATE)
    call = await exchange.database.read(lambda connection: found(connection, principal, call_id))
    if call.terminal:
        raise CallOver(
            f"the call is over ({call.status})",
            field="call_id",
            hint="get_call tells how it ended",
            next_action="get_call",
        )
    if call.state not in LIVE:
        raise Conflict(
            f"the call is {call.status}; nobody is on the line yet",
            field="call_id",
            hint="wait for the answer with wait_for_call",
            next_action="wait_for_call",
        )
    live = await _live(exchange, call)
    if live is None:
        raise _elsewhere()
    try:
        async with asyncio.timeout(MAX_WAIT):
            return await live.control(command)
    except TimeoutError:
        return Receipt("going_on", detail="it takes longer; what happens tells how it ends")


async def transfer_call(
    exchange: Exchange,
    principal: Principal,
    call_id: str,
    wanted: PutThrough,
    *,
    ask_first: bool = False,
) -> Receipt:
    """Connect the callee with somebody else; `ask_first` says that an assistant wants it.

    The number is examined as that of a new call is, before the callee is told to wait.
    """
    number = await _examined(exchange, principal, call_id, wanted, ask_first=ask_first)
    return await control_call(exchange, principal, call_id, replace(wanted, to=number))


async def bring_in(
    exchange: Exchange,
    principal: Principal,
    call_id: str,
    wanted: BringIn,
    *,
    ask_first: bool = False,
) -> Receipt:
    """Bring a third person into the call, examined as for a transfer."""
    number = await _examined(exchange, principal, call_id, wanted, ask_first=ask_first)
    return await control_call(exchange, principal, call_id, replace(wanted, to=number))


async def _examined(
    exchange: Exchange,
    principal: Principal,
    call_id: str,
    wanted: PutThrough | BringIn,
    *,
    ask_first: bool,
) -> str:
    """Return the number as it is dialled, if it may be called for this call."""
    principal.need(Scope.CALLS_CREATE)
    call = await exchange.database.read(lambda connection: found(connection, principal, call_id))
    purpose = Purpose.TRANSFER if isinstance(wanted, PutThrough) else Purpose.GUEST
    return await transfers.check(exchange, call, wanted.to, purpose, ask_first=ask_first)


async def _live(exchange: Exchange, call: Interaction) -> LiveCall | None:
    """Return the running call; one that is just being placed gets a moment to appear."""
    changed = asyncio.Event()

    def listen(change: Changed) -> None:
        if change.call_id == call.id:
            changed.set()

    stop = exchange.hub.listen(listen)
    try:
        async with asyncio.timeout(_PATIENCE):
            while (live := exchange.switchboard.find(call.id)) is None:
                await changed.wait()
                changed.clear()
            return live
    except TimeoutError:
        return None
    finally:
        stop()


def _elsewhere() -> Conflict:
    return Conflict(
        "the call is not run by this process",
        field="call_id",
        hint="get_call tells where it stands; try again in a few seconds",
        next_action="get_call",
    )


_CANCELED = Entry(state=State.NOT_CONNECTED, reason=Reason.CANCELED)

"""The record of a call being placed: begin an attempt, write what happens, recover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.errors import CallNotFound
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import LIVE, Reason, State
from switchhook.domain.policy import Finding, examine
from switchhook.ports import Entry
from switchhook.runtime.hub import Changed
from switchhook.service import owing, permission, record
from switchhook.service.exchange import Exchange

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.accounts import Account

_REMEMBERED = timedelta(hours=48)
REFUSALS: dict[str, Reason] = {
    "calls_enabled": Reason.CANCELED,
    "do_not_call": Reason.DNC_BLOCKED,
    "emergency": Reason.INVALID_DESTINATION,
    "number": Reason.INVALID_DESTINATION,
    "number_type": Reason.INVALID_DESTINATION,
    "region": Reason.INVALID_DESTINATION,
}
"""Why a call ends that the gate refuses at the last moment; a rule not named here is a cap."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One permission to dial: the call as it stands, and the token that marks the attempt."""

    call: Interaction
    token: str


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a start found: calls that were live and are ended now, calls to be placed."""

    ended: tuple[str, ...]
    queued: tuple[str, ...]


async def begin_attempt(exchange: Exchange, call_id: str) -> Attempt | None:
    """Ask the gate once more, commit the attempt and move the call to `dialing`.

    Return nothing when the call is no longer queued, or when the gate refuses: then the record
    says why.
    """

    def work(connection: Connection) -> tuple[Interaction, str | None] | None:
        holder, call = held(connection, call_id)
        if call.state is not State.QUEUED:
            return None
        refusal = _refusal(connection, exchange, holder, call)
        token = None if refusal else ids.secret("attempt")
        if token:
            store.attempts.add(
                connection,
                {
                    "token": token,
                    "call_id": call.id,
                    "org_id": call.org_id,
                    "carrier": call.carrier,
                    "created_at": exchange.clock.now(),
                },
            )
        return _grow(connection, exchange, call, refusal or Entry(state=State.DIALING)), token

    def then(done: tuple[Interaction, str | None] | None) -> None:
        if done:
            announce(exchange, done[0])

    done = await exchange.database.write(work, then=then)
    return Attempt(call=done[0], token=done[1]) if done and done[1] else None


async def write(exchange: Exchange, call_id: str, entry: Entry) -> Interaction:
    """Store what a running call reports and tell everybody who follows it."""

    def work(connection: Connection) -> Interaction:
        if entry.reason is Reason.USER_REQUESTED_DNC:
            holder, call = held(connection, call_id)
            if call.to_number:
                now = exchange.clock.now()
                source = f"asked during call {call.id}"
                store.gate.forbid(connection, holder.id, call.to_number, source=source, now=now)
        else:
            call = _locked(connection, call_id)
        return enter(connection, exchange, call, entry)

    return await exchange.database.write(work, then=lambda call: announce(exchange, call))


def enter(
    connection: Connection, exchange: Exchange, call: Interaction, entry: Entry
) -> Interaction:
    """Store an entry, and what it means for the attempt to dial."""
    if entry.carrier_ref:
        store.attempts.name(connection, call.org_id, call.id, entry.carrier_ref)
    grown = _grow(connection, exchange, call, entry)
    if grown.terminal and not call.terminal:
        outcome = store.attempts.AMBIGUOUS if grown.outcome_unknown else store.attempts.ENDED
        store.attempts.close(connection, call.org_id, call.id, outcome)
    return grown


async def recover(exchange: Exchange) -> Recovery:
    """End what was live when the engine stopped, and find what was only accepted."""

    def work(connection: Connection) -> tuple[list[Interaction], list[Interaction]]:
        store.requests.forget(connection, "create_call", before=exchange.clock.now() - _REMEMBERED)
        live = [_locked(connection, found) for found in store.calls.in_states(connection, LIVE)]
        queued = [
            _locked(connection, found)
            for found in store.calls.in_states(connection, {State.QUEUED})
        ]
        return (
            [_abandon(connection, exchange, call) for call in live],
            [_grow(connection, exchange, call, _ACCEPTED) for call in queued],
        )

    def then(found: tuple[list[Interaction], list[Interaction]]) -> None:
        for call in found[0] + found[1]:
            announce(exchange, call)

    ended, queued = await exchange.database.write(work, then=then)
    return Recovery(
        ended=tuple(call.id for call in ended), queued=tuple(call.id for call in queued)
    )


def announce(exchange: Exchange, call: Interaction) -> None:
    """Tell everybody who follows the call that there is something to read."""
    exchange.hub.publish(Changed(call.org_id, call.id, call.last_seq))
    if call.terminal:
        exchange.finish()


_ACCEPTED = Entry(
    facts=(Fact(kind=Kind.NOTE, text="The call was accepted before a restart and is placed now"),)
)


def held(connection: Connection, call_id: str) -> tuple[Account, Interaction]:
    """Lock the account first, then the call: everybody who needs both does it in this order."""
    org_id = store.calls.holder(connection, call_id)
    if org_id is None:
        raise CallNotFound(call_id)
    holder = permission.account(connection, org_id, locked=True)
    return holder, _locked(connection, call_id)


def _locked(connection: Connection, call_id: str) -> Interaction:
    call = store.calls.locked(connection, call_id)
    if call is None:
        raise CallNotFound(call_id)
    return call


def _grow(
    connection: Connection,
    exchange: Exchange,
    call: Interaction,
    entry: Entry,
) -> Interaction:
    now = exchange.clock.now()
    step = record.advance(call, entry, now=now)
    grown = store.log.append(connection, step.call, step.facts, now=now)
    if grown.terminal and not call.terminal:
        grown = owing.owe(connection, exchange, grown)
    store.calls.save(connection, call, grown)
    return grown


def _refusal(
    connection: Connection, exchange: Exchange, holder: Account, call: Interaction
) -> Entry | None:
    if call.carrier not in exchange.carriers:
        return _not_placed(
            Reason.PROVIDER_UNAVAILABLE, f"The carrier {call.carrier!r} is not configured any more"
        )
    rules = permission.policy(exchange, holder)
    at = store.gate.Counting(
        now=exchange.clock.now(),
        queued_at=store.gate.queued_at(connection, call.org_id, call.id),
        call_id=call.id,
    )
    facts = permission.dial_facts(connection, holder, rules, call, at)
    against = next((finding for finding in examine(rules, facts) if not finding.passed), None)
    return _refused(against) if against else None


def _refused(finding: Finding) -> Entry:
    reason = REFUSALS.get(finding.rule, Reason.CONCURRENCY_LIMIT)
    return _not_placed(reason, f"Not dialled ({finding.rule}): {finding.message}")


def _not_placed(reason: Reason, why: str) -> Entry:
    return Entry(facts=(Fact(kind=Kind.NOTE, text=why),), state=State.NOT_CONNECTED, reason=reason)


def _abandon(connection: Connection, exchange: Exchange, call: Interaction) -> Interaction:
    """End a call that nobody runs any more; whether a telephone rang may be unknown for ever."""
    ambiguous = (
        call.state is State.DIALING
        and not call.simulated
        and not store.attempts.named(connection, call.org_id, call.id)
    )
    text = "The engine stopped while the call was live"
    if ambiguous:
        text += "; the carrier may have dialled, so it is not dialled again"
    outcome = store.attempts.AMBIGUOUS if ambiguous else store.attempts.ABANDONED
    store.attempts.doubt_transfers(connection, call.org_id, call.id)
    store.attempts.close(connection, call.org_id, call.id, outcome)
    entry = Entry(
        facts=(Fact(kind=Kind.NOTE, text=text),),
        state=State.ERROR,
        reason=Reason.ERROR_INTERNAL,
        in_doubt=True if ambiguous else None,
    )
    return _grow(connection, exchange, call, entry)

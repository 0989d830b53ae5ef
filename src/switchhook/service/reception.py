"""The record of a call that comes in: whose number was called, and whether it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.agent import AgentSnapshot
from switchhook.domain.errors import InvalidInput
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Direction, Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.numbers import Number
from switchhook.domain.policy import UNCAPPED
from switchhook.ports import Refusal, Ring
from switchhook.service import permission, record
from switchhook.service.exchange import Exchange
from switchhook.service.placing import announce

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.domain.agent import Agent
    from switchhook.store.accounts import Account

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """A call that is taken, and the number that was called."""

    call: Interaction
    number: Number


async def receive(exchange: Exchange, ring: Ring) -> Received | Refusal:
    """Store the call and return it, or why it is not taken; each call is taken once."""

    def work(connection: Connection) -> Received | Refusal:
        number = store.numbers.everybodys(connection, ring.to_number)
        if number is None or number.carrier != ring.carrier or number.agent_id is None:
            return Refusal.NOBODY
        holder = permission.account(connection, number.org_id, locked=True)
        agent = store.agents.find(connection, number.org_id, number.agent_id)
        if agent is None or not _set_up(exchange, agent, ring):
            return Refusal.NOBODY
        call = _call(exchange, ring, agent)
        known = store.attempts.known(connection, ring.carrier, [ring.ref])
        if known or not _room(connection, exchange, holder, call):
            return Refusal.BUSY
        return Received(_accept(connection, call), number)

    def then(received: Received | Refusal) -> None:
        if isinstance(received, Received):
            announce(exchange, received.call)

    return await exchange.database.write(work, then=then)


async def enrich(
    exchange: Exchange, call: Interaction, variables: dict[str, str], note: str
) -> Interaction:
    """Add variables to a call, with a note of where they come from."""

    def work(connection: Connection) -> Interaction:
        now = exchange.clock.now()
        before = store.calls.locked(connection, call.id) or call
        richer = before.model_copy(
            update={"variables": before.variables | variables, "updated_at": now}
        )
        noted = store.log.append(connection, richer, [Fact(kind=Kind.NOTE, text=note)], now=now)
        store.calls.save(connection, before, noted)
        return noted

    return await exchange.database.write(work, then=lambda richer: announce(exchange, richer))


def _call(exchange: Exchange, ring: Ring, agent: Agent) -> Interaction:
    now = exchange.clock.now()
    return Interaction(
        id=ids.new("call"),
        org_id=agent.org_id,
        direction=Direction.INBOUND,
        state=State.RINGING,
        agent=AgentSnapshot(id=agent.id, version=agent.version, spec=agent.spec),
        from_number=ring.from_number,
        to_number=ring.to_number,
        carrier=ring.carrier,
        carrier_ref=ring.ref,
        simulated=exchange.carriers[ring.carrier].simulated,
        variables=agent.spec.variables,
        created_at=now,
        updated_at=now,
        started_at=now,
    )


def _set_up(exchange: Exchange, agent: Agent, ring: Ring) -> bool:
    """Tell whether there is who hears, speaks and thinks for the agent, before anybody answers."""
    try:
        exchange.check_agent(agent.spec)
    except InvalidInput as missing:
        _log.error(
            "agent_not_set_up",
            agent_id=agent.id,
            carrier_ref=ring.ref,
            problem=missing.message,
            hint=missing.hint,
        )
        return False
    return True


def _room(connection: Connection, exchange: Exchange, holder: Account, call: Interaction) -> bool:
    """Tell whether the account may have one more call; who calls us is counted by no other cap."""
    rules = permission.policy(exchange, holder)
    limit = (rules.simulated_caps if call.simulated else rules.caps).concurrent
    if not rules.calls_enabled or limit is None:
        return rules.calls_enabled
    only = UNCAPPED.model_copy(update={"concurrent": limit})
    at = store.gate.Counting(now=exchange.clock.now())
    used = store.gate.usage(connection, holder, "", only, simulated=call.simulated, at=at)
    return used.concurrent < limit


def _accept(connection: Connection, call: Interaction) -> Interaction:
    facts = [
        Fact(kind=Kind.CREATED, text="A call came in"),
        record.state_fact(State.RINGING),
    ]
    accepted = call.model_copy(update={"last_seq": len(facts)})
    store.calls.add(connection, accepted, queued_at=call.created_at, callee=None)
    store.log.append(connection, call, facts, now=call.created_at)
    store.attempts.add(
        connection,
        {
            "token": ids.secret("inbound"),
            "call_id": call.id,
            "org_id": call.org_id,
            "carrier": call.carrier,
            "carrier_ref": call.carrier_ref,
            "created_at": call.created_at,
        },
    )
    return accepted

"""Who else may be called for a callee, and what is kept of every attempt to reach them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain import ids, templating
from switchhook.domain.actions import AddToConference, TransferCall
from switchhook.domain.errors import CallOver, DialRefused, InvalidInput, Unavailable
from switchhook.domain.interaction import Direction, Interaction
from switchhook.domain.lifecycle import Reason, Stage, State
from switchhook.domain.phone import normalise
from switchhook.domain.policy import authorize_dial
from switchhook.ports import Entry
from switchhook.service import permission
from switchhook.service.exchange import ConfirmPolicy, Exchange
from switchhook.service.placing import REFUSALS, announce, enter, held

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.accounts import Account


class Purpose(StrEnum):
    """What somebody else is called for, by the name of the action that says so."""

    TRANSFER = "transfer_call"
    GUEST = "add_to_conference"


@dataclass(frozen=True, slots=True)
class Onward:
    """One permission to dial somebody else for a call."""

    token: str
    to_number: str
    from_number: str | None
    """Who the callee is, or our own number, as whoever is dialled sees it."""
    own_number: str | None
    """Our own number, for where the other one may not be shown."""


async def check(
    exchange: Exchange, call: Interaction, to: str, purpose: Purpose, *, ask_first: bool
) -> str:
    """Return the number as it is dialled, or raise what is against it."""
    number = normalise(to, field="to")

    def work(connection: Connection) -> None:
        holder = permission.account(connection, call.org_id)
        _authorize(connection, exchange, holder, call, number, purpose)

    await exchange.database.read(work)
    if ask_first and _to_be_confirmed(exchange, call) and number not in _targets(call, purpose):
        raise DialRefused(
            "transfer_target",
            f"nobody has agreed to a call to {number}",
            hint=f"an assistant calls numbers of the agent's own {purpose} actions only",
            field="to",
        )
    return number


async def begin(exchange: Exchange, call_id: str, to: str, purpose: Purpose) -> Onward:
    """Ask the gate once more and commit the attempt, before anything of it leaves."""
    number = normalise(to, field="to")

    def work(connection: Connection) -> tuple[Interaction, Onward]:
        holder, call = held(connection, call_id)
        _authorize(connection, exchange, holder, call, number, purpose)
        onward = Onward(
            ids.secret("attempt"), number, call.from_number, _own_number(exchange, call)
        )
        store.attempts.add(
            connection,
            {
                "token": onward.token,
                "call_id": call.id,
                "org_id": call.org_id,
                "carrier": call.carrier,
                "to_number": number,
                "created_at": exchange.clock.now(),
            },
        )
        if purpose is Purpose.TRANSFER:
            call = enter(connection, exchange, call, Entry(stage=Stage.TRANSFER_STARTED))
        return call, onward

    def then(done: tuple[Interaction, Onward]) -> None:
        announce(exchange, done[0])

    return (await exchange.database.write(work, then=then))[1]


async def name(exchange: Exchange, onward: Onward, carrier_ref: str) -> None:
    """Note what the carrier calls the attempt."""
    await exchange.database.write(
        lambda connection: store.attempts.name_one(connection, onward.token, carrier_ref)
    )


async def close(exchange: Exchange, onward: Onward, *, in_doubt: bool) -> None:
    """Note that the attempt is over for us."""
    outcome = store.attempts.AMBIGUOUS if in_doubt else store.attempts.ENDED
    await exchange.database.write(
        lambda connection: store.attempts.close_one(connection, onward.token, outcome)
    )


def reason_of(refusal: DialRefused) -> Reason:
    """Return the word for why the gate refused."""
    return REFUSALS.get(refusal.rule, Reason.CONCURRENCY_LIMIT)


def _authorize(
    connection: Connection,
    exchange: Exchange,
    holder: Account,
    call: Interaction,
    number: str,
    purpose: Purpose,
) -> None:
    if call.state is not State.IN_PROGRESS:
        raise CallOver(
            f"the call is {call.status}, so nobody else can be called",
            field="call_id",
            hint="call somebody else while the callee is on the line",
            next_action="get_call",
        )
    if purpose is Purpose.TRANSFER and call.carrier not in exchange.switches:
        raise Unavailable(
            f"calls by {call.carrier} cannot be transferred",
            hint="let the agent take a message, or call by a carrier that transfers",
        )
    rules = permission.policy(exchange, holder)
    onward = call.model_copy(
        update={"to_number": number, "from_number": _own_number(exchange, call)}
    )
    at = store.gate.Counting(
        now=exchange.clock.now(),
        queued_at=store.gate.queued_at(connection, call.org_id, call.id),
        call_id=call.id,
    )
    authorize_dial(rules, permission.dial_facts(connection, holder, rules, onward, at))


def _own_number(exchange: Exchange, call: Interaction) -> str | None:
    """Return the number that is ours: whoever called us has dialled it."""
    if call.direction is Direction.INBOUND:
        return call.to_number
    return exchange.own_numbers.get(call.carrier or "") or call.from_number


def _targets(call: Interaction, purpose: Purpose) -> set[str]:
    """Return the numbers that the agent itself may call for it."""
    spec = call.agent.spec
    variables = {**spec.variables, **call.variables}
    found: set[str] = set()
    for action in spec.actions:
        if isinstance(action, TransferCall | AddToConference) and action.type == purpose:
            with suppress(InvalidInput):
                number = templating.render(action.phone_number, variables)
                found.add(normalise(number, field="actions"))
    return found


def _to_be_confirmed(exchange: Exchange, call: Interaction) -> bool:
    """Tell whether a person has to agree to a number that the agent does not have."""
    if exchange.confirm is ConfirmPolicy.REAL_CALLS:
        return not call.simulated
    return exchange.confirm is ConfirmPolicy.ALWAYS

"""Calls: make, read, list; steering and keeping them are told beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from switchhook import store
from switchhook.domain.errors import (
    CallIdTaken,
    Conflict,
    IdempotencyConflict,
    InvalidInput,
    Unavailable,
)
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.phone import normalise
from switchhook.domain.policy import Finding, authorize_dial, examine
from switchhook.runtime.hub import Changed
from switchhook.service import confirmation, intake, limits, permission, record
from switchhook.service.answers import CallPage, Placed, Preflight
from switchhook.service.confirmation import Unconfirmed
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.intake import Plan
from switchhook.service.keeping import delete_call, recording_of
from switchhook.service.lookup import found
from switchhook.service.requests import CallFilter, CallRequest
from switchhook.service.steering import bring_in, control_call, end_call, transfer_call

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.accounts import Account

__all__ = [
    "CallPage",
    "Placed",
    "Preflight",
    "bring_in",
    "check_call",
    "control_call",
    "create_call",
    "delete_call",
    "end_call",
    "get_call",
    "list_calls",
    "recording_of",
    "transfer_call",
    "update_call",
]

_NOT_DIALLED = frozenset({State.SCHEDULED, State.REGISTERED, State.QUEUED})


async def create_call(
    exchange: Exchange,
    principal: Principal,
    request: CallRequest,
    *,
    confirmed: bool = False,
    ask_first: bool = False,
) -> Placed:
    """Commit the intent to call and return at once; the dialling follows by itself.

    `ask_first` says that the caller is an assistant, so that the confirmation policy applies;
    `confirmed` that a person agreed. A confirm token in the request is used up with the intent.
    """
    principal.need(Scope.CALLS_CREATE)
    _check_open(exchange)
    planned = intake.plan(exchange, request)
    asking = not confirmed and confirmation.needed(exchange, planned, ask_first=ask_first)

    def work(connection: Connection) -> Placed | Unconfirmed:
        holder = permission.account(connection, principal.org_id, locked=True)
        if earlier := _earlier(connection, holder.id, planned):
            return Placed(earlier, replayed=True)
        call = intake.draft(connection, exchange, holder.id, planned)
        if planned.to_be_dialled:
            _authorize(connection, exchange, holder, call)
        if asking and (objection := confirmation.redeem(connection, exchange, holder.id, planned)):
            return objection
        return Placed(_accept(connection, holder, call, planned))

    def then(placed: Placed | Unconfirmed) -> None:
        if isinstance(placed, Placed) and not placed.replayed:
            _tell(exchange, placed.call)

    placed = await exchange.database.write(work, then=then)
    if isinstance(placed, Unconfirmed):
        raise placed.error(planned)
    return placed


async def check_call(
    exchange: Exchange, principal: Principal, request: CallRequest, *, ask_first: bool = False
) -> Preflight:
    """Tell what each rule says about the request; hand out a confirm token where one is needed."""
    principal.need(Scope.CALLS_CREATE)
    planned = intake.plan(exchange, request)
    asking = confirmation.needed(exchange, planned, ask_first=ask_first)

    def work(connection: Connection) -> Preflight:
        holder = permission.account(connection, principal.org_id)
        call = intake.draft(connection, exchange, holder.id, planned)
        findings = _findings(connection, exchange, holder, call)
        allowed = all(finding.passed for finding in findings)
        token = None
        if asking and allowed:
            token = confirmation.offer(connection, exchange, holder.id, planned.fingerprint)
        return Preflight(
            allowed=allowed,
            findings=findings,
            simulated=planned.simulated,
            carrier=planned.carrier,
            confirmation_required=asking,
            confirm_token=token,
        )

    return await exchange.database.write(work)


async def get_call(exchange: Exchange, principal: Principal, call_id: str) -> Interaction:
    """Return a call of the account."""
    principal.need(Scope.CALLS_READ)
    return await exchange.database.glance(lambda connection: found(connection, principal, call_id))


async def list_calls(exchange: Exchange, principal: Principal, wanted: CallFilter) -> CallPage:
    """Return a page of the account's calls."""
    principal.need(Scope.CALLS_READ)

    def work(connection: Connection) -> CallPage:
        sortable = store.calls.SORTABLE
        if wanted.sort_by not in sortable:
            raise InvalidInput(
                f"calls cannot be sorted by {wanted.sort_by[:40]!r}",
                field="sort_by",
                hint=f"use one of: {', '.join(sortable)}",
            )
        page, total = store.calls.page(connection, principal.org_id, wanted)
        return CallPage(tuple(page), total)

    return await exchange.database.read(work)


async def update_call(
    exchange: Exchange,
    principal: Principal,
    call_id: str,
    *,
    metadata: dict[str, Any] | None = None,
    from_number: str | None = None,
) -> Interaction:
    """Merge metadata into a call, or give a call that was not dialled yet another from number."""
    principal.need(Scope.CALLS_CREATE)
    number = normalise(from_number, field="from_number") if from_number is not None else None

    def work(connection: Connection) -> Interaction:
        call = found(connection, principal, call_id, locked=True)
        changes: dict[str, Any] = {"updated_at": exchange.clock.now()}
        if metadata is not None:
            changes["metadata"] = call.metadata | metadata
            limits.check_object(changes["metadata"], field="metadata")
        if number is not None:
            if call.state not in _NOT_DIALLED:
                raise Conflict(
                    "the from number can only change before the call is dialled",
                    field="from_number",
                    hint="create another call with this from number",
                )
            intake.check_from(connection, principal.org_id, number)
            changes["from_number"] = number
        changed = call.model_copy(update=changes)
        store.calls.save(connection, call, changed)
        return changed

    return await exchange.database.write(work)


def _check_open(exchange: Exchange) -> None:
    if exchange.draining:
        raise Unavailable(
            "the exchange is about to stop and takes no new calls",
            hint="send the same request again in half a minute",
        )


def _earlier(connection: Connection, org_id: str, planned: Plan) -> Interaction | None:
    """Return the call that the same request made before; another request is a conflict."""
    request = planned.request
    for operation, key in (
        ("create_call", request.idempotency_key),
        ("call_id", request.call_id),
    ):
        earlier = store.requests.earlier(connection, org_id, operation, key) if key else None
        if earlier is None:
            continue
        if earlier.fingerprint != planned.fingerprint:
            raise _conflict(operation)
        return store.calls.find(connection, org_id, earlier.call_id) or _deleted()
    if request.call_id and store.calls.find(connection, org_id, request.call_id):
        raise _conflict("call_id")
    return None


def _conflict(operation: str) -> Conflict:
    if operation == "call_id":
        return CallIdTaken(
            "this call_id belongs to another call",
            field="call_id",
            hint="leave call_id out, or use one that is new",
        )
    return IdempotencyConflict(
        "this idempotency_key was used for a request with other arguments",
        field="idempotency_key",
        hint="use a new key for a new call, or repeat the first request exactly",
    )


def _deleted() -> Interaction:
    raise IdempotencyConflict(
        "the call that this idempotency_key made was deleted",
        field="idempotency_key",
        hint="use a new key for a new call",
    )


def _authorize(
    connection: Connection, exchange: Exchange, holder: Account, call: Interaction
) -> None:
    rules = permission.policy(exchange, holder)
    at = store.gate.Counting(now=exchange.clock.now())
    authorize_dial(rules, permission.dial_facts(connection, holder, rules, call, at))


def _findings(
    connection: Connection, exchange: Exchange, holder: Account, call: Interaction
) -> tuple[Finding, ...]:
    if call.to_number is None:
        return ()
    rules = permission.policy(exchange, holder)
    at = store.gate.Counting(now=exchange.clock.now())
    return tuple(examine(rules, permission.dial_facts(connection, holder, rules, call, at)))


def _accept(
    connection: Connection, holder: Account, call: Interaction, planned: Plan
) -> Interaction:
    """Store the call, what happened so far, and the keys under which it is found again."""
    request = planned.request
    facts = [Fact(kind=Kind.CREATED, text=f"Call created via {request.created_via}")]
    callee = None
    if planned.to_number is not None:
        facts.append(record.state_fact(State.QUEUED))
        call = call.model_copy(update={"state": State.QUEUED})
        callee = store.gate.hidden(holder, planned.to_number)
    accepted = call.model_copy(update={"last_seq": len(facts)})
    queued_at = call.created_at if callee else None
    store.calls.add(connection, accepted, queued_at=queued_at, callee=callee)
    store.log.append(connection, call, facts, now=call.created_at)
    made = store.requests.Earlier(planned.fingerprint, call.id)
    for operation, key in (
        ("create_call", request.idempotency_key),
        ("call_id", request.call_id),
    ):
        if key:
            store.requests.remember(
                connection, holder.id, operation, key, made, now=call.created_at
            )
    return accepted


def _tell(exchange: Exchange, call: Interaction) -> None:
    exchange.hub.publish(Changed(call.org_id, call.id, call.last_seq))
    if call.state is State.QUEUED:
        exchange.wake(call.id)

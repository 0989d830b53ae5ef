"""Telephone numbers: find, buy, bind to an agent, give back.

Buying costs money and giving back cannot be undone, so each is first only described, with a token
that makes the second request, and no other, do it. A number is reserved before the carrier is
asked for it; where the carrier does not answer it stays reserved, and buying it again goes on.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.errors import (
    AgentNotFound,
    Conflict,
    InvalidInput,
    NotAllowed,
    NumberNotFound,
    NumberTaken,
    SwitchhookError,
    Unavailable,
)
from switchhook.domain.numbers import Kind, Number, NumberOffer, NumberSearch
from switchhook.domain.phone import look_up, normalise
from switchhook.domain.values import Frozen
from switchhook.ports import Numbers
from switchhook.runtime import addresses
from switchhook.service import confirmation, limits
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.lookup import storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KINDS: dict[str, Kind] = {"toll_free": "toll_free", "mobile": "mobile"}
CALLER = "+15550100199"
"""Who calls in a trial, unless somebody is named."""
_MAX_LABEL = 80
_MAX_URL = 2048


class Binding(Frozen):
    """What is set for a number; what is not named stays, and an empty text takes it away."""

    label: str | None = None
    agent: str | None = None
    context_endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, and the token that does it."""

    action: Literal["buy", "release"]
    offer: NumberOffer
    confirm_token: str
    owned: bool = False
    """Whether the carrier's account has the number already, so that nothing is bought."""
    seconds: int = int(confirmation.LIFETIME.total_seconds())


async def list_numbers(exchange: Exchange, principal: Principal) -> tuple[Number, ...]:
    """Return the account's numbers, the newest first."""
    principal.need(Scope.CALLS_READ)
    return await exchange.database.read(
        lambda connection: tuple(store.numbers.of_account(connection, principal.org_id))
    )


async def get_number(exchange: Exchange, principal: Principal, reference: str) -> Number:
    """Return a number of the account by its id or by the number itself."""
    principal.need(Scope.CALLS_READ)
    return await exchange.database.read(lambda connection: _found(connection, principal, reference))


async def search_numbers(
    exchange: Exchange, principal: Principal, wanted: NumberSearch, *, carrier: str | None = None
) -> tuple[NumberOffer, ...]:
    """Return numbers that can be bought."""
    principal.need(Scope.NUMBERS_WRITE)
    _, market = _market(exchange, carrier)
    offers = await market.available(wanted)
    taken = await exchange.database.read(
        lambda connection: store.numbers.taken(connection, [offer.number for offer in offers])
    )
    return tuple(offer for offer in offers if offer.number not in taken)


async def buy_number(
    exchange: Exchange,
    principal: Principal,
    number: str,
    binding: Binding,
    *,
    carrier: str | None = None,
    confirm_token: str | None = None,
) -> Number | Proposal:
    """Buy a number and bind it; without a token only tell what would be bought.

    A number that the carrier's account has already costs nothing and is only bound; that is for
    the owner of this machine, whose account it is.
    """
    principal.need(Scope.NUMBERS_WRITE)
    _check(binding)
    seller, market = _market(exchange, carrier)
    wanted = Number(
        id=ids.new("number"),
        org_id=principal.org_id,
        number=normalise(number, field="number"),
        carrier=seller,
        created_at=exchange.clock.now(),
    )
    if confirm_token is None:
        return await _proposed(exchange, principal, market, wanted)

    def reserve(connection: Connection) -> tuple[Number, bool]:
        _redeem(connection, exchange, wanted, "buy", confirm_token)
        begun = _begun(connection, wanted)
        reserved = _bound(connection, begun or wanted, binding)
        (store.numbers.save if begun else store.numbers.add)(connection, reserved)
        return reserved, begun is not None

    reserved, begun = await exchange.database.write(reserve)
    return await _rented(exchange, principal, market, reserved, begun=begun)


async def update_number(
    exchange: Exchange, principal: Principal, reference: str, binding: Binding
) -> Number:
    """Change who answers at a number, what it is called, or where its calls' variables are."""
    principal.need(Scope.NUMBERS_WRITE)
    _check(binding)

    def work(connection: Connection) -> Number:
        number = _found(connection, principal, reference, locked=True)
        changed = _bound(connection, number, binding)
        store.numbers.save(connection, changed)
        return changed

    return await exchange.database.write(work)


async def release_number(
    exchange: Exchange, principal: Principal, reference: str, *, confirm_token: str | None = None
) -> Number | Proposal:
    """Give a number back to its carrier, for good; without a token only tell what would be."""
    principal.need(Scope.NUMBERS_WRITE)

    def work(connection: Connection) -> Number | Proposal:
        number = _found(connection, principal, reference)
        if confirm_token is None:
            token = _token(connection, exchange, number, "release")
            return Proposal("release", _described(number.number), token)
        _redeem(connection, exchange, number, "release", confirm_token)
        return number

    number = await exchange.database.write(work)
    if isinstance(number, Proposal):
        return number
    _, market = _market(exchange, number.carrier)
    ref = number.carrier_ref or await market.rented(number.number)
    if ref is not None:
        await market.release(ref)
    await exchange.database.write(lambda connection: store.numbers.remove(connection, number))
    return number


async def ring_number(
    exchange: Exchange, principal: Principal, reference: str, *, caller: str = CALLER
) -> Number:
    """Let a simulated person call a number, where telephones are simulated."""
    principal.need(Scope.CALLS_CREATE)
    from_number = normalise(caller, field="from")
    number = await exchange.database.read(
        lambda connection: _found(connection, principal, reference)
    )
    callers = exchange.callers.get(number.carrier)
    if callers is None:
        raise Conflict(
            f"{number.number} is a real number, which only a real telephone can call",
            field="number",
            hint="call it yourself, or buy a number of a simulated carrier",
        )
    await callers.ring(from_number, number.number)
    return number


def signing_secret(exchange: Exchange, number: Number) -> str | None:
    """Return in base64 what signs the requests to a number's context endpoint."""
    if number.context_endpoint is None:
        return None
    secret = exchange.secrets(number.org_id, number.context_endpoint)
    return base64.b64encode(secret).decode() if secret else None


async def _proposed(
    exchange: Exchange, principal: Principal, market: Numbers, wanted: Number
) -> Proposal:
    """Return what would be bought, before anything is."""
    begun = await exchange.database.read(lambda connection: _begun(connection, wanted))
    owned = await market.rented(wanted.number) is not None
    if owned and begun is None:
        await _need_owner(exchange, principal, wanted.number)
    offer = _described(wanted.number) if owned else await _offer(market, wanted.number)
    token = await exchange.database.write(
        lambda connection: _token(connection, exchange, wanted, "buy")
    )
    return Proposal("buy", offer, token, owned)


async def _offer(market: Numbers, number: str) -> NumberOffer:
    described = _described(number)
    search = NumberSearch(
        country=described.country, kind=described.kind, contains=number, capabilities=()
    )
    offers = await market.available(search)
    exact = next((offer for offer in offers if offer.number == number), None)
    if exact is None:
        raise NumberTaken(number)
    return exact


async def _rented(
    exchange: Exchange, principal: Principal, market: Numbers, reserved: Number, *, begun: bool
) -> Number:
    """Return the reserved number once the carrier has given it to us."""
    try:
        ref = await market.rented(reserved.number)
        if ref is None:
            ref = await market.rent(reserved.number)
        else:
            if not begun:
                await _need_owner(exchange, principal, reserved.number)
            await market.connect(ref)
    except SwitchhookError as failure:
        if not isinstance(failure, Unavailable):
            await exchange.database.write(
                lambda connection: store.numbers.remove(connection, reserved)
            )
        raise
    bought = reserved.model_copy(update={"carrier_ref": ref})
    await exchange.database.write(lambda connection: store.numbers.save(connection, bought))
    return bought


async def _need_owner(exchange: Exchange, principal: Principal, number: str) -> None:
    """Let pass who owns this machine, and so the carrier's account and what it has already."""
    owner = await exchange.database.read(store.accounts.first)
    if owner != principal.org_id:
        raise NotAllowed(
            f"{number} belongs to the carrier's account already, which is not yours",
            hint="search_numbers shows numbers that can be bought",
        )


def _begun(connection: Connection, wanted: Number) -> Number | None:
    """Return what an earlier purchase of the account reserved; what anybody has is taken."""
    known = store.numbers.everybodys(connection, wanted.number)
    if known is not None and (known.org_id != wanted.org_id or known.carrier_ref is not None):
        raise NumberTaken(wanted.number)
    return known


def _token(connection: Connection, exchange: Exchange, number: Number, action: str) -> str:
    return confirmation.offer(connection, exchange, number.org_id, _fingerprint(number, action))


def _redeem(
    connection: Connection, exchange: Exchange, number: Number, action: str, token: str
) -> None:
    fingerprint = _fingerprint(number, action)
    why = confirmation.use(connection, exchange, number.org_id, token, fingerprint)
    if why is not None:
        raise Conflict(
            f"{why}, so nothing was done",
            field="confirm_token",
            hint="send the request without it, which does nothing but give a new one",
        )


def _fingerprint(number: Number, action: str) -> str:
    return hashlib.sha256(f"{action} {number.carrier} {number.number}".encode()).hexdigest()


def _bound(connection: Connection, number: Number, binding: Binding) -> Number:
    changes: dict[str, Any] = {}
    if binding.label is not None:
        changes["label"] = binding.label
    if binding.context_endpoint is not None:
        changes["context_endpoint"] = binding.context_endpoint or None
    if binding.agent is not None:
        changes["agent_id"] = _agent(connection, number.org_id, binding.agent)
    return number.model_copy(update=changes)


def _agent(connection: Connection, org_id: str, reference: str) -> str | None:
    if not reference:
        return None
    agent = store.agents.find(connection, org_id, storable(reference))
    if agent is None:
        raise AgentNotFound(reference)
    return agent.id


def _check(binding: Binding) -> None:
    limits.check_text(binding.label or "", field="label", limit=_MAX_LABEL)
    if not binding.context_endpoint:
        return
    limits.check_text(binding.context_endpoint, field="context_endpoint", limit=_MAX_URL)
    try:
        addresses.check(binding.context_endpoint)
    except addresses.Refused as refused:
        raise InvalidInput(
            f"context_endpoint cannot be asked: {refused}",
            field="context_endpoint",
            hint="use an address such as https://crm.example.com/caller",
        ) from None


def _market(exchange: Exchange, carrier: str | None) -> tuple[str, Numbers]:
    wanted = carrier or exchange.default_carrier
    market = exchange.numbers.get(wanted)
    if market is None:
        raise InvalidInput(
            f"no numbers can be had from {wanted[:40]!r}",
            field="carrier",
            hint=f"use one of: {', '.join(sorted(exchange.numbers)) or 'none is open'}",
        )
    return wanted, market


def _described(number: str) -> NumberOffer:
    phone = look_up(number)
    kind = _KINDS.get(phone.kind, "local")
    return NumberOffer(number=number, country=phone.region or "US", kind=kind)


def _found(
    connection: Connection, principal: Principal, reference: str, *, locked: bool = False
) -> Number:
    number = store.numbers.find(connection, principal.org_id, storable(reference), locked=locked)
    if number is None:
        raise NumberNotFound(reference)
    return number

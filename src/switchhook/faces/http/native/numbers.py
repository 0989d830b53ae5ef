"""Telephone numbers: list, find, buy, bind, give back."""

from __future__ import annotations

from typing import Any

from switchhook.domain.numbers import Number, NumberOffer, NumberSearch
from switchhook.faces.http.native import number_forms as nf
from switchhook.faces.http.native.operations import Asked, Nothing, Told
from switchhook.service import numbers
from switchhook.service.exchange import Exchange
from switchhook.service.numbers import Binding, Proposal


async def list_numbers(asked: Asked[Nothing, Nothing]) -> Told:
    """Return the account's numbers."""
    found = await numbers.list_numbers(asked.exchange, asked.principal)
    shown = [nf.NumberShape(**_members(number)) for number in found]
    data = nf.Numbers(organization_id=asked.principal.org_id, numbers=shown)
    return Told("Numbers retrieved successfully", data)


async def search(asked: Asked[Nothing, nf.SearchNumbers]) -> Told:
    """Return numbers that can be bought."""
    form = asked.query
    wanted = NumberSearch(
        country=form.country,
        kind=form.kind,
        area_code=form.area_code,
        contains=form.contains,
        capabilities=(form.capability,),
        limit=form.limit,
    )
    found = await numbers.search_numbers(asked.exchange, asked.principal, wanted)
    data = nf.Offers(
        organization_id=asked.principal.org_id, numbers=[_offered(offer) for offer in found]
    )
    return Told("Numbers found successfully", data)


async def buy(asked: Asked[nf.BuyNumber, Nothing]) -> Told:
    """Buy a number, or tell what would be bought."""
    form, org_id = asked.body, asked.principal.org_id
    bought = await numbers.buy_number(
        asked.exchange,
        asked.principal,
        form.number,
        _binding(form),
        confirm_token=form.confirm_token,
    )
    if isinstance(bought, Proposal):
        data = nf.Purchase(
            operation="dry_run",
            organization_id=org_id,
            number=None,
            offer=_offered(bought.offer),
            already_owned=bought.owned,
            confirm_token=bought.confirm_token,
            confirm_within_seconds=bought.seconds,
        )
        return Told("Nothing was bought; repeat the request with confirm_token to buy", data)
    data = nf.Purchase(
        operation="bought",
        organization_id=org_id,
        number=_told(asked.exchange, bought),
        offer=None,
        already_owned=True,
        confirm_token=None,
        confirm_within_seconds=None,
    )
    return Told("Number bought successfully", data)


async def show(asked: Asked[Nothing, Nothing]) -> Told:
    """Return one number."""
    number = await numbers.get_number(asked.exchange, asked.principal, asked.id)
    return Told("Number retrieved successfully", nf.NumberShape(**_members(number)))


async def change(asked: Asked[nf.BoundForm, Nothing]) -> Told:
    """Change who answers at a number, its label, or its context endpoint."""
    changed = await numbers.update_number(
        asked.exchange, asked.principal, asked.id, _binding(asked.body)
    )
    return Told("Number updated successfully", _told(asked.exchange, changed))


async def release(asked: Asked[Nothing, nf.ReleaseNumber]) -> Told:
    """Give a number back, or tell what would be given back."""
    token = asked.query.confirm_token
    released = await numbers.release_number(
        asked.exchange, asked.principal, asked.id, confirm_token=token
    )
    dry = isinstance(released, Proposal)
    data = nf.Release(
        operation="dry_run" if dry else "released",
        organization_id=asked.principal.org_id,
        number=released.offer.number if dry else released.number,
        confirm_token=released.confirm_token if dry else None,
        confirm_within_seconds=released.seconds if dry else None,
    )
    said = "Nothing was released; repeat the request with confirm_token to release the number"
    return Told(said if dry else "Number released successfully", data)


async def ring(asked: Asked[nf.RingNumber, Nothing]) -> Told:
    """Let a simulated person call a number."""
    caller = asked.body.from_number
    number = await numbers.ring_number(asked.exchange, asked.principal, asked.id, caller=caller)
    data = nf.Rung(
        operation="ringing",
        organization_id=number.org_id,
        number=number.number,
        from_number=caller,
    )
    return Told("The number is being called", data)


def _binding(form: nf.BoundForm) -> Binding:
    return Binding(label=form.label, agent=form.agent_id, context_endpoint=form.context_endpoint)


def _told(exchange: Exchange, number: Number) -> nf.NumberAndSecret:
    secret = numbers.signing_secret(exchange, number)
    return nf.NumberAndSecret(**_members(number), signing_secret=secret)


def _members(number: Number) -> dict[str, Any]:
    kept = number.model_dump(include={"number", "carrier", "label", "agent_id", "context_endpoint"})
    return kept | {
        "number_id": number.id,
        "state": "active" if number.carrier_ref else "pending",
        "created_at": number.created_at.isoformat(),
    }


def _offered(offer: NumberOffer) -> nf.OfferShape:
    return nf.OfferShape.model_validate(offer.model_dump(mode="json"))

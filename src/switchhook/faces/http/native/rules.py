"""The rules of an account, and the people it does not call."""

from __future__ import annotations

from switchhook.domain.policy import Policy
from switchhook.faces.http.native.operations import Asked, Nothing, Told
from switchhook.faces.http.native.rule_forms import (
    AddNumber,
    ChangePolicy,
    DoNotCall,
    NumberKept,
    PolicyShape,
    UnwantedShape,
    WhichNumber,
)
from switchhook.service import rules


async def show_policy(asked: Asked[Nothing, Nothing]) -> Told:
    """Return the rules that hold."""
    policy = await rules.get_policy(asked.exchange, asked.principal)
    return Told("Policy retrieved successfully", _shown(policy, asked.principal.org_id))


async def change_policy(asked: Asked[ChangePolicy, Nothing]) -> Told:
    """Change the rules that the form names."""
    now = await rules.get_policy(asked.exchange, asked.principal)
    changes = asked.body.model_dump(exclude_unset=True)
    plain = now.model_dump()
    for caps in ("caps", "simulated_caps"):
        changes[caps] = plain[caps] | changes.get(caps, {})
    if (regions := changes.get("allowed_regions")) is not None:
        changes["allowed_regions"] = tuple(regions)
    wanted = Policy.model_validate(plain | changes)
    policy = await rules.set_policy(asked.exchange, asked.principal, wanted)
    return Told("Policy updated successfully", _shown(policy, asked.principal.org_id))


async def list_numbers(asked: Asked[Nothing, Nothing]) -> Told:
    """Return everybody who is not called."""
    unwanted = await rules.list_do_not_call(asked.exchange, asked.principal)
    numbers = [
        UnwantedShape(number=one.number, source=one.source, created_at=one.created_at.isoformat())
        for one in unwanted
    ]
    data = DoNotCall(organization_id=asked.principal.org_id, numbers=numbers)
    return Told("Numbers retrieved successfully", data)


async def add_number(asked: Asked[AddNumber, Nothing]) -> Told:
    """Put a number on the list."""
    number = await rules.add_do_not_call(
        asked.exchange, asked.principal, asked.body.number, source=asked.body.source
    )
    data = NumberKept(operation="added", organization_id=asked.principal.org_id, number=number)
    return Told("Number added successfully", data)


async def remove_number(asked: Asked[Nothing, WhichNumber]) -> Told:
    """Take a number off the list."""
    number = await rules.remove_do_not_call(asked.exchange, asked.principal, asked.query.number)
    data = NumberKept(operation="removed", organization_id=asked.principal.org_id, number=number)
    return Told("Number removed successfully", data)


def _shown(policy: Policy, org_id: str) -> PolicyShape:
    return PolicyShape.model_validate(policy.model_dump(mode="json") | {"organization_id": org_id})

"""What the dial policy says about a call, with everything counted that it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.errors import NotAuthenticated
from switchhook.domain.interaction import Interaction
from switchhook.domain.policy import DialFacts, Policy
from switchhook.service.exchange import Exchange

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.accounts import Account
    from switchhook.store.gate import Counting


def account(connection: Connection, org_id: str, *, locked: bool = False) -> Account:
    """Return the account; `locked` makes what is counted stay true until the commit."""
    found = store.accounts.find(connection, org_id, locked=locked)
    if found is None:
        raise NotAuthenticated("this account does not exist any more")
    return found


def policy(exchange: Exchange, holder: Account) -> Policy:
    """Return the account's own policy, else the exchange's."""
    return exchange.policy if holder.policy is None else Policy.model_validate(holder.policy)


def dial_facts(
    connection: Connection, holder: Account, rules: Policy, call: Interaction, at: Counting
) -> DialFacts:
    """Return everything the gate looks at."""
    number = call.to_number or ""
    caps = rules.simulated_caps if call.simulated else rules.caps
    return DialFacts(
        to_number=number,
        from_number=call.from_number,
        simulated=call.simulated,
        do_not_call=store.gate.unwanted(connection, holder.id, number),
        usage=store.gate.usage(
            connection,
            holder,
            store.gate.hidden(holder, number),
            caps,
            simulated=call.simulated,
            at=at,
        ),
    )

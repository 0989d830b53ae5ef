"""What an account may dial: its policy, and the people who asked not to be called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.errors import NotFound
from switchhook.domain.phone import normalise
from switchhook.domain.policy import Policy
from switchhook.service import limits, permission
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.gate import Unwanted


async def get_policy(exchange: Exchange, principal: Principal) -> Policy:
    """Return the rules that hold for the account."""
    principal.need(Scope.CALLS_READ)
    return await exchange.database.read(
        lambda connection: permission.policy(
            exchange, permission.account(connection, principal.org_id)
        )
    )


async def set_policy(exchange: Exchange, principal: Principal, policy: Policy | None) -> Policy:
    """Give the account rules of its own, or take them away, so that the exchange's hold again."""
    principal.need(Scope.ADMIN)

    def work(connection: Connection) -> Policy:
        permission.account(connection, principal.org_id, locked=True)
        plain = policy.model_dump(mode="json") if policy else None
        store.accounts.set_policy(connection, principal.org_id, plain)
        return policy or exchange.policy

    return await exchange.database.write(work)


async def list_do_not_call(exchange: Exchange, principal: Principal) -> tuple[Unwanted, ...]:
    """Return the numbers that are not called, the newest first."""
    principal.need(Scope.CALLS_READ)
    return await exchange.database.read(
        lambda connection: tuple(store.gate.all_unwanted(connection, principal.org_id))
    )


async def add_do_not_call(
    exchange: Exchange, principal: Principal, number: str, *, source: str = "added by hand"
) -> str:
    """Put a number on the account's list and return it as it is kept."""
    principal.need(Scope.CALLS_CREATE)
    limits.check_text(source, field="source", limit=200)
    kept = normalise(number, field="number")

    def work(connection: Connection) -> str:
        permission.account(connection, principal.org_id, locked=True)
        now = exchange.clock.now()
        store.gate.forbid(connection, principal.org_id, kept, source=source, now=now)
        return kept

    return await exchange.database.write(work)


async def remove_do_not_call(exchange: Exchange, principal: Principal, number: str) -> str:
    """Take a number off the account's list."""
    principal.need(Scope.ADMIN)
    kept = normalise(number, field="number")

    def work(connection: Connection) -> str:
        if not store.gate.allow(connection, principal.org_id, kept):
            raise NotFound(
                f"{kept} is not on the do-not-call list", field="number", hint="nothing to do"
            )
        return kept

    return await exchange.database.write(work)

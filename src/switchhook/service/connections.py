"""Connections: the keys that an account has to vendors itself, and the calls that use them.

A key goes in once and never comes out again, but to the vendor. To change one is to store another
and to delete the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.connection import SHOWN, Connection, Provider
from switchhook.domain.errors import ConnectionNotFound, InvalidInput
from switchhook.domain.interaction import Interaction
from switchhook.service import limits
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.lookup import storable
from switchhook.service.permission import account

if TYPE_CHECKING:
    from sqlalchemy import Connection as Session

SHORTEST = 8
"""A key that is shorter would be half told by its last characters."""
LONGEST = 512
MOST = 100
"""How many an account may have."""


async def create_connection(
    exchange: Exchange, principal: Principal, provider: Provider, *, name: str, key: str
) -> Connection:
    """Store a key of the account's own; what is returned shows the last characters of it."""
    principal.need(Scope.ADMIN)
    limits.check_text(name, field="name", limit=80)
    key = key.strip()
    if not (SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise InvalidInput(
            "the key is none that a vendor hands out", field="key", hint="copy all of it"
        )
    connection = Connection(
        id=ids.new("conn"),
        org_id=principal.org_id,
        provider=provider,
        name=name,
        ends_with=key[-SHOWN:],
        created_at=exchange.clock.now(),
    )
    sealed = exchange.seal.close(key, _place(connection))

    def work(session: Session) -> Connection:
        account(session, principal.org_id, locked=True)
        if len(store.connections.everything(session, principal.org_id)) >= MOST:
            raise InvalidInput(
                f"the account has {MOST} connections already", hint="delete those nobody uses"
            )
        store.connections.add(session, connection, sealed)
        return connection

    return await exchange.database.write(work)


async def list_connections(exchange: Exchange, principal: Principal) -> tuple[Connection, ...]:
    """Return the account's connections, the newest first."""
    principal.need(Scope.ADMIN)
    return await exchange.database.read(
        lambda session: tuple(store.connections.everything(session, principal.org_id))
    )


async def delete_connection(exchange: Exchange, principal: Principal, connection_id: str) -> str:
    """Forget a key; agents that name it make no call until they name another one."""
    principal.need(Scope.ADMIN)

    def work(session: Session) -> str:
        if not store.connections.remove(session, principal.org_id, storable(connection_id)):
            raise ConnectionNotFound(connection_id)
        return connection_id

    return await exchange.database.write(work)


def check(session: Session, org_id: str, named: Mapping[str, str]) -> None:
    """Let pass connections that the account has, each to the vendor it is named for."""
    _found(session, org_id, named)


async def own_keys(exchange: Exchange, call: Interaction) -> dict[str, str]:
    """Return the keys of a call's account, by vendor, as far as its agent names them."""
    named = call.agent.spec.connections
    if not named:
        return {}

    def work(session: Session) -> list[tuple[Connection, str]]:
        found = _found(session, call.org_id, named)
        return [(connection, store.connections.sealed(session, connection)) for connection in found]

    return {
        connection.provider: exchange.seal.open(sealed, _place(connection))
        for connection, sealed in await exchange.database.read(work)
    }


def _found(session: Session, org_id: str, named: Mapping[str, str]) -> list[Connection]:
    known = store.connections.find(session, org_id, list(named.values())) if named else {}
    for provider, connection_id in named.items():
        connection = known.get(connection_id)
        if connection is None:
            raise ConnectionNotFound(connection_id)
        if connection.provider != provider:
            raise InvalidInput(
                f"the connection {connection_id!r} is one to {connection.provider}",
                field=f"connections.{provider}",
                hint=f"name it as connections.{connection.provider}",
            )
    return list(known.values())


def _place(connection: Connection) -> str:
    return f"{connection.org_id}\n{connection.provider}\n{connection.id}"

"""The keys that accounts have to vendors themselves, sealed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection as Session
from sqlalchemy import delete, insert, select

from switchhook.domain.connection import Connection
from switchhook.store.tables import connections

_SHOWN = select(*(connections.c[name] for name in Connection.model_fields))


def add(session: Session, connection: Connection, sealed: str) -> None:
    """Store a key, which nobody can read without the seal."""
    session.execute(insert(connections).values(connection.model_dump() | {"sealed": sealed}))


def everything(session: Session, org_id: str) -> list[Connection]:
    """Return the account's connections, the newest first."""
    newest = _SHOWN.where(connections.c.org_id == org_id).order_by(
        connections.c.created_at.desc(), connections.c.id
    )
    return [Connection.model_validate(dict(row)) for row in session.execute(newest).mappings()]


def find(session: Session, org_id: str, ids: Sequence[str]) -> dict[str, Connection]:
    """Return those of these connections that the account has, by id."""
    wanted = _SHOWN.where(connections.c.org_id == org_id, connections.c.id.in_(ids))
    found = (Connection.model_validate(dict(row)) for row in session.execute(wanted).mappings())
    return {connection.id: connection for connection in found}


def sealed(session: Session, connection: Connection) -> str:
    """Return the sealed key of a connection."""
    wanted = select(connections.c.sealed).where(connections.c.id == connection.id)
    return str(session.execute(wanted).scalar_one())


def remove(session: Session, org_id: str, connection_id: str) -> bool:
    """Forget a connection; tell whether the account had it."""
    gone = delete(connections).where(
        connections.c.org_id == org_id, connections.c.id == connection_id
    )
    return session.execute(gone).rowcount > 0

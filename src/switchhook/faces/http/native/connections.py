"""An account's own keys to vendors: store, list, forget."""

from __future__ import annotations

from switchhook.domain.connection import Connection
from switchhook.faces.http.native.connection_forms import (
    ConnectionDeleted,
    Connections,
    ConnectionShape,
    CreateConnection,
)
from switchhook.faces.http.native.operations import Asked, Nothing, Told
from switchhook.service import connections


async def create(asked: Asked[CreateConnection, Nothing]) -> Told:
    """Store a key."""
    form = asked.body
    connection = await connections.create_connection(
        asked.exchange, asked.principal, form.provider, name=form.name, key=form.key
    )
    return Told("Connection created successfully", _shown(connection))


async def list_connections(asked: Asked[Nothing, Nothing]) -> Told:
    """Return all of them, without the keys."""
    found = await connections.list_connections(asked.exchange, asked.principal)
    data = Connections(
        organization_id=asked.principal.org_id,
        connections=[_shown(connection) for connection in found],
    )
    return Told("Connections retrieved successfully", data)


async def delete(asked: Asked[Nothing, Nothing]) -> Told:
    """Forget a key."""
    gone = await connections.delete_connection(asked.exchange, asked.principal, asked.id)
    data = ConnectionDeleted(organization_id=asked.principal.org_id, connection_id=gone)
    return Told("Connection deleted successfully", data)


def _shown(connection: Connection) -> ConnectionShape:
    return ConnectionShape(
        connection_id=connection.id,
        organization_id=connection.org_id,
        provider=connection.provider,
        name=connection.name,
        ends_with=connection.ends_with,
        created_at=connection.created_at.isoformat(),
    )

"""What was asked before: idempotency keys, and confirmations that are good for one use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from switchhook.store.tables import confirmations, idempotency

_EARLIER = select(idempotency.c.fingerprint, idempotency.c.call_id).where(
    idempotency.c.org_id == bindparam("of_org"),
    idempotency.c.operation == bindparam("of_operation"),
    idempotency.c.key == bindparam("of_key"),
)
_REMEMBER = insert(idempotency)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request under the same key, and the call that came of it."""

    fingerprint: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person agreed to, until when, and whether it was used."""

    fingerprint: str
    expires_at: datetime
    used_at: datetime | None


def earlier(connection: Connection, org_id: str, operation: str, key: str) -> Earlier | None:
    """Return the earlier request of the account under that key."""
    of = {"of_org": org_id, "of_operation": operation, "of_key": key}
    row = connection.execute(_EARLIER, of).mappings().first()
    return Earlier(**row) if row else None


def remember(
    connection: Connection,
    org_id: str,
    operation: str,
    key: str,
    request: Earlier,
    *,
    now: datetime,
) -> None:
    """Store a request under its key."""
    connection.execute(
        _REMEMBER,
        {
            "org_id": org_id,
            "operation": operation,
            "key": key,
            "fingerprint": request.fingerprint,
            "call_id": request.call_id,
            "created_at": now,
        },
    )


def release(connection: Connection, org_id: str, operation: str, call_id: str) -> None:
    """Let the key of a deleted call be used again."""
    connection.execute(
        delete(idempotency).where(
            idempotency.c.org_id == org_id,
            idempotency.c.operation == operation,
            idempotency.c.call_id == call_id,
        )
    )


def forget(connection: Connection, operation: str, *, before: datetime) -> None:
    """Drop the keys that were kept long enough, and the confirmations that have run out."""
    connection.execute(
        delete(idempotency).where(
            idempotency.c.operation == operation, idempotency.c.created_at < before
        )
    )
    connection.execute(delete(confirmations).where(confirmations.c.expires_at < before))


def offer(
    connection: Connection, org_id: str, digest: str, *, fingerprint: str, expires_at: datetime
) -> None:
    """Store a confirmation that a person may give."""
    connection.execute(
        insert(confirmations).values(
            org_id=org_id, digest=digest, fingerprint=fingerprint, expires_at=expires_at
        )
    )


def confirmation(connection: Connection, org_id: str, digest: str) -> Confirmation | None:
    """Return a confirmation of the account, and keep others from using it meanwhile."""
    query = select(
        confirmations.c.fingerprint, confirmations.c.expires_at, confirmations.c.used_at
    ).where(confirmations.c.org_id == org_id, confirmations.c.digest == digest)
    row = connection.execute(query.with_for_update()).mappings().first()
    return Confirmation(**row) if row else None


def use(connection: Connection, org_id: str, digest: str, *, now: datetime) -> None:
    """Use a confirmation up."""
    connection.execute(
        update(confirmations)
        .where(confirmations.c.org_id == org_id, confirmations.c.digest == digest)
        .values(used_at=now)
    )

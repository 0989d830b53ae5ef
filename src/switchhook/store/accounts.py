"""Organisations, their keys, and the hashes of their keys' secrets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, text, update

from switchhook.store.tables import keys, organizations, secrets

LIVE_SECRETS = 2

# Statements of the hot path are built once: building costs more than running them.
_FIND = select(organizations.c.id, organizations.c.policy, organizations.c.salt).where(
    organizations.c.id == bindparam("of")
)
_LOCK = _FIND.with_for_update()


@dataclass(frozen=True, slots=True)
class Account:
    """An organisation: its own policy where it has one, and what hides its callees."""

    id: str
    policy: dict[str, Any] | None
    salt: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is stored, with the hashes of the secrets that open it."""

    key: str
    org_id: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    digests: tuple[str, ...]


def exclusively(connection: Connection) -> None:
    """Keep every other process from making the first organisation at the same time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(5749021664)"))


def add(connection: Connection, org_id: str, *, name: str, salt: str, now: datetime) -> None:
    """Store a new organisation."""
    connection.execute(
        insert(organizations).values(id=org_id, name=name, salt=salt, created_at=now)
    )


def first(connection: Connection) -> str | None:
    """Return the id of the oldest organisation."""
    oldest = select(organizations.c.id).order_by(organizations.c.created_at, organizations.c.id)
    return connection.execute(oldest.limit(1)).scalar_one_or_none()


def find(connection: Connection, org_id: str, *, locked: bool = False) -> Account | None:
    """Return an organisation; `locked` keeps everybody else from counting its calls."""
    row = connection.execute(_LOCK if locked else _FIND, {"of": org_id}).mappings().first()
    return Account(**row) if row else None


def set_policy(connection: Connection, org_id: str, policy: dict[str, Any] | None) -> None:
    """Store the organisation's own policy, or take it away."""
    connection.execute(
        update(organizations).where(organizations.c.id == org_id).values(policy=policy)
    )


def add_key(connection: Connection, key: Key) -> None:
    """Store a new key with its first secret."""
    connection.execute(
        insert(keys).values(
            key=key.key,
            org_id=key.org_id,
            label=key.label,
            scopes=list(key.scopes),
            created_at=key.created_at,
        )
    )
    for digest in key.digests:
        add_secret(connection, key.key, digest, now=key.created_at)


def add_secret(connection: Connection, key: str, digest: str, *, now: datetime) -> None:
    """Give a key another secret and drop the oldest beyond two."""
    newest_first = (
        select(secrets.c.digest)
        .where(secrets.c.key == key)
        .order_by(secrets.c.created_at.desc(), secrets.c.digest)
    )
    stored = connection.execute(newest_first).scalars().all()
    drop(connection, key, stored[LIVE_SECRETS - 1 :])
    connection.execute(insert(secrets).values(key=key, digest=digest, created_at=now))


def drop(connection: Connection, key: str, digests: Collection[str]) -> None:
    """Make secrets of a key useless."""
    if digests:
        connection.execute(
            delete(secrets).where(secrets.c.key == key, secrets.c.digest.in_(digests))
        )


def find_key(connection: Connection, key: str, *, locked: bool = False) -> Key | None:
    """Return a key, revoked or not."""
    query = select(keys).where(keys.c.key == key)
    row = connection.execute(query.with_for_update() if locked else query).mappings().first()
    return _key(connection, row) if row else None


def all_keys(connection: Connection) -> tuple[Key, ...]:
    """Return every key, oldest first."""
    rows = connection.execute(select(keys).order_by(keys.c.created_at, keys.c.key)).mappings()
    return tuple(_key(connection, row) for row in rows.all())


def touch(connection: Connection, key: str, *, now: datetime) -> None:
    """Note that a key was used."""
    connection.execute(update(keys).where(keys.c.key == key).values(last_used_at=now))


def revoke(connection: Connection, key: str, *, now: datetime) -> None:
    """Make a key useless; the first revocation stands."""
    connection.execute(
        update(keys).where(keys.c.key == key, keys.c.revoked_at.is_(None)).values(revoked_at=now)
    )


def _key(connection: Connection, row: RowMapping) -> Key:
    digests = connection.execute(select(secrets.c.digest).where(secrets.c.key == row["key"]))
    stored: dict[str, Any] = dict(row)
    stored |= {"scopes": tuple(row["scopes"]), "digests": tuple(digests.scalars())}
    return Key(**stored)

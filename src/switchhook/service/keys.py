"""API keys: make, check, rotate, revoke."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.errors import Conflict, KeyNotFound, NotAuthenticated
from switchhook.service.exchange import Exchange
from switchhook.service.identity import ALL_SCOPES, Principal, Scope
from switchhook.service.lookup import storable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from switchhook.store.accounts import Key

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key with its secret, which is shown this once; `bearer` is the same pair in one token."""

    key: str
    secret: str
    org_id: str
    scopes: tuple[Scope, ...]

    @property
    def bearer(self) -> str:
        """The pair as one bearer token."""
        return f"{self.key}.{self.secret}"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is stored of a key; never its secret."""

    key: str
    org_id: str
    label: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    live_secrets: int


async def first_start(exchange: Exchange, given: tuple[str, str] | None = None) -> KeyPair | None:
    """Create the first organisation and its key, from the given pair where there is one.

    Return the pair if it was made now, nothing if there was a key already.
    """

    def work(connection: Connection) -> KeyPair | None:
        org_id, _ = _first_organisation(connection, exchange)
        if given is not None:
            return _given(connection, exchange, org_id, given)
        # The organisation may be there without a key: nobody needs one on the same machine.
        if any(key.org_id == org_id for key in store.accounts.all_keys(connection)):
            return None
        return _made(connection, exchange, org_id, "first key", ALL_SCOPES)

    pair = await exchange.database.write(work)
    exchange.recent.clear()
    return pair


async def local_owner(exchange: Exchange) -> Principal:
    """Return the owner of this machine: the first organisation, with every scope."""
    org_id, _made_now = await exchange.database.write(
        lambda connection: _first_organisation(connection, exchange)
    )
    return Principal(org_id)


async def authenticate(exchange: Exchange, key: str, secret: str) -> Principal:
    """Return the account behind a pair, or raise `NotAuthenticated` after the same work."""
    digest = _digest(secret)
    moment = exchange.clock.monotonic()
    if principal := exchange.recent.find((key, digest), moment):
        return principal
    if _is_local(exchange, key, digest):
        principal = await local_owner(exchange)
        exchange.recent.keep((key, digest), principal, moment)
        return principal
    stored = await exchange.database.read(
        lambda connection: store.accounts.find_key(connection, storable(key))
    )
    known = stored.digests if stored else ()
    padded = (*known, *[_NOBODY] * store.accounts.LIVE_SECRETS)[: store.accounts.LIVE_SECRETS]
    good = sum([hmac.compare_digest(digest, candidate) for candidate in padded])
    if stored is None or not good or stored.revoked_at is not None:
        raise NotAuthenticated(
            "the headers X-API-KEY and X-API-SECRET do not name a valid key",
            hint="send both X-API-KEY and X-API-SECRET; switchhook keys create makes a pair",
        )
    await _note_use(exchange, stored)
    principal = Principal(
        stored.org_id, stored.key, frozenset(Scope(scope) for scope in stored.scopes)
    )
    exchange.recent.keep((key, digest), principal, moment)
    return principal


async def authenticate_bearer(exchange: Exchange, token: str) -> Principal:
    """Return the account behind a pair that came as one token."""
    key, _, secret = token.partition(".")
    return await authenticate(exchange, key, secret)


async def create_key(
    exchange: Exchange,
    *,
    org_id: str | None = None,
    label: str = "",
    scopes: Collection[Scope] = ALL_SCOPES,
) -> KeyPair:
    """Make a key; without an organisation for the first one, with an unknown id for a new one."""

    def work(connection: Connection) -> KeyPair:
        # The first organisation owns this machine, so a named one is never the first.
        holder, _ = _first_organisation(connection, exchange)
        if org_id is not None:
            store.accounts.exclusively(connection)
            if store.accounts.find(connection, org_id) is None:
                _add_organisation(connection, exchange, org_id)
            holder = org_id
        return _made(connection, exchange, holder, label, scopes)

    return await exchange.database.write(work)


async def rotate_secret(exchange: Exchange, key: str) -> KeyPair:
    """Give a key a second secret; the oldest of three is dropped."""
    secret = ids.secret("cs")

    def work(connection: Connection) -> KeyPair:
        stored = _live(connection, key)
        store.accounts.add_secret(connection, key, _digest(secret), now=exchange.clock.now())
        return KeyPair(key, secret, stored.org_id, tuple(Scope(scope) for scope in stored.scopes))

    pair = await exchange.database.write(work)
    exchange.recent.clear()
    return pair


async def revoke_key(exchange: Exchange, key: str) -> KeyRecord:
    """Make a key useless at once, on live sessions too."""

    def work(connection: Connection) -> KeyRecord:
        _found(connection, key)
        store.accounts.revoke(connection, key, now=exchange.clock.now())
        return _record(_found(connection, key))

    revoked = await exchange.database.write(work)
    exchange.recent.clear()
    return revoked


async def list_keys(exchange: Exchange) -> tuple[KeyRecord, ...]:
    """Return every key, revoked ones too."""
    stored = await exchange.database.read(store.accounts.all_keys)
    return tuple(_record(key) for key in stored)


def _is_local(exchange: Exchange, key: str, digest: str) -> bool:
    if exchange.local_pair is None:
        return False
    ours, secret = exchange.local_pair
    same = hmac.compare_digest(digest, _digest(secret))
    return hmac.compare_digest(key.encode(errors="replace"), ours.encode()) and same


async def _note_use(exchange: Exchange, stored: Key) -> None:
    now = exchange.clock.now()
    if stored.last_used_at is None or now - stored.last_used_at > _NOTED_EVERY:
        await exchange.database.write(
            lambda connection: store.accounts.touch(connection, stored.key, now=now)
        )


def _first_organisation(connection: Connection, exchange: Exchange) -> tuple[str, bool]:
    """Return the first organisation, and whether it was made now."""
    store.accounts.exclusively(connection)
    if existing := store.accounts.first(connection):
        return existing, False
    org_id = ids.new("org")
    _add_organisation(connection, exchange, org_id)
    return org_id, True


def _add_organisation(connection: Connection, exchange: Exchange, org_id: str) -> None:
    store.accounts.add(
        connection, org_id, name=org_id, salt=ids.secret("salt"), now=exchange.clock.now()
    )


def _given(
    connection: Connection, exchange: Exchange, org_id: str, pair: tuple[str, str]
) -> KeyPair | None:
    """Store the operator's own pair; a new secret for a known key joins the one it has."""
    key, secret = pair
    digest = _digest(secret)
    stored = store.accounts.find_key(connection, key, locked=True)
    if stored is None:
        return _made(connection, exchange, org_id, "given at start", ALL_SCOPES, pair)
    if digest not in stored.digests and stored.revoked_at is None:
        store.accounts.add_secret(connection, key, digest, now=exchange.clock.now())
    return None


def _made(
    connection: Connection,
    exchange: Exchange,
    org_id: str,
    label: str,
    scopes: Collection[Scope],
    pair: tuple[str, str] | None = None,
) -> KeyPair:
    key, secret = pair or (f"ck_{secrets.token_hex(12)}", ids.secret("cs"))
    ordered = tuple(scope for scope in Scope if scope in scopes)
    store.accounts.add_key(
        connection,
        store.accounts.Key(
            key=key,
            org_id=org_id,
            label=label,
            scopes=tuple(scope.value for scope in ordered),
            created_at=exchange.clock.now(),
            last_used_at=None,
            revoked_at=None,
            digests=(_digest(secret),),
        ),
    )
    return KeyPair(key, secret, org_id, ordered)


def _found(connection: Connection, key: str) -> Key:
    stored = store.accounts.find_key(connection, storable(key), locked=True)
    if stored is None:
        raise KeyNotFound(
            f"there is no key {key[:40]!r}", field="key", hint="switchhook keys list shows the keys"
        )
    return stored


def _live(connection: Connection, key: str) -> Key:
    stored = _found(connection, key)
    if stored.revoked_at is not None:
        raise Conflict(
            f"the key {key[:40]!r} is revoked", field="key", hint="create another with keys create"
        )
    return stored


def _record(stored: Key) -> KeyRecord:
    return KeyRecord(
        key=stored.key,
        org_id=stored.org_id,
        label=stored.label,
        scopes=tuple(Scope(scope) for scope in stored.scopes),
        created_at=stored.created_at,
        last_used_at=stored.last_used_at,
        revoked_at=stored.revoked_at,
        live_secrets=0 if stored.revoked_at else len(stored.digests),
    )


def _digest(secret: str) -> str:
    """Return the hash; the secrets are random and long, so no slow one is needed."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


_NOBODY = "-" * 64
"""What a missing secret is compared with: as long as a hash, and the hash of nothing."""

"""API keys: make, check, rotate, revoke."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from switchhook.service.exchange import Exchange
from switchhook.service.identity import ALL_SCOPES, Principal, Scope


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

    Return the pair if it was made now, nothing if the account was there already.
    """
    raise NotImplementedError


async def local_owner(exchange: Exchange) -> Principal:
    """Return the owner of this machine: the first organisation, with every scope."""
    raise NotImplementedError


async def authenticate(exchange: Exchange, key: str, secret: str) -> Principal:
    """Return the account behind a pair, or raise `NotAuthenticated` after the same work."""
    raise NotImplementedError


async def create_key(
    exchange: Exchange,
    *,
    org_id: str | None = None,
    label: str = "",
    scopes: Collection[Scope] = ALL_SCOPES,
) -> KeyPair:
    """Make a key; without an organisation for the first one, with an unknown id for a new one."""
    raise NotImplementedError


async def rotate_secret(exchange: Exchange, key: str) -> KeyPair:
    """Give a key a second secret; the oldest of three is dropped."""
    raise NotImplementedError


async def revoke_key(exchange: Exchange, key: str) -> KeyRecord:
    """Make a key useless at once, on live sessions too."""
    raise NotImplementedError


async def list_keys(exchange: Exchange) -> tuple[KeyRecord, ...]:
    """Return every key, revoked ones too."""
    raise NotImplementedError

"""`switchhook keys`: make, list, rotate and revoke API keys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from switchhook.app import exchange_of
from switchhook.domain.errors import InvalidInput
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import ALL_SCOPES, Scope
from switchhook.service.keys import KeyPair, KeyRecord
from switchhook.settings import Settings

T = TypeVar("T")


def create(
    settings: Settings, *, label: str, scopes: Sequence[str], org: str | None, as_json: bool
) -> None:
    """Make a key and show it this once."""
    wanted = _scopes(scopes)
    pair = _with_store(
        settings,
        lambda exchange: keys.create_key(exchange, org_id=org, label=label, scopes=wanted),
    )
    _show_pair(pair, as_json=as_json)


def rotate(settings: Settings, key: str, *, as_json: bool) -> None:
    """Give a key a second secret; the old one stays good until the next rotation."""
    pair = _with_store(settings, lambda exchange: keys.rotate_secret(exchange, key))
    _show_pair(pair, as_json=as_json)


def revoke(settings: Settings, key: str, *, as_json: bool) -> None:
    """Make a key useless at once."""
    record = _with_store(settings, lambda exchange: keys.revoke_key(exchange, key))
    print(json.dumps(_facts(record)) if as_json else f"{record.key} is revoked")


def show(settings: Settings, *, as_json: bool) -> None:
    """List every key without its secret."""
    records = _with_store(settings, keys.list_keys)
    if as_json:
        print(json.dumps([_facts(record) for record in records]))
        return
    if not records:
        print("There is no key yet: switchhook keys create")
    for record in records:
        state = "revoked" if record.revoked_at else f"{record.live_secrets} secret(s)"
        used = (
            f"last used {record.last_used_at:%Y-%m-%d %H:%M}" if record.last_used_at else "unused"
        )
        scopes = " ".join(scope.value for scope in record.scopes)
        print(f"{record.key}  {state}  {used}  {record.org_id}  {scopes}  {record.label}".rstrip())


def _with_store(settings: Settings, work: Callable[[Exchange], Awaitable[T]]) -> T:
    async def run() -> T:
        exchange = exchange_of(settings)
        try:
            return await work(exchange)
        finally:
            exchange.database.close()

    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return asyncio.run(run())


def _scopes(names: Sequence[str]) -> frozenset[Scope]:
    try:
        return frozenset(Scope(name) for name in names) or ALL_SCOPES
    except ValueError:
        known = ", ".join(scope.value for scope in Scope)
        wrong = next(name for name in names if name not in set(Scope))
        raise InvalidInput(
            f"there is no scope {wrong[:40]!r}", field="scope", hint=f"known are {known}"
        ) from None


def _show_pair(pair: KeyPair, *, as_json: bool) -> None:
    if as_json:
        facts = {
            "api_key": pair.key,
            "api_secret": pair.secret,
            "bearer": pair.bearer,
            "org_id": pair.org_id,
            "scopes": [scope.value for scope in pair.scopes],
        }
        print(json.dumps(facts))
        return
    print(f"X-API-KEY: {pair.key}")
    print(f"X-API-SECRET: {pair.secret}")
    print(f"Authorization: Bearer {pair.bearer}")
    print(f"organisation {pair.org_id}, scopes {' '.join(scope.value for scope in pair.scopes)}")
    print("The secret is shown this once; only its hash is kept.")


def _facts(record: KeyRecord) -> dict[str, Any]:
    return {
        "api_key": record.key,
        "org_id": record.org_id,
        "label": record.label,
        "scopes": [scope.value for scope in record.scopes],
        "created_at": record.created_at.isoformat(),
        "last_used_at": record.last_used_at.isoformat() if record.last_used_at else None,
        "revoked_at": record.revoked_at.isoformat() if record.revoked_at else None,
        "live_secrets": record.live_secrets,
    }

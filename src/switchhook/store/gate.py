"""What the dial policy counts: calls, and people who asked not to be called."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select

from switchhook.domain.interaction import Direction
from switchhook.domain.lifecycle import LIVE, State
from switchhook.domain.policy import Caps, Usage
from switchhook.store.accounts import Account
from switchhook.store.tables import calls, do_not_call

_UNWANTED = select(do_not_call.c.number).where(
    do_not_call.c.org_id == bindparam("of"), do_not_call.c.number == bindparam("to")
)
_ACTIVE = [state.value for state in (State.QUEUED, *LIVE)]


@dataclass(frozen=True, slots=True)
class Unwanted:
    """A number that must not be called, since when, and how that came about."""

    number: str
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Counting:
    """When it is counted; a call being dialled counts only what was queued before it."""

    now: datetime
    queued_at: datetime | None = None
    call_id: str | None = None


def hidden(account: Account, number: str) -> str:
    """Return what stands for a number where the number itself may not be kept."""
    return hmac.new(account.salt.encode(), number.encode(), hashlib.sha256).hexdigest()


def usage(
    connection: Connection,
    account: Account,
    callee: str,
    caps: Caps,
    *,
    simulated: bool,
    at: Counting,
) -> Usage:
    """Count what the caps look at, and nothing else."""
    counted = _counts(caps, callee, at.now)
    if not counted:
        return Usage()
    query = select(*(total.label(name) for name, total in counted.items())).where(
        calls.c.org_id == account.id,
        calls.c.simulated.is_(simulated),
        calls.c.queued_at > at.now - timedelta(days=1),
    )
    if at.call_id is not None:
        query = query.where(calls.c.id != at.call_id, calls.c.queued_at <= at.queued_at)
    return Usage(**connection.execute(query).mappings().one())


def _counts(caps: Caps, callee: str, now: datetime) -> dict[str, ColumnElement[int]]:
    """One count for each cap; a call cannot be active for a day, so one window holds them all.

    Calls that come in take a place of those at the same time, and are no calls of ours otherwise.
    """
    since = calls.c.queued_at
    ours = calls.c.direction == Direction.OUTBOUND.value
    windows: list[tuple[int | None, str, Callable[[], ColumnElement[bool]]]] = [
        (caps.concurrent, "concurrent", lambda: calls.c.state.in_(_ACTIVE)),
        (caps.per_second, "last_second", lambda: ours & (since > now - timedelta(seconds=1))),
        (caps.per_hour, "last_hour", lambda: ours & (since > now - timedelta(hours=1))),
        (caps.per_day, "last_day", lambda: ours & (since > now - timedelta(days=1))),
        (caps.per_callee_per_day, "callee_last_day", lambda: calls.c.callee == callee),
    ]
    return {
        name: func.count().filter(condition())
        for cap, name, condition in windows
        if cap is not None
    }


def queued_at(connection: Connection, org_id: str, call_id: str) -> datetime | None:
    """Return when the call was queued."""
    query = select(calls.c.queued_at).where(calls.c.org_id == org_id, calls.c.id == call_id)
    return connection.execute(query).scalar_one_or_none()


def unwanted(connection: Connection, org_id: str, number: str) -> bool:
    """Tell whether the person asked this account not to call."""
    return connection.execute(_UNWANTED, {"of": org_id, "to": number}).first() is not None


def all_unwanted(connection: Connection, org_id: str) -> list[Unwanted]:
    """Return the account's list, newest first."""
    query = (
        select(do_not_call.c.number, do_not_call.c.source, do_not_call.c.created_at)
        .where(do_not_call.c.org_id == org_id)
        .order_by(do_not_call.c.created_at.desc(), do_not_call.c.number)
    )
    return [Unwanted(**row) for row in connection.execute(query).mappings()]


def forbid(connection: Connection, org_id: str, number: str, *, source: str, now: datetime) -> None:
    """Put a number on the list; the first reason stands.

    The caller holds the lock of the account, so nobody adds it in between.
    """
    if not unwanted(connection, org_id, number):
        connection.execute(
            insert(do_not_call).values(org_id=org_id, number=number, source=source, created_at=now)
        )


def allow(connection: Connection, org_id: str, number: str) -> bool:
    """Take a number off the list; tell whether it was there."""
    removed = connection.execute(
        delete(do_not_call).where(do_not_call.c.org_id == org_id, do_not_call.c.number == number)
    )
    return removed.rowcount > 0

"""The attempts to dial: each is stored before anything of it leaves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, insert, or_, select, update

from switchhook.domain.lifecycle import TERMINAL
from switchhook.store.tables import attempts, calls

ENDED = "ended"
"""Watched to its end."""
ABANDONED = "abandoned"
"""Known to the carrier, and left alone when the engine stopped."""
AMBIGUOUS = "ambiguous"
"""Nobody knows whether the carrier dialled."""
FOUND = "found"
"""Was ambiguous: the carrier had dialled."""
NOT_DIALLED = "not_dialled"
"""Was ambiguous: the carrier knows of no such call."""

_OVER = [state.value for state in TERMINAL]


@dataclass(frozen=True, slots=True)
class Doubt:
    """An attempt of which nobody knows whether the carrier dialled."""

    token: str
    call_id: str
    to_number: str
    from_number: str | None
    created_at: datetime


def add(connection: Connection, values: dict[str, Any]) -> None:
    """Store the permission to dial once."""
    connection.execute(insert(attempts).values(values))


def name(connection: Connection, org_id: str, call_id: str, carrier_ref: str) -> None:
    """Note what the carrier calls the attempt to reach the callee."""
    connection.execute(
        update(attempts)
        .where(attempts.c.org_id == org_id, attempts.c.call_id == call_id)
        .where(attempts.c.carrier_ref.is_(None), attempts.c.to_number.is_(None))
        .values(carrier_ref=carrier_ref)
    )


def name_one(connection: Connection, token: str, carrier_ref: str) -> None:
    """Note what the carrier calls this very attempt."""
    connection.execute(
        update(attempts).where(attempts.c.token == token).values(carrier_ref=carrier_ref)
    )


def named(connection: Connection, org_id: str, call_id: str) -> bool:
    """Tell whether the carrier has a name for the call's attempt, so that it surely dialled."""
    query = (
        select(attempts.c.carrier_ref)
        .where(attempts.c.org_id == org_id, attempts.c.call_id == call_id)
        .where(attempts.c.carrier_ref.is_not(None), attempts.c.to_number.is_(None))
    )
    return connection.execute(query).first() is not None


def close(connection: Connection, org_id: str, call_id: str, outcome: str) -> None:
    """Note what became of the call's attempt; the first outcome stands."""
    connection.execute(
        update(attempts)
        .where(attempts.c.org_id == org_id, attempts.c.call_id == call_id)
        .where(attempts.c.outcome.is_(None))
        .values(outcome=outcome)
    )


def doubt_transfers(connection: Connection, org_id: str, call_id: str) -> None:
    """Note that the carrier may have dialled for a transfer without having named it."""
    connection.execute(
        update(attempts)
        .where(attempts.c.org_id == org_id, attempts.c.call_id == call_id)
        .where(attempts.c.to_number.is_not(None), attempts.c.carrier_ref.is_(None))
        .where(attempts.c.outcome.is_(None))
        .values(outcome=AMBIGUOUS)
    )


def close_one(connection: Connection, token: str, outcome: str) -> None:
    """Note what became of this very attempt; the first outcome stands."""
    connection.execute(
        update(attempts)
        .where(attempts.c.token == token, attempts.c.outcome.is_(None))
        .values(outcome=outcome)
    )


def settle(connection: Connection, token: str, outcome: str) -> None:
    """Note how a doubt was settled."""
    connection.execute(update(attempts).where(attempts.c.token == token).values(outcome=outcome))


def doubts(connection: Connection, carrier: str) -> list[Doubt]:
    """Return the open doubts about attempts that are over for us, oldest first."""
    onward = attempts.c.to_number.is_not(None)
    query = (
        select(
            attempts.c.token,
            attempts.c.call_id,
            func.coalesce(attempts.c.to_number, calls.c.to_number).label("to_number"),
            # From which number a transfer was dialled in the end, nobody knows.
            case((onward, None), else_=calls.c.from_number).label("from_number"),
            attempts.c.created_at,
        )
        .join(calls, calls.c.id == attempts.c.call_id)
        .where(attempts.c.carrier == carrier, attempts.c.outcome == AMBIGUOUS)
        .where(or_(calls.c.state.in_(_OVER), onward), calls.c.to_number.is_not(None))
        .order_by(attempts.c.created_at)
    )
    return [Doubt(**row) for row in connection.execute(query).mappings()]


def known(connection: Connection, carrier: str, refs: Collection[str]) -> set[str]:
    """Return those names that belong to attempts of ours."""
    return _refs(connection, carrier, refs, over=False)


def left_over(connection: Connection, carrier: str, refs: Collection[str]) -> set[str]:
    """Return those names that belong to calls, or transfers, which are over for us."""
    return _refs(connection, carrier, refs, over=True)


def _refs(connection: Connection, carrier: str, refs: Collection[str], *, over: bool) -> set[str]:
    query = (
        select(attempts.c.carrier_ref)
        .join(calls, calls.c.id == attempts.c.call_id)
        .where(attempts.c.carrier == carrier, attempts.c.carrier_ref.in_(list(refs)))
    )
    if over:
        given_up = and_(attempts.c.to_number.is_not(None), attempts.c.outcome.is_not(None))
        query = query.where(or_(calls.c.state.in_(_OVER), given_up))
    found: Sequence[str | None] = connection.execute(query).scalars().all()
    return {ref for ref in found if ref is not None}

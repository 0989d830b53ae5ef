"""The telephone numbers of accounts; each belongs to one account."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from switchhook.domain.errors import NumberTaken
from switchhook.domain.numbers import Number
from switchhook.store.tables import numbers


def add(connection: Connection, number: Number) -> None:
    """Store a number, unless somebody has it."""
    try:
        connection.execute(insert(numbers).values(number.model_dump()))
    except IntegrityError:
        raise NumberTaken(number.number) from None


def save(connection: Connection, number: Number) -> None:
    """Store what may change of a number."""
    changed = number.model_dump(exclude={"id", "org_id", "number", "carrier", "created_at"})
    connection.execute(update(numbers).where(numbers.c.id == number.id).values(changed))


def remove(connection: Connection, number: Number) -> None:
    """Forget a number, so that anybody can have it."""
    connection.execute(delete(numbers).where(numbers.c.id == number.id))


def find(
    connection: Connection, org_id: str, reference: str, *, locked: bool = False
) -> Number | None:
    """Return the account's number by its id or by the number itself."""
    query = select(numbers).where(
        numbers.c.org_id == org_id,
        or_(numbers.c.id == reference, numbers.c.number == reference),
    )
    row = connection.execute(query.with_for_update() if locked else query).mappings().first()
    return _number(row) if row else None


def everybodys(connection: Connection, number: str) -> Number | None:
    """Return a number, whoever has it; for the engine only."""
    row = connection.execute(select(numbers).where(numbers.c.number == number)).mappings().first()
    return _number(row) if row else None


def taken(connection: Connection, wanted: Collection[str]) -> set[str]:
    """Return those of the numbers that somebody has."""
    query = select(numbers.c.number).where(numbers.c.number.in_(list(wanted)))
    return set(connection.execute(query).scalars())


def of_account(connection: Connection, org_id: str) -> list[Number]:
    """Return the account's numbers, the newest first."""
    query = (
        select(numbers)
        .where(numbers.c.org_id == org_id)
        .order_by(numbers.c.created_at.desc(), numbers.c.number)
    )
    return [_number(row) for row in connection.execute(query).mappings()]


def _number(row: RowMapping) -> Number:
    return Number.model_validate(dict(row))

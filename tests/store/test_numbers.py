from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from switchhook.domain.errors import NumberTaken
from switchhook.domain.numbers import Number
from switchhook.store import accounts, numbers
from switchhook.store.database import Database

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_number(number_id: str, org_id: str, number: str = "+15552000000") -> Number:
    return Number(id=number_id, org_id=org_id, number=number, carrier="loopback", created_at=NOON)


def two_accounts(connection: Connection) -> None:
    for org_id in ("org_a", "org_b"):
        accounts.add(connection, org_id, name=org_id, salt="s", now=NOON)


async def test_a_number_has_one_owner(database: Database) -> None:
    await database.write(two_accounts)
    await database.write(lambda connection: numbers.add(connection, a_number("n1", "org_a")))

    with pytest.raises(NumberTaken):
        await database.write(lambda connection: numbers.add(connection, a_number("n2", "org_b")))

    owner = await database.read(lambda c: numbers.everybodys(c, "+15552000000"))
    assert owner == a_number("n1", "org_a")
    assert await database.read(lambda c: numbers.of_account(c, "org_b")) == []
    assert await database.read(lambda c: numbers.find(c, "org_b", "n1")) is None


async def test_a_number_that_was_forgotten_can_be_had_again(database: Database) -> None:
    first, second = a_number("n1", "org_a"), a_number("n2", "org_b")
    await database.write(two_accounts)
    await database.write(lambda connection: numbers.add(connection, first))
    await database.write(lambda connection: numbers.remove(connection, first))
    await database.write(lambda connection: numbers.add(connection, second))

    taken = await database.read(lambda c: numbers.taken(c, ["+15552000000", "+15552010007"]))
    assert taken == {"+15552000000"}

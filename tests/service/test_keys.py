"""Keys: first start, authentication, rotation, revocation."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.errors import Conflict, KeyNotFound, NotAllowed, NotAuthenticated
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.service import keys
from switchhook.service.exchange import Exchange
from switchhook.service.identity import ALL_SCOPES, Principal, Recent, Scope
from switchhook.store.database import Database
from tests.service.fakes import StandingClock, Town

pytestmark = pytest.mark.anyio


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> Exchange:
    return Exchange(
        database=database,
        clock=StandingClock(),
        hub=Hub(),
        switchboard=Switchboard(),
        carriers={},
        default_carrier="loopback",
        recordings=tmp_path,
    )


async def refused(exchange: Exchange, key: str, secret: str) -> bool:
    try:
        await keys.authenticate(exchange, key, secret)
    except NotAuthenticated as wrong:
        return "X-API-KEY" in (wrong.hint or "") and "X-API-SECRET" in (wrong.hint or "")
    return False


async def test_the_first_start_makes_an_account_and_one_key(empty: Exchange) -> None:
    pair = await keys.first_start(empty)
    assert pair is not None
    assert await keys.first_start(empty) is None
    assert (pair.key[:3], len(pair.key), pair.secret[:3]) == ("ck_", 27, "cs_")
    owner = await keys.local_owner(empty)
    assert await keys.authenticate(empty, pair.key, pair.secret) == Principal(
        owner.org_id, pair.key, ALL_SCOPES
    )


async def test_many_first_starts_make_one_account(empty: Exchange) -> None:
    pairs = await asyncio.gather(*(keys.first_start(empty) for _ in range(8)))
    assert sum(pair is not None for pair in pairs) == 1
    assert len(await keys.list_keys(empty)) == 1


async def test_the_first_start_takes_the_operators_pair(empty: Exchange) -> None:
    given = ("ck_from_the_environment", "cs_from_the_environment")
    made = await keys.first_start(empty, given)
    assert made is not None
    assert (made.key, made.secret) == given
    assert await keys.first_start(empty, given) is None
    assert (await keys.authenticate(empty, *given)).key_id == given[0]


async def test_an_operators_new_secret_joins_the_old_one(empty: Exchange) -> None:
    await keys.first_start(empty, ("ck_x", "cs_1"))
    assert await keys.first_start(empty, ("ck_x", "cs_2")) is None
    for secret in ("cs_1", "cs_2"):
        assert (await keys.authenticate(empty, "ck_x", secret)).key_id == "ck_x"
    await keys.revoke_key(empty, "ck_x")
    await keys.first_start(empty, ("ck_x", "cs_3"))
    assert await refused(empty, "ck_x", "cs_3")


async def test_the_local_owner_needs_no_key(empty: Exchange) -> None:
    owner = await keys.local_owner(empty)
    assert (owner.key_id, owner.scopes) == (None, ALL_SCOPES)
    assert await keys.local_owner(empty) == owner


@pytest.mark.parametrize("key", ["", "ck_unknown", "\0", "\ud800"])
async def test_unknown_keys_are_refused_like_wrong_secrets(empty: Exchange, key: str) -> None:
    pair = await keys.first_start(empty)
    assert pair
    assert await refused(empty, key, pair.secret)
    assert await refused(empty, pair.key, "")
    assert await refused(empty, pair.key, "\ud800")
    assert await refused(empty, pair.key, pair.secret[:-1])


async def test_an_empty_secret_opens_no_key_that_has_fewer_than_two(empty: Exchange) -> None:
    pair = await keys.first_start(empty)
    assert pair
    assert await refused(empty, pair.key, "")


async def test_a_bearer_token_is_the_pair_in_one(empty: Exchange) -> None:
    pair = await keys.first_start(empty)
    assert pair
    principal = await keys.authenticate_bearer(empty, pair.bearer)
    assert principal.key_id == pair.key
    for wrong in ("", ".", pair.key, pair.bearer + "x"):
        with pytest.raises(NotAuthenticated):
            await keys.authenticate_bearer(empty, wrong)


async def test_two_secrets_live_while_a_key_is_rotated(town: Town) -> None:
    first = await keys.create_key(town.exchange)
    town.clock.advance(1)
    second = await keys.rotate_secret(town.exchange, first.key)
    for pair in (first, second):
        assert (await keys.authenticate(town.exchange, pair.key, pair.secret)).key_id == first.key
    town.clock.advance(1)
    third = await keys.rotate_secret(town.exchange, first.key)
    assert await refused(town.exchange, first.key, first.secret)
    for pair in (second, third):
        assert (await keys.authenticate(town.exchange, pair.key, pair.secret)).key_id == first.key
    (record,) = await keys.list_keys(town.exchange)
    assert record.live_secrets == 2


async def test_a_revoked_key_is_useless_at_once(town: Town) -> None:
    pair = await keys.create_key(town.exchange)
    await keys.authenticate(town.exchange, pair.key, pair.secret)
    revoked = await keys.revoke_key(town.exchange, pair.key)

    assert (revoked.revoked_at, revoked.live_secrets) == (town.clock.now(), 0)
    assert await refused(town.exchange, pair.key, pair.secret)
    with pytest.raises(Conflict):
        await keys.rotate_secret(town.exchange, pair.key)
    town.clock.advance(5)
    assert (await keys.revoke_key(town.exchange, pair.key)).revoked_at == revoked.revoked_at


async def test_a_revocation_by_another_process_holds_within_a_second(town: Town) -> None:
    pair = await keys.create_key(town.exchange)
    await keys.authenticate(town.exchange, pair.key, pair.secret)
    remembered = town.exchange.recent
    town.exchange.recent = Recent()
    await keys.revoke_key(town.exchange, pair.key)
    town.exchange.recent = remembered
    town.clock.advance(0.99)
    assert await refused(town.exchange, pair.key, pair.secret)


async def test_who_was_recognised_a_moment_ago_is_not_looked_up_again(town: Town) -> None:
    pair = await keys.create_key(town.exchange)
    principal = await keys.authenticate(town.exchange, pair.key, pair.secret)
    town.exchange.database.close()
    assert await keys.authenticate(town.exchange, pair.key, pair.secret) is principal


def test_recent_callers_are_forgotten_when_there_are_too_many() -> None:
    recent = Recent(seconds=1, size=2)
    for number in range(3):
        recent.keep((str(number), ""), Principal("org"), 0.0)
    assert [recent.find((str(number), ""), 0.5) is None for number in range(3)] == [
        True,
        True,
        False,
    ]
    assert recent.find(("2", ""), 1.0) is None


async def test_the_last_use_is_noted_once_a_minute(town: Town) -> None:
    pair = await keys.create_key(town.exchange, label="laptop")
    (record,) = await keys.list_keys(town.exchange)
    assert (record.label, record.last_used_at) == ("laptop", None)
    noted: list[Any] = []
    for seconds in (0, 30, 31):
        town.clock.advance(seconds)
        await keys.authenticate(town.exchange, pair.key, pair.secret)
        noted.append((await keys.list_keys(town.exchange))[0].last_used_at)
    assert noted[0] == noted[1] < noted[2] == town.clock.now()


async def test_a_key_has_only_the_scopes_it_was_given(town: Town) -> None:
    pair = await keys.create_key(town.exchange, scopes=[Scope.CALLS_READ])
    principal = await keys.authenticate(town.exchange, pair.key, pair.secret)
    principal.need(Scope.CALLS_READ)
    with pytest.raises(NotAllowed):
        principal.need(Scope.CALLS_CREATE)
    Principal("org", scopes=frozenset({Scope.ADMIN})).need(Scope.CALLS_CREATE)


async def test_a_key_is_for_the_first_account_or_for_a_named_one(town: Town) -> None:
    assert (await keys.create_key(town.exchange)).org_id == town.owner.org_id
    for _ in range(2):
        assert (await keys.create_key(town.exchange, org_id="org_two")).org_id == "org_two"


async def test_an_unknown_key_cannot_be_changed(town: Town) -> None:
    for change in (keys.revoke_key, keys.rotate_secret):
        with pytest.raises(KeyNotFound):
            await change(town.exchange, "ck_nobody")


async def test_no_secret_is_stored(town: Town) -> None:
    pair = await keys.create_key(town.exchange)

    def everything(connection: Any) -> str:
        from switchhook.store.tables import keys as stored  # noqa: PLC0415 - looks inside
        from switchhook.store.tables import secrets  # noqa: PLC0415 - looks inside

        rows = [*connection.execute(stored.select()), *connection.execute(secrets.select())]
        return "\n".join(map(str, rows))

    left = await town.exchange.database.read(everything)
    assert pair.key in left
    assert pair.secret not in left

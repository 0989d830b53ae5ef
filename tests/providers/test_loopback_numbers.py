from __future__ import annotations

import pytest

from switchhook.domain.numbers import NumberSearch
from switchhook.domain.phone import is_fictional
from switchhook.providers.loopback import LoopbackNumbers

pytestmark = pytest.mark.anyio


async def test_the_loopback_line_has_numbers_that_no_telephone_has() -> None:
    offers = await LoopbackNumbers().available(NumberSearch(limit=50))

    assert len({offer.number for offer in offers}) == 50
    assert all(is_fictional(offer.number) for offer in offers)
    assert {offer.monthly_price for offer in offers} == {"0.00 USD"}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (NumberSearch(contains="+15552000000"), ["+15552000000"]),
        (NumberSearch(contains="+15551234567"), ["+15551234567"]),
        (NumberSearch(contains="+14155550123"), []),
        (NumberSearch(country="DE"), []),
        (NumberSearch(area_code="212"), []),
    ],
)
async def test_a_search_finds_what_fits(search: NumberSearch, found: list[str]) -> None:
    assert [offer.number for offer in await LoopbackNumbers().available(search)] == found


async def test_renting_and_giving_back_need_nobody_else() -> None:
    market = LoopbackNumbers()
    ref = await market.rent("+15552000000")
    await market.connect(ref)
    await market.release(ref)
    assert await market.rented("+15552000000") is None

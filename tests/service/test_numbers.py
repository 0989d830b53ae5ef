from __future__ import annotations

import pytest

from switchhook.domain.errors import (
    AgentNotFound,
    CarrierRefused,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NumberNotFound,
    NumberTaken,
    Unavailable,
)
from switchhook.domain.numbers import Number, NumberSearch
from switchhook.service import agents, calls, numbers
from switchhook.service.identity import Principal, Scope
from switchhook.service.numbers import Binding, Proposal
from switchhook.service.requests import CallRequest
from tests.service.fakes import Town
from tests.service.market import CALLER, NOTHING, WANTED, Market, answered, bought, proposed

pytestmark = pytest.mark.anyio


async def test_without_a_token_a_purchase_is_only_described(town: Town, market: Market) -> None:
    proposal = await proposed(town.exchange, town.owner)

    assert proposal.offer.monthly_price == "1.15 USD"
    assert market.asked == []
    assert await numbers.list_numbers(town.exchange, town.owner) == ()


async def test_with_its_token_the_number_is_bought_once(town: Town, market: Market) -> None:
    made = await answered(town, label="Front desk")
    agent = await agents.get_agent(town.exchange, town.owner, "host")

    assert market.asked == [f"rent {WANTED}"]
    assert (made.carrier_ref, made.label, made.agent_id) == (f"PN{WANTED}", "Front desk", agent.id)
    assert await numbers.list_numbers(town.exchange, town.owner) == (made,)
    assert await numbers.get_number(town.exchange, town.owner, made.id) == made
    with pytest.raises(NumberTaken):
        await proposed(town.exchange, town.owner)


async def test_a_token_is_good_for_its_number_its_account_and_one_use(
    town: Town, market: Market
) -> None:
    stranger = await town.stranger()
    token = (await proposed(town.exchange, town.owner)).confirm_token
    market.trouble = Unavailable("away", hint="h")

    async def buy(principal: Principal, number: str) -> None:
        await numbers.buy_number(town.exchange, principal, number, NOTHING, confirm_token=token)

    with pytest.raises(Conflict, match="unknown"):
        await buy(stranger, WANTED)
    with pytest.raises(Conflict, match="other arguments"):
        await buy(town.owner, "+14155550202")
    with pytest.raises(Unavailable):
        await buy(town.owner, WANTED)
    with pytest.raises(Conflict, match="used already"):
        await buy(town.owner, WANTED)
    assert market.asked == [f"rent {WANTED}"]


async def test_a_token_expires(town: Town, market: Market) -> None:
    token = (await proposed(town.exchange, town.owner)).confirm_token
    town.clock.advance(601)

    with pytest.raises(Conflict, match="expired"):
        await numbers.buy_number(town.exchange, town.owner, WANTED, NOTHING, confirm_token=token)
    assert market.asked == []


async def test_what_the_carrier_refuses_is_not_kept(town: Town, market: Market) -> None:
    market.trouble = CarrierRefused("no", hint="h")

    with pytest.raises(CarrierRefused):
        await bought(town.exchange, town.owner)

    assert await numbers.list_numbers(town.exchange, town.owner) == ()


async def test_a_purchase_that_was_not_answered_stays_reserved_and_can_go_on(
    town: Town, market: Market
) -> None:
    stranger = await town.stranger()
    market.trouble = Unavailable("away", hint="h")
    with pytest.raises(Unavailable):
        await bought(town.exchange, stranger, label="first")
    [pending] = await numbers.list_numbers(town.exchange, stranger)
    assert pending.carrier_ref is None
    with pytest.raises(NumberTaken):
        await proposed(town.exchange, town.owner)

    # It had been bought after all.
    market.trouble, market.owned[WANTED] = None, "PN9"
    token = (await proposed(town.exchange, stranger)).confirm_token
    made = await numbers.buy_number(
        town.exchange, stranger, WANTED, Binding(label="again"), confirm_token=token
    )

    assert isinstance(made, Number)
    assert (made.id, made.carrier_ref, made.label) == (pending.id, "PN9", "again")
    assert market.asked == [f"rent {WANTED}", "connect PN9"]


async def test_a_reservation_that_comes_to_nothing_is_dropped_by_giving_it_back(
    town: Town, market: Market
) -> None:
    for trouble in (Unavailable("away", hint="h"), CarrierRefused("no", hint="h")):
        market.trouble = trouble
        with pytest.raises(type(trouble)):
            await bought(town.exchange, town.owner)
    [pending] = await numbers.list_numbers(town.exchange, town.owner)
    proposal = await numbers.release_number(town.exchange, town.owner, pending.id)
    assert isinstance(proposal, Proposal)
    await numbers.release_number(
        town.exchange, town.owner, pending.id, confirm_token=proposal.confirm_token
    )

    assert await numbers.list_numbers(town.exchange, town.owner) == ()
    assert market.asked == [f"rent {WANTED}"] * 2


async def test_what_the_carriers_account_has_already_is_for_the_owner_of_the_machine(
    town: Town, market: Market
) -> None:
    market.owned[WANTED] = "PN1"
    stranger = await town.stranger()

    with pytest.raises(NotAllowed, match="account already"):
        await proposed(town.exchange, stranger)
    assert (await proposed(town.exchange, town.owner)).owned
    made = await bought(town.exchange, town.owner)

    assert made.carrier_ref == "PN1"
    assert market.asked == ["connect PN1"]


async def test_a_number_that_went_meanwhile_to_the_owner_is_not_a_strangers(
    town: Town, market: Market
) -> None:
    stranger = await town.stranger()
    token = (await proposed(town.exchange, stranger)).confirm_token
    market.owned[WANTED] = "PN1"

    with pytest.raises(NotAllowed):
        await numbers.buy_number(town.exchange, stranger, WANTED, NOTHING, confirm_token=token)
    assert await numbers.list_numbers(town.exchange, stranger) == ()


async def test_what_is_not_named_stays_and_an_empty_text_takes_it_away(
    town: Town, market: Market
) -> None:
    del market
    made = await answered(town, label="desk", context_endpoint="https://crm.example/c")

    async def change(**binding: str) -> Number:
        return await numbers.update_number(town.exchange, town.owner, WANTED, Binding(**binding))

    assert (await change(label="door")).agent_id == made.agent_id
    bare = await change(agent="", context_endpoint="")
    assert (bare.label, bare.agent_id, bare.context_endpoint) == ("door", None, None)


@pytest.mark.parametrize(
    "url",
    ["http://crm.example/c", "https://user@crm.example/", "https://crm.example:8443/", "https://["],
)
async def test_a_context_endpoint_has_to_be_public_https(
    town: Town, market: Market, url: str
) -> None:
    del market
    with pytest.raises(InvalidInput, match="context_endpoint"):
        await proposed(town.exchange, town.owner, binding=Binding(context_endpoint=url))


async def test_whoever_sets_an_endpoint_learns_what_its_requests_are_signed_with(
    town: Town, market: Market
) -> None:
    del market
    town.exchange.secrets = lambda _org, _url: b"hush"
    made = await answered(town, context_endpoint="https://crm.example/c")
    plain = await numbers.update_number(
        town.exchange, town.owner, WANTED, Binding(context_endpoint="")
    )

    assert numbers.signing_secret(town.exchange, made) == "aHVzaA=="
    assert numbers.signing_secret(town.exchange, plain) is None


async def test_a_number_is_given_back_with_a_token_only(town: Town, market: Market) -> None:
    made = await bought(town.exchange, town.owner)

    proposal = await numbers.release_number(town.exchange, town.owner, made.id)
    assert isinstance(proposal, Proposal)
    kept = await numbers.list_numbers(town.exchange, town.owner)
    await numbers.release_number(
        town.exchange, town.owner, WANTED, confirm_token=proposal.confirm_token
    )

    assert kept == (made,)
    assert market.asked[-1] == f"release PN{WANTED}"
    assert await numbers.list_numbers(town.exchange, town.owner) == ()


async def test_another_accounts_number_is_not_there(town: Town, market: Market) -> None:
    del market
    await bought(town.exchange, town.owner)
    stranger = await town.stranger()

    with pytest.raises(NumberNotFound):
        await numbers.update_number(town.exchange, stranger, WANTED, Binding(label="mine"))
    with pytest.raises(NumberNotFound):
        await numbers.release_number(town.exchange, stranger, WANTED)
    assert await numbers.search_numbers(town.exchange, stranger, NumberSearch()) == ()


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"agent": "nobody"}, AgentNotFound),
        ({"label": "x" * 81}, InvalidInput),
    ],
)
async def test_what_cannot_be_set_is_refused(
    town: Town, market: Market, change: dict[str, str], trouble: type[Exception]
) -> None:
    del market
    await bought(town.exchange, town.owner)
    with pytest.raises(trouble):
        await numbers.update_number(town.exchange, town.owner, WANTED, Binding(**change))


async def test_nobody_calls_from_another_accounts_number(town: Town, market: Market) -> None:
    del market
    await bought(town.exchange, town.owner)
    stranger = await town.stranger()
    request = CallRequest(to=CALLER, task="ask", from_number=WANTED)
    registered = await calls.create_call(town.exchange, stranger, CallRequest(task="ask"))

    with pytest.raises(InvalidInput, match="not your number"):
        await calls.create_call(town.exchange, stranger, request)
    with pytest.raises(InvalidInput, match="not your number"):
        await calls.update_call(town.exchange, stranger, registered.call.id, from_number=WANTED)
    assert (await calls.create_call(town.exchange, town.owner, request)).call.from_number == WANTED


async def test_who_sells_nothing_is_named(town: Town) -> None:
    with pytest.raises(NotFound, match="loopback"):
        await proposed(town.exchange, town.owner)
    town.exchange.numbers = {"loopback": Market()}
    with pytest.raises(NumberTaken):
        await proposed(town.exchange, town.owner, "+14155550299")


async def test_a_key_without_the_scope_neither_searches_nor_buys(
    town: Town, market: Market
) -> None:
    reader = Principal(town.owner.org_id, "ck", frozenset({Scope.CALLS_READ}))
    assert await numbers.list_numbers(town.exchange, reader) == ()
    with pytest.raises(NotAllowed, match="numbers:write"):
        await numbers.search_numbers(town.exchange, reader, NumberSearch())
    with pytest.raises(NotAllowed, match="numbers:write"):
        await proposed(town.exchange, reader)
    assert market.asked == []

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import (
    AgentNotFound,
    CarrierRefused,
    Conflict,
    InvalidInput,
    NotAllowed,
    NumberNotFound,
    NumberTaken,
    Unavailable,
)
from switchhook.domain.interaction import Direction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.numbers import Number, NumberOffer, NumberSearch
from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.ports import Entry, Refusal, Ring
from switchhook.service import agents, calls, numbers, placing, reception, rules
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.numbers import Binding, Proposal
from switchhook.service.reception import Received
from switchhook.service.requests import CallRequest
from tests.service.fakes import Town

pytestmark = pytest.mark.anyio

WANTED = "+14155550201"
CALLER = "+14155550177"
NOTHING = Binding()


@dataclass
class Market:
    """A carrier that has one number for sale, and notes what it is asked."""

    owned: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[str] = field(default_factory=list[str])
    trouble: Exception | None = None

    async def available(self, wanted: NumberSearch) -> Sequence[NumberOffer]:
        fits = (wanted.contains or "").strip("+") in WANTED
        offer = NumberOffer(number=WANTED, country="US", kind="local", monthly_price="1.15 USD")
        return [offer] if fits else []

    async def rented(self, number: str) -> str | None:
        return self.owned.get(number)

    async def rent(self, number: str) -> str:
        self.asked.append(f"rent {number}")
        if self.trouble is not None:
            raise self.trouble
        self.owned[number] = f"PN{number}"
        return self.owned[number]

    async def connect(self, ref: str) -> None:
        self.asked.append(f"connect {ref}")

    async def release(self, ref: str) -> None:
        self.asked.append(f"release {ref}")


@pytest.fixture
def market(town: Town) -> Market:
    made = Market()
    town.exchange.numbers = {"loopback": made}
    return made


async def proposed(
    exchange: Exchange, principal: Principal, number: str = WANTED, binding: Binding = NOTHING
) -> Proposal:
    proposal = await numbers.buy_number(exchange, principal, number, binding)
    assert isinstance(proposal, Proposal)
    return proposal


async def bought(
    exchange: Exchange, principal: Principal, number: str = WANTED, **binding: str
) -> Number:
    """Buy a number in both steps."""
    wanted = Binding(**binding)
    token = (await proposed(exchange, principal, number, wanted)).confirm_token
    made = await numbers.buy_number(exchange, principal, number, wanted, confirm_token=token)
    assert isinstance(made, Number)
    return made


async def answered(town: Town, **binding: str) -> Number:
    """Buy a number where an agent answers."""
    await agents.create_agent(town.exchange, town.owner, AgentSpec(name="Host"))
    return await bought(town.exchange, town.owner, agent="Host", **binding)


def a_ring(ref: str = "CA1", to: str = WANTED, carrier: str = "loopback") -> Ring:
    return Ring(carrier, ref, CALLER, to)


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
    with pytest.raises(InvalidInput, match="loopback"):
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


# ---- who calls such a number --------------------------------------------------------------------


async def test_a_call_to_a_number_is_stored_as_it_rings(town: Town, market: Market) -> None:
    del market
    await answered(town)
    received = await reception.receive(town.exchange, a_ring())

    assert isinstance(received, Received)
    call = await calls.get_call(town.exchange, town.owner, received.call.id)
    assert (call.direction, call.state) == (Direction.INBOUND, State.RINGING)
    assert (call.from_number, call.to_number, call.carrier_ref) == (CALLER, WANTED, "CA1")
    assert [change.call_id for change in town.news][-1] == call.id


@pytest.mark.parametrize(
    "ring", [a_ring(to="+14155550299"), a_ring(carrier="telephone")], ids=["number", "carrier"]
)
async def test_a_call_to_nobody_is_turned_away(town: Town, market: Market, ring: Ring) -> None:
    del market
    await answered(town)
    assert await reception.receive(town.exchange, ring) is Refusal.NOBODY


async def test_a_number_whose_agent_was_deleted_is_nobodys(town: Town, market: Market) -> None:
    del market
    await answered(town)
    await agents.delete_agent(town.exchange, town.owner, "Host")
    assert await reception.receive(town.exchange, a_ring()) is Refusal.NOBODY


async def test_the_same_call_is_not_taken_twice(town: Town, market: Market) -> None:
    del market
    await answered(town)
    assert isinstance(await reception.receive(town.exchange, a_ring()), Received)
    assert await reception.receive(town.exchange, a_ring()) is Refusal.BUSY
    assert isinstance(await reception.receive(town.exchange, a_ring("CA2")), Received)


async def test_callers_take_places_but_use_up_no_calls_of_ours(town: Town, market: Market) -> None:
    del market
    await answered(town)
    two = UNCAPPED.model_copy(update={"concurrent": 2, "per_day": 1})
    await rules.set_policy(town.exchange, town.owner, Policy(simulated_caps=two))

    first = await reception.receive(town.exchange, a_ring())
    assert isinstance(first, Received)
    await calls.create_call(town.exchange, town.owner, CallRequest(to=CALLER, task="ask"))
    assert await reception.receive(town.exchange, a_ring("CA2")) is Refusal.BUSY
    over = Entry(state=State.NOT_CONNECTED, reason=Reason.CANCELED)
    await placing.write(town.exchange, first.call.id, over)
    assert isinstance(await reception.receive(town.exchange, a_ring("CA3")), Received)


async def test_a_call_that_came_in_is_ended_after_a_crash_and_hung_up(
    town: Town, market: Market
) -> None:
    del market
    await answered(town)
    received = await reception.receive(town.exchange, a_ring())
    assert isinstance(received, Received)

    found = await placing.recover(town.exchange)

    assert found.ended == (received.call.id,)
    call = await calls.get_call(town.exchange, town.owner, received.call.id)
    assert (call.state, call.outcome_unknown) == (State.ERROR, False)

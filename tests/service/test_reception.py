"""Who calls a number of an account."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from switchhook.domain.agent import AgentSpec
from switchhook.domain.errors import InvalidInput
from switchhook.domain.interaction import Direction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.policy import UNCAPPED, Policy
from switchhook.ports import Entry, Refusal, Ring
from switchhook.service import agents, calls, placing, reception, rules
from switchhook.service.reception import Received
from switchhook.service.requests import CallRequest
from tests.service.fakes import Town
from tests.service.market import CALLER, WANTED, Market, answered

pytestmark = pytest.mark.anyio


def a_ring(ref: str = "CA1", to: str = WANTED, carrier: str = "loopback") -> Ring:
    return Ring(carrier, ref, CALLER, to)


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


async def test_a_number_whose_agent_nobody_has_set_up_is_turned_away_before_it_is_taken(
    town: Town, market: Market
) -> None:
    del market
    await answered(town)
    before = len(town.news)

    def refuse(_spec: AgentSpec) -> None:
        raise InvalidInput("no model is set up", field="mind", hint="set a key")

    town.exchange.check_agent = refuse
    with capture_logs() as logs:
        assert await reception.receive(town.exchange, a_ring()) is Refusal.NOBODY

    assert [(log["event"], log["hint"]) for log in logs] == [("agent_not_set_up", "set a key")]
    assert len(town.news) == before


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

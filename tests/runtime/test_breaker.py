from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from switchhook.domain.errors import Unavailable
from switchhook.runtime.breaker import FAILURES, OPEN_FOR, WITHIN, Breaker, Breakers, Stand
from switchhook.runtime.clock import SystemClock
from switchhook.testing import (
    AT_ONCE,
    Breaks,
    Faults,
    HangsUp,
    Listens,
    PlainDuplex,
    PlainVoice,
    Said,
    ScriptedMind,
    Waits,
    Writes,
    a_call,
    answered,
    run_virtually,
)
from switchhook.testing.minds import writes
from switchhook.testing.virtual import virtual_clock


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.at = 100.0
        self.breakers = Breakers(SystemClock(seconds=lambda: self.at))
        self.breaker = self.breakers.of("voice", "one")


def fails(breaker: Breaker) -> None:
    with pytest.raises(ConnectionError), breaker.trying():
        raise ConnectionError("closed")


def works(breaker: Breaker) -> None:
    with breaker.trying():
        pass


def opened() -> Hands:
    hands = Hands()
    for _ in range(FAILURES):
        fails(hands.breaker)
    return hands


def test_a_provider_that_fails_often_is_left_alone_for_a_while() -> None:
    hands = opened()

    for at in (0.0, OPEN_FOR - 0.1):
        hands.at = 100.0 + at
        with pytest.raises(Unavailable, match="the voice 'one' has failed too often"):
            works(hands.breaker)
    assert hands.breaker.stand is Stand.OPEN


def test_failures_that_lie_far_apart_are_forgiven() -> None:
    hands = Hands()
    for _ in range(2 * FAILURES):
        fails(hands.breaker)
        hands.at += WITHIN / (FAILURES - 2)

    works(hands.breaker)
    assert hands.breaker.stand is Stand.CLOSED


@pytest.mark.parametrize(("then", "stand"), [(works, Stand.CLOSED), (fails, Stand.OPEN)])
def test_afterwards_one_attempt_tells(then: Callable[[Breaker], None], stand: Stand) -> None:
    hands = opened()
    hands.at += OPEN_FOR
    assert hands.breaker.stand is Stand.HALF_OPEN

    then(hands.breaker)

    assert hands.breaker.stand is stand


def test_only_one_attempt_at_a_time_is_let_through() -> None:
    hands = opened()
    hands.at += OPEN_FOR

    with hands.breaker.trying(), pytest.raises(Unavailable):
        works(hands.breaker)
    works(hands.breaker)


def test_an_attempt_that_was_given_up_tells_nothing() -> None:
    hands = opened()
    hands.at += OPEN_FOR

    with pytest.raises(asyncio.CancelledError), hands.breaker.trying():
        raise asyncio.CancelledError

    assert hands.breaker.stand is Stand.HALF_OPEN
    works(hands.breaker)


def test_a_success_after_a_rest_forgives_everything() -> None:
    hands = opened()
    hands.at += OPEN_FOR
    works(hands.breaker)

    fails(hands.breaker)

    assert hands.breaker.stand is Stand.CLOSED


def test_every_provider_has_its_own_breaker_and_all_are_told() -> None:
    hands = opened()
    works(hands.breakers.of("mind", "one"))

    assert hands.breakers.of("voice", "one") is hands.breaker
    assert hands.breakers.stands() == [
        {"port": "mind", "name": "one", "breaker": "closed"},
        {"port": "voice", "name": "one", "breaker": "open"},
    ]


def test_a_voice_that_failed_in_other_calls_costs_the_next_one_no_time() -> None:
    """Five calls wait for a voice that hangs; the sixth hears the stand-in at once."""
    dead, stand_in = PlainVoice(Faults(hang=1.0)), PlainVoice()
    dead.name = "dead"
    greeted = list[float]()

    async def main() -> None:
        breakers = Breakers(virtual_clock())
        for _ in range(FAILURES + 1):
            stage = answered(
                a_call(turns=AT_ONCE),
                [Waits(8)],
                voice=dead,
                spare_voice=stand_in,
                breakers=breakers,
            )
            async with stage as call:
                await asyncio.sleep(5)
                greeted.append(call.line.outgoing[0].at - call.line.answered_at)

    run_virtually(main)

    assert min(greeted[:-1]) >= 3.0
    assert greeted[-1] < 0.1
    assert len(dead.asked) == FAILURES


def test_a_model_that_hears_and_speaks_is_left_alone_after_it_failed_call_after_call() -> None:
    broken = PlainDuplex([[Breaks()]], name="broken")
    mind = ScriptedMind(writes("Yes, hello."))

    async def main() -> None:
        breakers = Breakers(virtual_clock())

        async def held() -> list[str]:
            stage = answered(
                a_call(mind={"kind": "duplex"}, turns=AT_ONCE),
                [Listens(), Said("Hello?"), Listens(), HangsUp()],
                duplex=broken,
                minds={"model": mind},
                breakers=breakers,
            )
            async with stage as call:
                await call.ended(60)
                return call.journal.spoken

        for number in range(FAILURES):
            await held()
            assert len(broken.conversations) == number + 1
        assert breakers.of("duplex", "broken").stand is Stand.OPEN
        assert "agent: Yes, hello." in await held()
        assert len(broken.conversations) == FAILURES

        await asyncio.sleep(OPEN_FOR)
        broken.answers = [[Writes("It is me again.")]]
        assert "agent: It is me again." in await held()
        assert breakers.of("duplex", "broken").stand is Stand.CLOSED

    run_virtually(main)


def test_a_model_for_which_no_mind_stands_by_is_asked_whatever_it_did_before() -> None:
    duplex = PlainDuplex([[Writes("Yes, hello.")]], name="broken")

    async def main() -> list[str]:
        breakers = Breakers(virtual_clock())
        for _ in range(FAILURES):
            fails(breakers.of("duplex", "broken"))
        script = [Listens(), Said("Hello?"), Listens(), HangsUp()]
        spec = a_call(mind={"kind": "duplex"}, turns=AT_ONCE)
        async with answered(spec, script, duplex=duplex, breakers=breakers) as call:
            await call.ended(60)
            return call.journal.spoken

    assert "agent: Yes, hello." in run_virtually(main)


def test_a_mind_whose_breaker_is_open_gives_way_to_its_stand_in_unasked() -> None:
    broken = ScriptedMind(writes("Nobody hears this."), name="broken")
    spare = ScriptedMind(writes("Yes, hello."))

    async def main() -> list[str]:
        breakers = Breakers(virtual_clock())
        for _ in range(FAILURES):
            fails(breakers.of("mind", "broken"))
        stage = answered(
            a_call(mind={"kind": "assistant"}),
            [Listens(), Said("Hello?"), Listens(), HangsUp()],
            minds={"assistant": broken, "spare": spare},
            breakers=breakers,
        )
        async with stage as call:
            await call.ended(60)
            return call.journal.spoken

    assert "agent: Yes, hello." in run_virtually(main)
    assert broken.requests == []

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from switchhook.domain.errors import InvalidInput
from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import Dial, HangUp, Leg, LegEvent, Receipt, Ringing, Say
from switchhook.providers.loopback import PERSONAS
from switchhook.testing import Acts, ScriptedMind, Writes, run_virtually
from tests.work.desks import MemoryDesk, office


@pytest.mark.parametrize(
    ("persona", "reason"),
    [
        ("cooperative", Reason.AGENT_HANGUP),
        ("hurried", Reason.AGENT_HANGUP),
        ("wrong_number", Reason.AGENT_HANGUP),
        ("stop_calling", Reason.USER_REQUESTED_DNC),
        ("voicemail", Reason.VOICEMAIL_HANGUP),
        ("busy", Reason.BUSY),
        ("no_answer", Reason.NO_ANSWER),
        ("declines", Reason.DECLINED),
        ("silent", Reason.INACTIVITY),
        ("hangs_up", Reason.USER_HANGUP),
        ("curious", Reason.AGENT_HANGUP),
        ("interrupts", Reason.AGENT_HANGUP),
    ],
)
def test_every_persona_brings_its_call_to_its_end(persona: str, reason: Reason) -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one", persona))
            await at_work.until_idle()

    run_virtually(main)

    assert desk.end("one")[1] is reason
    assert sum(entry.reason is not None for entry in desk.journals["one"].entries) == 1
    assert persona in PERSONAS


def test_a_mind_leads_the_calls_of_the_agents_it_was_handed_in_for() -> None:
    desk = MemoryDesk()
    goodbye = [Writes("Thank you very much, goodbye."), Acts("end_call")]
    mind = ScriptedMind([goodbye])

    async def main() -> None:
        async with office(desk, minds={"model": mind}) as at_work:
            at_work.placing.wake(desk.add("one"))
            await at_work.until_idle()

    run_virtually(main)

    assert desk.end("one") == (State.ENDED, Reason.AGENT_HANGUP)
    assert desk.journals["one"].spoken[-1] == "agent: Thank you very much, goodbye."
    assert mind.live == 0


def test_a_call_is_written_down_step_by_step() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one"))
            at_work.placing.wake("one")
            await at_work.until_idle()

    run_virtually(main)

    assert desk.states("one") == [State.RINGING, State.IN_PROGRESS, State.ENDING, State.ENDED]
    assert desk.journals["one"].entries[0].carrier_ref == "loopback-one"
    last = desk.journals["one"].entries[-1]
    assert last.outcome is not None
    assert last.outcome.fields["agreed"].value is True
    assert desk.journals["one"].spoken[0] == "callee: Hello?"


def test_many_calls_go_on_at_once_and_do_not_mix() -> None:
    desk = MemoryDesk()
    ids = [f"call{number}" for number in range(20)]

    async def main() -> None:
        async with office(desk) as at_work:
            for call_id in ids:
                at_work.placing.wake(desk.add(call_id, first_message=f"Message {call_id}."))
            await asyncio.sleep(0.1)
            assert len(at_work.placing.live) == 20
            await at_work.until_idle()

    run_virtually(main)

    for call_id in ids:
        assert desk.end(call_id) == (State.ENDED, Reason.AGENT_HANGUP)
        spoken = " ".join(desk.journals[call_id].spoken)
        assert [other for other in ids if f"Message {other}." in spoken] == [call_id]


def test_what_is_above_the_capacity_waits_in_order() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk, capacity=2) as at_work:
            for call_id in ("one", "two", "three", "four"):
                at_work.placing.wake(desk.add(call_id, "busy"))
            await asyncio.sleep(1)
            assert at_work.placing.live == ("one", "two")
            await asyncio.sleep(3)
            assert at_work.placing.live == ("three", "four")
            await at_work.until_idle()

    run_virtually(main)

    assert all(desk.end(call_id)[1] is Reason.BUSY for call_id in desk.calls)


def test_a_call_that_may_not_be_dialled_is_left_alone() -> None:
    desk = MemoryDesk(refused={"one"})

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one"))
            await asyncio.sleep(5)
            assert at_work.placing.live == ()

    run_virtually(main)

    assert desk.journals["one"].entries == []


def test_a_call_can_be_given_up_while_it_rings() -> None:
    desk = MemoryDesk()
    receipts: list[Receipt] = []

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one", "no_answer"))
            await at_work.until(State.RINGING)
            call = at_work.exchange.switchboard.find("one")
            assert call is not None
            receipts.append(await call.control(Say("Hello?")))
            receipts.append(await call.control(HangUp()))
            await at_work.until_idle()

    run_virtually(main)

    assert receipts == [Receipt("refused", detail="nobody has answered yet"), Receipt("done")]
    assert desk.end("one") == (State.NOT_CONNECTED, Reason.CANCELED)


def test_a_call_can_be_given_up_before_anything_was_dialled() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one"))
            await desk.begun.wait()
            call = at_work.exchange.switchboard.find("one")
            assert call is not None
            await call.control(HangUp())
            await at_work.until_idle()

    run_virtually(main)

    assert desk.states("one") == [State.NOT_CONNECTED]


def test_a_live_call_is_steered_and_hung_up_with_a_goodbye() -> None:
    desk = MemoryDesk()
    receipts: list[Receipt] = []

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one", "silent"))
            await at_work.until(State.IN_PROGRESS)
            call = at_work.exchange.switchboard.find("one")
            assert call is not None
            receipts.append(await call.control(Say("By the way.")))
            receipts.append(await call.control(HangUp()))
            await at_work.until_idle()

    run_virtually(main)

    assert receipts == [Receipt("done", heard="By the way."), Receipt("done")]
    assert desk.end("one") == (State.ENDED, Reason.API_HANGUP)
    assert desk.journals["one"].spoken[-1] == "agent: Thank you for your time. Goodbye."


def test_stopping_ends_what_rings_and_what_talks_at_once() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one", "silent"))
            await at_work.until(State.IN_PROGRESS)
            at_work.placing.wake(desk.add("two", "no_answer"))
            await at_work.until(State.RINGING, "two")
            before = at_work.exchange.clock.monotonic()
            await at_work.placing.stop()
            assert at_work.exchange.clock.monotonic() - before < 2

    run_virtually(main)

    assert desk.end("one") == (State.ENDED, Reason.API_HANGUP)
    assert desk.end("two") == (State.NOT_CONNECTED, Reason.CANCELED)


def test_draining_lets_a_call_end_by_itself_and_takes_no_new_one() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk, drain_seconds=120) as at_work:
            at_work.placing.wake(desk.add("one"))
            await at_work.until(State.IN_PROGRESS)
            async with asyncio.TaskGroup() as group:
                group.create_task(at_work.placing.drain(120))
                await asyncio.sleep(0.1)
                at_work.placing.wake(desk.add("two"))

    run_virtually(main)

    assert desk.end("one") == (State.ENDED, Reason.AGENT_HANGUP)
    assert desk.journals["two"].entries == []


def test_a_call_that_outlasts_the_draining_is_ended_with_a_goodbye() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk, drain_seconds=3) as at_work:
            at_work.placing.wake(desk.add("one", "silent"))
            at_work.placing.wake(desk.add("two", "no_answer"))
            await at_work.until(State.IN_PROGRESS)

    run_virtually(main)

    assert desk.end("one") == (State.ENDED, Reason.API_HANGUP)
    assert desk.journals["one"].spoken[-1] == "agent: Thank you for your time. Goodbye."
    assert desk.end("two") == (State.NOT_CONNECTED, Reason.CANCELED)


class OddLeg:
    """A leg that does what the test says."""

    def __init__(self, failure: Exception | None, stubborn: bool) -> None:  # noqa: FBT001 - a fake
        self._failure = failure
        self._stubborn = stubborn
        self.hung_up = 0

    async def events(self) -> AsyncIterator[LegEvent]:
        yield Ringing()
        if self._failure:
            raise self._failure

    async def hang_up(self) -> None:
        self.hung_up += 1
        if self._stubborn:
            await asyncio.sleep(3600)


class OddCarrier:
    """A carrier that misbehaves."""

    name = "odd"
    simulated = True

    def __init__(
        self,
        failure: Exception | None = None,
        refusal: Exception | None = None,
        *,
        stubborn: bool = False,
    ) -> None:
        self.leg = OddLeg(failure, stubborn)
        self._refusal = refusal

    async def dial(self, request: Dial) -> Leg:
        if self._refusal and request.call_id == "one":
            raise self._refusal
        return self.leg


@pytest.mark.parametrize(
    ("carrier", "end", "hang_ups"),
    [
        (OddCarrier(), (State.NOT_CONNECTED, Reason.DIAL_FAILED), 1),
        (OddCarrier(stubborn=True), (State.NOT_CONNECTED, Reason.DIAL_FAILED), 1),
        (OddCarrier(OSError("broken")), (State.ERROR, Reason.ERROR_INTERNAL), 1),
        (
            OddCarrier(refusal=InvalidInput("no such persona")),
            (State.NOT_CONNECTED, Reason.DIAL_FAILED),
            0,
        ),
        (OddCarrier(refusal=OSError("no network")), (State.ERROR, Reason.ERROR_INTERNAL), 0),
    ],
    ids=["says nothing", "will not hang up", "breaks", "refuses", "is not there"],
)
def test_a_carrier_that_misbehaves_ends_its_call_alone(
    carrier: OddCarrier, end: tuple[State, Reason], hang_ups: int
) -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk, carrier=carrier) as at_work:
            at_work.placing.wake(desk.add("one"))
            await asyncio.sleep(10)
            assert at_work.placing.live == ()
            at_work.placing.wake(desk.add("two"))
            await asyncio.sleep(10)

    run_virtually(main)

    assert desk.end("one") == end
    assert desk.end("two")[0] is not None
    assert carrier.leg.hung_up == hang_ups + 1


def test_a_store_that_fails_ends_the_call_and_not_the_process() -> None:
    desk = MemoryDesk(broken=True)

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one"))
            await asyncio.sleep(1)
            assert at_work.placing.live == ()
            desk.broken = False
            at_work.placing.wake(desk.add("two", "busy"))
            await at_work.until_idle()

    run_virtually(main)

    assert desk.journals["one"].entries == []
    assert desk.end("two")[1] is Reason.BUSY


def test_an_unknown_persona_is_told_in_the_record() -> None:
    desk = MemoryDesk()

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one", "grumpy"))
            await asyncio.sleep(1)

    run_virtually(main)

    assert desk.end("one") == (State.NOT_CONNECTED, Reason.DIAL_FAILED)
    assert desk.journals["one"].facts[-1].text == "there is no persona 'grumpy'"

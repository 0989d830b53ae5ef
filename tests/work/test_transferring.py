"""Transfers on the loopback line, and what a death in the middle of one leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from switchhook import store
from switchhook.domain.errors import Unavailable
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import Reason, Stage, State
from switchhook.domain.rehearsal import Step
from switchhook.ports import BeQuiet, Booked, Dial, Entry, HangUp, Leg, PutThrough
from switchhook.providers.loopback import Hum, LoopbackCarrier, LoopbackSwitch, TextEars
from switchhook.providers.loopback.carrier import LoopbackLeg
from switchhook.providers.loopback.meeting import LoopbackMeeting
from switchhook.runtime.casting import Troupe
from switchhook.runtime.hub import Hub
from switchhook.runtime.switchboard import Switchboard
from switchhook.runtime.ticker import Ticker
from switchhook.service import calls, keys, placing, reconciling, transfers
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.requests import CallRequest
from switchhook.store.database import Database
from switchhook.testing import run_virtually, virtual_clock
from switchhook.work.placing import Placing, StoreDesk

THEM = "+15550100177"
WAITS: tuple[Step, ...] = (
    Step(say="Hello?"),
    Step(wait=60),
    Step(say="Is anybody there?"),
    Step(wait=500),
)


class Scripted:
    """The loopback line, whose callees follow these steps unless they take a call."""

    name, simulated = "loopback", True

    def __init__(self, carrier: LoopbackCarrier) -> None:
        self.steps: tuple[Step, ...] = WAITS
        self._carrier = carrier

    async def dial(self, request: Dial) -> Leg:
        if request.options.get("persona") != "colleague":
            steps = [step.model_dump(exclude_unset=True) for step in self.steps]
            request = replace(request, options={"steps": steps})
        return await self._carrier.dial(request)


class Desk(StoreDesk):
    """A desk at which writing may take its time."""

    seconds = 0.0

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        await asyncio.sleep(self.seconds)
        return await super().write(call_id, entry)


class Office:
    """An exchange whose calls are placed on the loopback line."""

    def __init__(self, folder: Path, database: Database) -> None:
        clock = virtual_clock()
        self.ticker = Ticker(clock)
        self.carrier = Scripted(LoopbackCarrier(Hum(), clock, self.ticker))
        self.exchange = Exchange(
            database=database,
            clock=clock,
            hub=Hub(),
            switchboard=Switchboard(),
            carriers={"loopback": self.carrier},
            switches={"loopback": LoopbackSwitch()},
            default_carrier="loopback",
            recordings=folder,
        )
        self.desk = Desk(self.exchange)
        troupe = Troupe(TextEars(), Hum())
        self.placing = Placing(self.exchange, self.ticker, troupe, desk=self.desk)
        self.exchange.wake = self.placing.wake

    async def call(self, **spec: object) -> str:
        request = CallRequest.model_validate({"to": "+15550100123", "task": "ask", **spec})
        return (await calls.create_call(self.exchange, self.owner, request)).call.id

    async def record(self, call_id: str) -> Interaction:
        return await calls.get_call(self.exchange, self.owner, call_id)

    async def sign_in(self) -> None:
        pair = await keys.create_key(self.exchange)
        self.owner = Principal(pair.org_id, pair.key)


@asynccontextmanager
async def office(folder: Path) -> AsyncGenerator[Office]:
    with closing(Database.open("sqlite://", inline=True)) as database:
        here = Office(folder, database)
        await here.sign_in()
        async with here.placing.open():
            yield here
            assert len(here.ticker) == 0, "somebody is still on a line"


def test_two_simulated_callees_are_connected_until_the_second_hangs_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id = await here.call()
            await asyncio.sleep(8)
            wanted = PutThrough(THEM, "A guest is on the line.")
            receipt = await calls.transfer_call(here.exchange, here.owner, call_id, wanted)
            await asyncio.sleep(1)
            record = await here.record(call_id)
            assert receipt.result == "done"
            assert (record.state, record.stage) == (State.IN_PROGRESS, Stage.TRANSFER_SUCCESSFUL)

            await here.placing.idle()
            record = await here.record(call_id)
            assert record.reason is Reason.TRANSFER_COMPLETED
            assert record.outcome is not None

    run_virtually(main)


def test_somebody_who_asks_for_a_person_is_connected_with_the_agents_own(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            asks = Step(say="Can I speak to a human?")
            here.carrier.steps = (Step(say="Hello?"), asks, Step(wait=500))
            actions = [{"type": "transfer_call", "phone_number": "{{desk}}"}]
            variables = {"desk": THEM}
            call_id = await here.call(agent={"actions": actions}, variables=variables)
            await here.placing.idle()

            assert (await here.record(call_id)).reason is Reason.TRANSFER_COMPLETED

    run_virtually(main)


async def begun(here: Office) -> tuple[str, transfers.Onward]:
    """Return a call that was answered, and an attempt to reach somebody else for it."""
    call_id = await here.call()
    await asyncio.sleep(4)
    return call_id, await transfers.begin(here.exchange, call_id, THEM, transfers.Purpose.TRANSFER)


def test_whoever_was_given_up_and_is_still_on_the_line_is_found(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            _, onward = await begun(here)
            await transfers.name(here.exchange, onward, "CA2")
            live = [Booked("CA2", None, None), Booked("CA3", None, None)]
            assert await reconciling.left_over(here.exchange, "loopback", live) == set()

            await transfers.close(here.exchange, onward, in_doubt=False)
            assert await reconciling.left_over(here.exchange, "loopback", live) == {"CA2"}
            await here.placing.stop()

    run_virtually(main)


def test_a_transfer_that_may_have_been_dialled_is_looked_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id, onward = await begun(here)
            await transfers.close(here.exchange, onward, in_doubt=True)
            (doubt,) = await reconciling.doubts(here.exchange, "loopback")
            assert (doubt.to_number, doubt.from_number) == (THEM, None)

            booked = [Booked("CA2", None, None)]
            found = await reconciling.settle(here.exchange, "loopback", doubt, booked)
            assert found == {"CA2"}
            assert (await here.record(call_id)).carrier_ref == f"loopback-{call_id}"
            await here.placing.stop()

    run_virtually(main)


def test_a_death_in_the_middle_leaves_a_doubt_that_is_looked_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id, onward = await begun(here)
            await placing.recover(here.exchange)
            (doubt,) = await reconciling.doubts(here.exchange, "loopback")
            assert (doubt.token, doubt.to_number) == (onward.token, THEM)
            assert (await here.record(call_id)).reason is Reason.ERROR_INTERNAL
            await here.placing.stop()

    run_virtually(main)


def test_a_call_has_the_name_of_its_own_attempt(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id, _ = await begun(here)
            await placing.write(here.exchange, call_id, Entry(carrier_ref="CA9"))
            named = await here.exchange.database.read(
                lambda connection: store.attempts.known(connection, "loopback", ["CA9"])
            )
            assert named == set()
            await here.placing.stop()

    run_virtually(main)


class Shy:
    """A switch that connects nobody, at first."""

    def __init__(self) -> None:
        self.refusals = 1

    async def join(self, callee: Leg, other: Leg) -> LoopbackMeeting:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("the switch is stuck", hint="try again")
        return await LoopbackSwitch().join(callee, other)


def test_a_callee_who_was_not_connected_can_be_transferred_again_at_once(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            here.exchange.switches = {"loopback": Shy()}
            call_id = await here.call()
            await asyncio.sleep(8)
            wanted = PutThrough(THEM, "A guest is on the line.")
            first = await calls.transfer_call(here.exchange, here.owner, call_id, wanted)
            second = await calls.transfer_call(here.exchange, here.owner, call_id, wanted)
            assert (first.result, second.result) == ("refused", "done")
            assert "the switch is stuck" in first.detail
            await here.placing.idle()

            assert (await here.record(call_id)).reason is Reason.TRANSFER_COMPLETED

    run_virtually(main)


def test_a_callee_who_is_taken_back_after_a_failure_may_be_transferred_and_taken_back(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            here.exchange.switches = {"loopback": Shy()}
            call_id = await here.call()
            await asyncio.sleep(8)
            wanted = PutThrough(THEM, "A guest is on the line.")
            await calls.transfer_call(here.exchange, here.owner, call_id, wanted)
            live = here.exchange.switchboard.find(call_id)
            assert live is not None
            asking = asyncio.ensure_future(live.control(wanted))
            # By now whoever was asked first has been let go.
            await asyncio.sleep(9)
            await live.control(BeQuiet(None, "I am back."))
            assert (await asking).detail == "the callee was taken back"
            await asyncio.sleep(12)
            assert (await here.record(call_id)).stage is Stage.TRANSFER_STARTED
            await here.placing.stop()

    run_virtually(main)


class Stuck:
    """A switch that never says whether it connects anybody."""

    async def join(self, callee: Leg, other: Leg) -> LoopbackMeeting:
        del callee, other
        await asyncio.sleep(9999)
        raise AssertionError


def test_nobody_waits_for_a_switch_that_never_answers(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            here.exchange.switches = {"loopback": Stuck()}
            call_id = await here.call()
            await asyncio.sleep(8)
            receipt = await calls.transfer_call(
                here.exchange, here.owner, call_id, PutThrough(THEM)
            )
            assert receipt.result == "refused"
            assert "not connected in time" in receipt.detail
            assert (await here.record(call_id)).state is State.IN_PROGRESS
            await here.placing.stop()

    run_virtually(main)


class Late:
    """A switch that connects two in the moment at which somebody ends the call."""

    def __init__(self, here: Office, call_id: str) -> None:
        self._here, self._call_id = here, call_id

    async def join(self, callee: Leg, other: Leg) -> LoopbackMeeting:
        live = self._here.exchange.switchboard.find(self._call_id)
        assert live is not None
        self.ending = asyncio.ensure_future(live.control(HangUp()))
        await asyncio.sleep(0)
        return await LoopbackSwitch().join(callee, other)


def test_a_call_that_was_ended_meanwhile_is_not_handed_over(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id = await here.call()
            here.exchange.switches = {"loopback": Late(here, call_id)}
            await asyncio.sleep(8)
            await calls.transfer_call(here.exchange, here.owner, call_id, PutThrough(THEM))
            await here.placing.idle()

            record = await here.record(call_id)
            assert record.reason is Reason.API_HANGUP
            assert record.stage is not Stage.TRANSFER_SUCCESSFUL

    run_virtually(main)


def test_two_who_were_connected_are_let_go_whatever_is_still_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[LoopbackLeg] = []
    hang_up = LoopbackLeg.hang_up

    async def noted(leg: LoopbackLeg) -> None:
        gone.append(leg)
        await hang_up(leg)

    monkeypatch.setattr(LoopbackLeg, "hang_up", noted)

    async def main() -> None:
        async with office(tmp_path) as here:
            call_id = await here.call()
            await asyncio.sleep(8)
            await calls.transfer_call(here.exchange, here.owner, call_id, PutThrough(THEM))
            here.desk.seconds = 3.0
            await asyncio.sleep(0.1)
            live = here.exchange.switchboard.find(call_id)
            assert live is not None
            await live.control(HangUp())
            await asyncio.sleep(0.5)
            assert len(gone) == 2

    run_virtually(main)

"""Who was on the line is let go on every way out, and what happened is written in its order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.ports import Dial, Entry, LegEvent, PickedUp, Say
from switchhook.testing import FakeLine, HangsUp, Step, Waits, run_virtually, virtual_clock
from tests.work.desks import MemoryDesk, office


class UnhurriedLeg:
    """A leg whose carrier takes a second to hang up."""

    def __init__(self, *script: Step) -> None:
        self.picked_up, self.asked, self.over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.hung_up = 0
        self._line = FakeLine(script, virtual_clock())

    async def events(self) -> AsyncIterator[LegEvent]:
        self.picked_up.set()
        yield PickedUp(self._line)

    async def hang_up(self) -> None:
        self.asked.set()
        await asyncio.sleep(1)
        self.hung_up += 1
        self.over.set()


class UnhurriedCarrier:
    name, simulated = "unhurried", True

    def __init__(self, *script: Step) -> None:
        self.leg = UnhurriedLeg(*(script or (Waits(1.0), HangsUp())))

    async def dial(self, request: Dial) -> UnhurriedLeg:
        del request
        return self.leg


def test_a_hang_up_that_is_cut_short_is_made_again() -> None:
    async def main() -> None:
        desk, carrier = MemoryDesk(), UnhurriedCarrier()
        async with office(desk, carrier=carrier) as at_work:
            at_work.placing.wake(desk.add("one"))
            await carrier.leg.asked.wait()
            await at_work.placing.stop()

        assert carrier.leg.hung_up == 1

    run_virtually(main)


def test_who_steers_a_call_that_has_broken_down_waits_for_nothing() -> None:
    async def main() -> None:
        desk, carrier = MemoryDesk(broken=True), UnhurriedCarrier()
        async with office(desk, carrier=carrier) as at_work:
            at_work.placing.wake(desk.add("one"))
            await carrier.leg.asked.wait()
            live = at_work.exchange.switchboard.find("one")
            assert live is not None
            async with asyncio.timeout(5):
                assert (await live.control(Say("Hello?"))).result == "refused"

    run_virtually(main)


class SlowDesk(MemoryDesk):
    """A desk at which every line takes three seconds to write."""

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        await asyncio.sleep(3)
        return await super().write(call_id, entry)


def test_that_it_rang_is_written_before_that_somebody_answered() -> None:
    desk = SlowDesk()

    async def main() -> None:
        async with office(desk) as at_work:
            at_work.placing.wake(desk.add("one", "hangs_up"))
            await at_work.until_idle()

    run_virtually(main)

    assert desk.states("one") == [State.RINGING, State.IN_PROGRESS, State.ENDED]


def test_who_is_on_the_line_when_everything_stops_does_not_wait_for_what_is_still_written() -> None:
    async def main() -> None:
        desk, carrier = SlowDesk(), UnhurriedCarrier(Waits(60))
        async with office(desk, carrier=carrier) as at_work:
            at_work.placing.wake(desk.add("one"))
            await carrier.leg.picked_up.wait()
            await asyncio.sleep(0.5)
            stopping = asyncio.create_task(at_work.placing.stop())
            async with asyncio.timeout(1.5):
                await carrier.leg.over.wait()
            await stopping

        assert carrier.leg.hung_up == 1

    run_virtually(main)

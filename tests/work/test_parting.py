"""Who was on the line is let go on every way out, and what happened is written in its order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.ports import Dial, Entry, LegEvent, PickedUp, Say
from switchhook.testing import FakeLine, HangsUp, Waits, run_virtually, virtual_clock
from tests.work.desks import MemoryDesk, office


class UnhurriedLeg:
    """A leg whose carrier takes a second to hang up."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.hung_up = 0
        self._line = FakeLine([Waits(1.0), HangsUp()], virtual_clock())

    async def events(self) -> AsyncIterator[LegEvent]:
        yield PickedUp(self._line)

    async def hang_up(self) -> None:
        self.asked.set()
        await asyncio.sleep(1)
        self.hung_up += 1


class UnhurriedCarrier:
    name, simulated = "unhurried", True

    def __init__(self) -> None:
        self.leg = UnhurriedLeg()

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

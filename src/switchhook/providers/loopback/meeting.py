"""Two simulated callees who hear each other."""

from __future__ import annotations

import asyncio

from switchhook.domain.errors import Unavailable
from switchhook.ports import Frame, Leg, LineClosed
from switchhook.providers.loopback.carrier import LoopbackLeg
from switchhook.providers.loopback.line import LoopbackLine


class LoopbackMeeting:
    """Carries the sound of each to the other."""

    def __init__(self, one: LoopbackLine, other: LoopbackLine) -> None:
        self._lines = (one, other)

    async def over(self) -> None:
        """Wait until one of them has hung up."""
        one, other = self._lines
        ways = {asyncio.ensure_future(_carry(*way)) for way in ((one, other), (other, one))}
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()


class LoopbackSwitch:
    """Connects the legs of the loopback line."""

    async def join(self, callee: Leg, other: Leg) -> LoopbackMeeting:
        """Connect the two."""
        if not (isinstance(callee, LoopbackLeg) and isinstance(other, LoopbackLeg)):
            raise Unavailable("not both are on the loopback line", hint="the callee is still there")
        for leg in (callee, other):
            leg.line.clear()
        return LoopbackMeeting(callee.line, other.line)


async def _carry(source: LoopbackLine, sink: LoopbackLine) -> None:
    async for event in source.events():
        if isinstance(event, Frame):
            sink.send(event)
        if isinstance(event, LineClosed):
            return

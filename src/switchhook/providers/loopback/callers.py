"""Simulated people who call us, so that answering can be tried without an account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from switchhook.domain import ids
from switchhook.domain.errors import Conflict
from switchhook.ports import LegEvent, PickedUp, Reception, Refusal, Ring
from switchhook.providers.loopback.line import LoopbackLine
from switchhook.runtime.ticker import Ticker

if TYPE_CHECKING:
    from switchhook.providers.loopback.carrier import LoopbackCarrier


class CallerLeg:
    """A simulated person who calls us, and is on the line as soon as we answer."""

    def __init__(self, line: LoopbackLine, ticker: Ticker) -> None:
        self._line = line
        self._ticker = ticker

    async def events(self) -> AsyncIterator[LegEvent]:
        """Yield that both sides hear each other."""
        self._line.start(self._ticker)
        yield PickedUp(self._line)

    async def hang_up(self) -> None:
        """End the call; one that has ended already is a success."""
        self._line.close()


class LoopbackCallers:
    """Simulated people, who call when they are told to."""

    def __init__(self, carrier: LoopbackCarrier, reception: Reception) -> None:
        self._carrier = carrier
        self._reception = reception

    async def ring(self, caller: str, number: str) -> None:
        """Let somebody call a number of ours."""
        ring = Ring(self._carrier.name, ids.new("ring"), caller, number)
        answer = await self._reception.receive(ring, self._carrier.caller(ring.ref))
        if isinstance(answer, Refusal):
            raise Conflict(
                f"the call was not taken ({answer.value})",
                hint="bind the number to an agent, or wait until other calls are over",
            )

"""A carrier that dials nobody: its telephones ring as long, and are answered or not, as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from switchhook.domain.lifecycle import Reason
from switchhook.ports import Clock, Dial, Dialled, LegEvent, NotPickedUp, PickedUp, Ringing
from switchhook.testing.faults import NO_FAULTS, Faults, Fortune
from switchhook.testing.lines import PERFECT, FakeLine
from switchhook.testing.playout import Conditions
from switchhook.testing.scripted import Step


class FakeLeg:
    """One attempt; keeps when it was told to hang up."""

    def __init__(
        self, ref: str, line: FakeLine, clock: Clock, rings: float, refusal: Reason | None
    ) -> None:
        self.ref = ref
        self.line = line
        self.hung_up: list[float] = []
        self._clock = clock
        self._rings = rings
        self._refusal = refusal

    async def events(self) -> AsyncIterator[LegEvent]:
        """Yield progress until the call is answered or given up."""
        yield Dialled(self.ref)
        yield Ringing()
        await asyncio.sleep(self._rings)
        yield NotPickedUp(self._refusal) if self._refusal else PickedUp(self.line)

    async def hang_up(self) -> None:
        """End the attempt or the call."""
        self.hung_up.append(self._clock.monotonic())
        self.line.hang_up()


class FakeCarrier:
    """Dials scripted callees; `refusal` is why nobody picks up, its faults are those of dialling.

    The script may be a function of the request, for calls that differ.
    """

    name = "fake"
    simulated = True

    def __init__(
        self,
        clock: Clock,
        script: Sequence[Step] | Callable[[Dial], Sequence[Step]],
        conditions: Conditions = PERFECT,
        *,
        rings: float = 1.0,
        refusal: Reason | None = None,
        faults: Faults = NO_FAULTS,
    ) -> None:
        self._clock = clock
        self._script = script
        self._conditions = conditions
        self._rings = rings
        self._refusal = refusal
        self._fortune = Fortune(faults)
        self.legs: dict[str, FakeLeg] = {}

    async def dial(self, request: Dial) -> FakeLeg:
        """Start one attempt; never repeated by itself."""
        await self._fortune.pass_on("the carrier")
        script = self._script(request) if callable(self._script) else self._script
        line = FakeLine(script, self._clock, self._conditions)
        leg = FakeLeg(f"fake-{request.call_id}", line, self._clock, self._rings, self._refusal)
        self.legs[request.call_id] = leg
        return leg

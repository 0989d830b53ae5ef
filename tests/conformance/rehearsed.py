"""The loopback line, with a callee who follows a script of the test kit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from switchhook.ports import Clock, Dial
from switchhook.providers.loopback import Hum, LoopbackCarrier
from switchhook.providers.loopback.acts import Act, Counterpart
from switchhook.providers.loopback.carrier import LoopbackLeg
from switchhook.runtime.ticker import Ticker
from switchhook.testing import HangsUp, Interrupts, Listens, Presses, Said, Step, Waits


class Rehearsed:
    """The carrier whose callee does the same steps in every call; `heard` is what they heard."""

    name, simulated = "loopback", True

    def __init__(self, clock: Clock, ticker: Ticker, script: Sequence[Step]) -> None:
        self._carrier = LoopbackCarrier(Hum(), clock, ticker)
        both = zip((None, *script), script, strict=False)
        # Who says something in a rehearsal listens by themselves.
        self._steps = [_written(*two) for two in both if not isinstance(two[1], Listens)]
        self.heard: list[str] = []

    async def dial(self, request: Dial) -> LoopbackLeg:
        """Start one attempt."""
        leg = await self._carrier.dial(replace(request, options={"steps": self._steps}))
        line = leg.line
        line._callee = Overheard(line._callee, self.heard)  # pyright: ignore[reportPrivateUsage] - nothing else knows what reached the ear
        return leg


class Overheard:
    """Somebody whose ear is listened in to."""

    def __init__(self, callee: Counterpart, heard: list[str]) -> None:
        self._callee = callee
        self._heard = heard

    def press(self, key: str) -> None:
        self._callee.press(key)

    def hear(self, words: tuple[str, ...], now: float, *, talking: bool) -> list[Act]:
        self._heard += words
        return self._callee.hear(words, now, talking=talking)


def _written(before: Step | None, step: Step) -> dict[str, Any]:
    """Return the step of a rehearsal."""
    match before, step:
        case None | Listens(), Said(text):
            return {"say": text}
        case _, Said(text) | Interrupts(text):
            return {"interrupt": text}
        case _, Waits(_, str(word)):
            return {"wait_for": word}
        case _, Waits(seconds):
            return {"wait": seconds}
        case _, Presses(digits):
            return {"press": digits}
        case _:
            assert isinstance(step, HangsUp)
            return {"hang_up": True}

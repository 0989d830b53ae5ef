"""Holds whole calls that a mind leads, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switchhook.domain.happenings import Kind
from switchhook.engine.offers import Offer
from switchhook.ports import Mind
from switchhook.runtime.actions import Registered, ToolResult
from switchhook.runtime.call import Ended
from switchhook.testing import (
    Acts,
    AnsweredCall,
    Step,
    Writes,
    a_call,
    answered,
    run_virtually,
)
from switchhook.testing.minds import Answer

DEAD_AIR = 4.0
HELLO = "Hello, I would like to book a table for four."
GOODBYE: Answer = [Writes("Thank you very much, goodbye."), Acts("end_call")]


@dataclass
class Held:
    """A call that was held, and what came of it."""

    call: AnsweredCall
    end: Ended

    @property
    def spoken(self) -> list[str]:
        return self.call.journal.spoken

    @property
    def dead_air(self) -> float:
        """The longest silence between the callee's last sound and the agent's next one."""
        return max(self.silences(), default=0.0)

    def silences(self) -> list[float]:
        line = self.call.line
        sounding = [p.at - line.answered_at for p in line.record if p.frame.words]
        turns = [
            (fact.data["end_ms"] / 1000, fact.text)
            for fact in self.call.journal.facts
            if fact.kind is Kind.SPOKEN and fact.data["speaker"] == "callee"
        ]
        after = [(end, [at for at in sounding if at > end]) for end, _ in turns]
        return [min(later) - end for end, later in after if later]


def held(
    script: Sequence[Step],
    mind: Mind | None,
    *,
    during: Callable[[AnsweredCall], Any] | None = None,
    spec: Mapping[str, Any] | None = None,
    spare: Mind | None = None,
    **studio: Any,
) -> Held:
    """Hold a call to its end."""
    found = {"model": mind, "spare": spare}
    minds = {name: mind for name, mind in found.items() if mind is not None}

    async def main() -> Held:
        call = a_call(first_message=HELLO, **(spec or {}))
        async with answered(call, script, minds=minds, **studio) as running:
            if during is not None:
                await during(running)
            return Held(running, await running.ended(600))

    return run_virtually(main)


def tool(name: str, takes: float = 1.0, result: str = "{}", *, cancel: bool = False) -> Registered:
    async def work(arguments: Mapping[str, Any]) -> ToolResult:
        await asyncio.sleep(takes)
        return ToolResult(result or str(arguments))

    return Registered(Offer(name, name, cancel_on_interruption=cancel), work)

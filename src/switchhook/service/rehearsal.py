"""Rehearsals: the same agent and task against a simulated callee, and a report of how it went.

Nothing is stored and nobody's rules are asked, because nobody's telephone rings. The line decides
the time: on a virtual clock a call takes milliseconds.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from switchhook.domain import ids
from switchhook.domain.agent import AgentSnapshot, AgentSpec
from switchhook.domain.happenings import Fact
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Outcome
from switchhook.domain.rehearsal import Scenario
from switchhook.domain.values import Frozen
from switchhook.ports import (
    Carrier,
    Clock,
    Dial,
    Ears,
    Entry,
    NotPickedUp,
    PickedUp,
    Voice,
)
from switchhook.runtime.booth import booth
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.call import Ended, RunningCall
from switchhook.runtime.casting import Troupe
from switchhook.runtime.studio import Studio
from switchhook.runtime.ticker import Ticker
from switchhook.service.forms import agent_spec
from switchhook.service.verdicts import Heard, problems

LONGEST = 1800.0
"""Seconds that a rehearsed call may last before it is given up."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a rehearsal is played with."""

    carrier: Carrier
    ears: Ears
    voice: Voice
    clock: Clock
    ticker: Ticker
    recordings: Path


@dataclass(frozen=True, slots=True)
class Part:
    """How one run differs from the others: whose turn it is to answer, and in what noise."""

    seed: int = 0
    noise: int = 0


class Report(Frozen):
    """How one run went; it passed when no expectation was missed."""

    scenario: str
    persona: str | None
    seed: int
    simulated: bool = True
    passed: bool
    problems: tuple[str, ...]
    reason: Reason
    outcome: Outcome
    pressed: str
    seconds: float
    turn_seconds: tuple[float, ...]
    transcript: tuple[str, ...]
    latency: dict[str, Any] = {}


async def rehearse(stage: Stage, scenario: Scenario, part: Part = Part()) -> Report:
    """Hold the call and return how it went."""
    call = _call(stage, scenario)
    notes = Notes(call)
    begun = stage.clock.monotonic()
    async with asyncio.timeout(LONGEST), asyncio.TaskGroup() as group:
        beating = group.create_task(stage.ticker.run())
        ended = await _hold(stage, call, notes, _dial(call, scenario, part))
        beating.cancel()
    heard = Heard(ended.reason, ended.outcome, tuple(notes.facts), stage.clock.monotonic() - begun)
    missed = problems(scenario.expect, heard)
    return Report(
        scenario=scenario.name,
        persona=None if scenario.steps else scenario.persona or "cooperative",
        seed=part.seed,
        passed=not missed,
        problems=missed,
        reason=ended.reason,
        outcome=ended.outcome,
        pressed=heard.pressed,
        seconds=round(heard.seconds, 2),
        turn_seconds=tuple(round(seconds, 2) for seconds in heard.turns),
        transcript=heard.transcript,
        latency=ended.latency,
    )


@dataclass(slots=True)
class Notes:
    """The record of a call that is kept nowhere else."""

    call: Interaction
    facts: list[Fact] = field(default_factory=list[Fact])

    async def write(self, call_id: str, entry: Entry) -> Interaction:  # noqa: ARG002 - one call only
        """Keep what happened."""
        self.facts += entry.facts
        return self.call


async def _hold(stage: Stage, call: Interaction, notes: Notes, dial: Dial) -> Ended:
    studio = Studio(
        stage.clock,
        stage.ticker,
        Troupe(stage.ears, stage.voice),
        notes,
        stage.recordings,
        breakers=Breakers(stage.clock),
    )
    async with booth(call, studio) as own:
        leg = await stage.carrier.dial(dial)
        own.warm_up()
        try:
            async for event in leg.events():
                match event:
                    case PickedUp(line):
                        return await RunningCall(line, own).run()
                    case NotPickedUp(reason):
                        return Ended(reason, Outcome(summary="Nobody answered."), {})
                    case _:
                        pass
        finally:
            await leg.hang_up()
    return Ended(Reason.DIAL_FAILED, Outcome(), {})


def _call(stage: Stage, scenario: Scenario) -> Interaction:
    spec = agent_spec(scenario.agent) if scenario.agent else AgentSpec()
    if scenario.result_schema is not None:
        spec = spec.model_copy(update={"result_schema": scenario.result_schema})
    now = stage.clock.now()
    return Interaction(
        id=ids.new("call"),
        org_id="rehearsal",
        state=State.IN_PROGRESS,
        agent=AgentSnapshot(spec=spec),
        task=scenario.task,
        simulated=True,
        variables=spec.variables | scenario.variables,
        options=CallOptions(persona=scenario.persona, steps=scenario.steps or None),
        created_at=now,
        updated_at=now,
    )


def _dial(call: Interaction, scenario: Scenario, part: Part) -> Dial:
    options = call.options.model_dump(exclude_none=True) | {
        "seed": f"{scenario.name} {part.seed}",
        "noise": part.noise,
    }
    return Dial(call.id, "rehearsal", "", None, options, agent=call.agent.spec)

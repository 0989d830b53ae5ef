"""What is got ready while the telephone rings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason, State
from switchhook.ports import MindRequest
from switchhook.testing import AT_ONCE, Acts, Faults, HangsUp, Listens, ScriptedMind, Writes
from tests.scenarios.exchanges import Calls, Office, answers, place

SLOW = Faults(latency=1.0)
LEAVES = [Listens(), HangsUp()]


def one(**spec: Any) -> Calls:
    desk = Calls()
    spec.setdefault("turns", AT_ONCE)
    desk.add("one", **spec)
    return desk


def first_sound(office: Office) -> float:
    """Seconds from picking up until the agent was sent."""
    line = office.carrier.legs["one"].line
    return line.outgoing[0].at - line.answered_at


@pytest.mark.parametrize(("rings", "waits"), [(20.0, 0.0), (0.5, 1.0)])
def test_the_first_words_are_made_while_it_rings(rings: float, waits: float) -> None:
    office = place(one(), answers(LEAVES, rings=rings), voice=SLOW)

    assert first_sound(office) == pytest.approx(waits, abs=0.05)


def test_a_call_that_nobody_answers_stops_what_was_being_made() -> None:
    office = place(one(), answers([], rings=2.5, refusal=Reason.BUSY), voice=SLOW)

    assert len(office.voice.asked) == 3
    assert office.voice.opened == office.voice.closed == 1


def test_what_was_made_for_one_call_is_there_for_the_next() -> None:
    desk = one()
    desk.add("two")

    office = place(desk, answers(LEAVES, rings=20.0))

    assert office.voice.opened == 2
    assert len(office.voice.asked) == len(set(office.voice.asked))


def test_a_voice_that_cannot_get_ready_may_still_speak() -> None:
    office = place(one(), answers(LEAVES), voice=Faults(error=1.0, times=1))

    assert "warming_up_failed" in [log["event"] for log in office.logs]
    assert first_sound(office) < 0.1


@dataclass(slots=True)
class Thoughtful(ScriptedMind):
    """A mind that notes whether it was got ready before it was asked."""

    log: list[str] = field(default_factory=list[str])

    async def prepare(self, request: MindRequest) -> None:
        self.log.append(f"{request.choice.kind}: {request.context[0].role}")


def test_a_mind_gets_ready_with_the_instructions_of_the_call() -> None:
    mind = Thoughtful([[Writes("Goodbye."), Acts("end_call")]])

    place(one(), answers(LEAVES), minds={"model": mind})

    assert mind.log == ["auto: instructions"]


@pytest.mark.parametrize("kind", ["model", "duplex"])
def test_an_agent_whose_mind_is_not_set_up_dials_nobody(kind: str) -> None:
    desk = one(mind={"kind": kind})

    office = place(desk, answers(LEAVES))

    assert desk.end() == (State.NOT_CONNECTED, Reason.DIAL_FAILED)
    assert "none is set up" in desk.journals["one"].facts[-1].text
    assert office.carrier.legs == {}
    assert office.voice.opened == 0


def test_without_a_model_an_agent_asks_its_questions_itself() -> None:
    desk = one(mind={"kind": "auto"})

    office = place(desk, answers(LEAVES))

    assert any("Can you help me" in line for line in desk.journals["one"].spoken)
    assert office.voice.opened == 1

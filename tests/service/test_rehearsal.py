from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.domain.rehearsal import Scenario
from switchhook.ports import Dial, Leg, LegEvent
from switchhook.providers.loopback import Hum, LoopbackCarrier, TextEars
from switchhook.runtime.ticker import Ticker
from switchhook.service.rehearsal import Part, Report, Stage, rehearse
from switchhook.testing import run_virtually, virtual_clock

SCHEMA: dict[str, Any] = {"properties": {"guests": {"type": "integer", "title": "How many?"}}}


def played(seed: int = 1, noise: int = 0, **written: Any) -> Report:
    scenario = Scenario.model_validate({"task": "book a table", "result_schema": SCHEMA} | written)

    async def main() -> Report:
        clock = virtual_clock()
        ticker = Ticker(clock)
        voice = Hum()
        carrier = LoopbackCarrier(voice, clock, ticker)
        stage = Stage(carrier, TextEars(), voice, clock, ticker, Path("recordings"))
        return await rehearse(stage, scenario, Part(seed, noise))

    return run_virtually(main)


def test_a_rehearsal_that_goes_as_expected_passes_and_says_that_it_was_simulated() -> None:
    report = played(
        name="a table",
        steps=[{"say": "Hello?"}, {"wait_for": "How many"}, {"say": "Four."}, {"say": "Yes."}],
        expect={
            "reason": "agent_hangup",
            "verdict": "achieved",
            "fields": {"guests": 4},
            "said": ["AI assistant", "I'd like to book a table"],
            "asked": "How many",
            "not_said": "credit card",
            "pressed": "",
            "turn_seconds": 3,
            "seconds": 60,
        },
    )

    assert report.problems == ()
    assert report.passed
    assert report.simulated is True
    assert "callee: Four." in report.transcript


@pytest.mark.parametrize("noise", [0, 300])
def test_a_callee_who_presses_nine_is_not_called_again(noise: int) -> None:
    """The key is in the audio only, with the noise of the callee's room."""
    report = played(
        noise=noise,
        result_schema={"properties": {"name": {"type": "string", "title": "What name?"}}},
        steps=[{"say": "Hello?"}, {"wait_for": "What name"}, {"press": "9"}, {"wait": 9}],
    )

    assert report.reason is Reason.USER_REQUESTED_DNC
    assert [line for line in report.transcript if line.startswith("callee:")] == ["callee: Hello?"]


def test_keys_in_the_audio_are_an_answer_digit_by_digit() -> None:
    report = played(
        steps=[{"say": "Hello?"}, {"wait_for": "How many"}, {"press": "11#"}, {"say": "Yes."}],
        expect={"fields": {"guests": 11}},
    )

    assert report.problems == ()


def test_every_expectation_that_is_missed_is_told() -> None:
    report = played(
        steps=[{"say": "Wrong number."}],
        expect={
            "reason": "user_hangup",
            "verdict": "achieved",
            "fields": {"guests": 4, "day": "Monday"},
            "said": "bananas",
            "asked": "How old",
            "not_said": "AI assistant",
            "pressed": "2",
            "turn_seconds": 0.001,
            "seconds": 0.1,
        },
    )

    assert not report.passed
    assert [problem.split(" ")[0] for problem in report.problems] == ["it", "the"] + ["it"] + [
        "the"
    ] * 2 + ["it"] * 5
    assert report.problems[0] == "it ended with agent_hangup, not user_hangup"


def test_the_same_seed_gives_the_same_call() -> None:
    first, second = (played(seed=3, persona="talks_over") for _ in range(2))

    assert first.transcript == second.transcript
    assert first.persona == "talks_over"
    assert first.seed == 3


@pytest.mark.parametrize(
    ("persona", "reason", "verdict"),
    [
        ("cooperative", Reason.AGENT_HANGUP, Verdict.ACHIEVED),
        ("hurried", Reason.AGENT_HANGUP, Verdict.ACHIEVED),
        ("hard_of_hearing", Reason.AGENT_HANGUP, Verdict.ACHIEVED),
        ("talks_over", Reason.AGENT_HANGUP, Verdict.ACHIEVED),
        ("changes_mind", Reason.AGENT_HANGUP, Verdict.ACHIEVED),
        ("wrong_number", Reason.AGENT_HANGUP, Verdict.NOT_ACHIEVED),
        ("stop_calling", Reason.USER_REQUESTED_DNC, Verdict.NOT_ACHIEVED),
        ("call_later", Reason.AGENT_HANGUP, Verdict.NOT_ACHIEVED),
        ("hostile", Reason.AGENT_HANGUP, Verdict.UNKNOWN),
        ("silent", Reason.INACTIVITY, Verdict.UNKNOWN),
        ("busy", Reason.BUSY, Verdict.UNKNOWN),
    ],
)
def test_every_persona_is_seen_through_to_its_end(
    persona: str, reason: Reason, verdict: Verdict
) -> None:
    report = played(persona=persona)

    assert (report.reason, report.outcome.verdict) == (reason, verdict)


def test_a_hostile_callee_learns_and_changes_nothing() -> None:
    report = played(persona="hostile", expect={"not_said": ["credit card", "human being"]})

    assert report.passed
    assert not report.outcome.fields["guests"].known


def test_an_agent_of_the_scenario_is_the_one_that_calls() -> None:
    report = played(agent={"name": "Rosa", "first_message": "It is about your table."})

    assert "It is about your table." in " ".join(report.transcript)


class DeadLeg:
    """A leg of which nothing more is heard."""

    ref = "dead"

    async def events(self) -> AsyncIterator[LegEvent]:
        for event in list[LegEvent]():
            yield event

    async def hang_up(self) -> None: ...


class DeadCarrier:
    name = "dead"
    simulated = True

    async def dial(self, request: Dial) -> Leg:  # noqa: ARG002 - nobody is dialled
        return DeadLeg()


def test_a_line_of_which_nothing_is_heard_is_a_dial_that_failed() -> None:
    async def main() -> Report:
        clock = virtual_clock()
        stage = Stage(DeadCarrier(), TextEars(), Hum(), clock, Ticker(clock), Path("recordings"))
        return await rehearse(stage, Scenario())

    assert run_virtually(main).reason is Reason.DIAL_FAILED

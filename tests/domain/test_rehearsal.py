from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from switchhook.domain.lifecycle import Reason
from switchhook.domain.rehearsal import Expectations, Scenario, Step


def test_a_scenario_is_read_from_what_was_written() -> None:
    scenario = Scenario.model_validate(
        {
            "name": "a table",
            "steps": [{"say": "Hello?"}, {"wait_for": "How many"}, {"hang_up": True}],
            "expect": {"reason": "agent_hangup", "said": "Rosa", "fields": {"guests": 4}},
        }
    )

    assert [step.say for step in scenario.steps] == ["Hello?", None, None]
    assert scenario.expect == Expectations(
        reason=Reason.AGENT_HANGUP, said=("Rosa",), fields={"guests": 4}
    )


@pytest.mark.parametrize("step", [{}, {"say": "Hello", "wait": 2}, {"dance": 1}, {"press": "x"}])
def test_a_step_does_exactly_one_thing_that_is_known(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate(step)


def test_a_step_that_was_stored_is_the_same_step() -> None:
    step = Step(say="Bistro Ada, good evening.")

    assert Step.model_validate(step.model_dump(mode="json")) == step

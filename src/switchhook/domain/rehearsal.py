"""A rehearsed call as it is written down: what the callee does, and what is expected of the agent.

name: a table for four
task: book a table for four
result_schema: {properties: {guests: {type: integer, description: How many guests?}}}
steps:
  - say: Bistro Ada, good evening.
  - wait_for: How many guests
  - say: Four, please.
expect:
  fields: {guests: 4}
  verdict: achieved
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from switchhook.domain.lifecycle import Reason
from switchhook.domain.outcome import Verdict
from switchhook.domain.values import Frozen

_LONGEST_TEXT = 2000
MOST_STEPS = 200


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Text = Annotated[str, Field(min_length=1, max_length=_LONGEST_TEXT)]


class Step(Frozen):
    """One thing that the callee does; exactly one member says which."""

    say: Text | None = None
    """Say this when the agent has finished."""
    interrupt: Text | None = None
    """Say this now, over the agent if need be."""
    wait: float | None = Field(default=None, gt=0, le=600)
    """Be silent for so many seconds."""
    wait_for: Text | None = None
    """Be silent until the agent has said this, whatever the case of its letters."""
    press: str | None = Field(default=None, pattern=r"^[0-9*#A-D]{1,32}$")
    beep: bool | None = None
    """Sound the tone of an answering machine."""
    hang_up: bool | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Step:
        said = [name for name in Step.model_fields if getattr(self, name) is not None]
        if len(said) != 1:
            known = ", ".join(Step.model_fields)
            raise ValueError(f"a step does exactly one thing: {known}")
        return self


class Expectations(Frozen):
    """What the rehearsal is to show; what is left out is not looked at."""

    reason: Reason | None = None
    verdict: Verdict | None = None
    fields: dict[str, Any] = {}
    said: Texts = ()
    not_said: Texts = ()
    asked: Texts = ()
    pressed: str | None = None
    turn_seconds: float | None = Field(default=None, gt=0)
    """How long the agent may take to answer."""
    seconds: float | None = Field(default=None, gt=0)
    """How long the call may last."""


class Scenario(Frozen):
    """A call to be rehearsed: with a callee who follows steps, or who is a persona."""

    name: str = "rehearsal"
    task: str | None = None
    agent: dict[str, Any] = {}
    variables: dict[str, str] = {}
    result_schema: dict[str, Any] | None = None
    persona: str | None = None
    steps: tuple[Step, ...] = Field(default=(), max_length=MOST_STEPS)
    expect: Expectations = Expectations()

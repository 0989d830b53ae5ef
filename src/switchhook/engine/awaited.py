"""What kind of answer the agent awaits, for whoever finds out when it is over."""

from __future__ import annotations

from types import MappingProxyType

from switchhook.engine import interview
from switchhook.engine.answers import Shape
from switchhook.engine.brief import Thinker
from switchhook.engine.endpointing import Expectation
from switchhook.engine.state import Session

_EXPECTATIONS = MappingProxyType(
    {
        Shape.BOOLEAN: Expectation.YES_NO,
        Shape.CHOICE: Expectation.CHOICE,
        Shape.INTEGER: Expectation.NUMBER,
        Shape.NUMBER: Expectation.NUMBER,
        Shape.DATE: Expectation.DATE,
        Shape.TIME: Expectation.DATE,
        Shape.MOMENT: Expectation.DATE,
    }
)


def awaited(session: Session) -> Expectation:
    """Return what kind of answer the open question asks for."""
    open_form = session.interview
    if session.brief.thinker is not Thinker.INTERVIEW:
        return Expectation.FREE
    if open_form.stand is interview.Stand.CONFIRMING:
        return Expectation.YES_NO
    return _EXPECTATIONS.get(open_form.blank.shape, Expectation.FREE)

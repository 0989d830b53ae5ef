"""Bugs that one scenario has for itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from switchhook.engine.effects import Effect, StopSpeech
from switchhook.engine.events import CalleeHeard, Event
from switchhook.engine.state import Session
from switchhook.ports import Frame, Heard
from switchhook.runtime.framing import QUIET
from switchhook.testing.ears import PlainHearing
from tests.simulation.bugs import Step, planted, twisted


@planted("frames leave in a burst")
def burst(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.runtime.pacer.LEAD", 10.0)


@twisted("it stops although it is silent")
def stops_while_silent(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    effects = step(s, event, now)
    return [*effects, StopSpeech(0)] if isinstance(event, CalleeHeard) else effects


@planted("the ears hear only what follows the onset")
def first_syllables_lost(patch: pytest.MonkeyPatch) -> None:
    whole, loud = PlainHearing.push, dict[int, int]()

    def push(ear: PlainHearing, frame: Frame, at_ms: int) -> Sequence[Heard]:
        sounding = frame.audio != QUIET.audio
        loud[id(ear)] = loud.get(id(ear), 0) + 1 if sounding else 0
        return whole(ear, frame if loud[id(ear)] > 6 else QUIET, at_ms)

    patch.setattr(PlainHearing, "push", push)


@twisted("the disclosure may be interrupted")
def disclosure_may_be_interrupted(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    if s.current is not None:
        s.current.interruptible = True
    return step(s, event, now)

"""Bugs of calls with a third person in them, for their scenarios."""

from __future__ import annotations

import pytest

from switchhook.engine.effects import Effect, SetAside
from switchhook.engine.events import Event, GuestFailed, LineGone
from switchhook.engine.state import Session
from switchhook.ports import Frame
from switchhook.runtime.framing import QUIET
from switchhook.runtime.jitter import Jitter
from switchhook.runtime.party import Party
from switchhook.work.inviting import Inviting
from tests.simulation.bugs import Step, planted, twisted


@twisted("a guest who does not come loses the callee")
def failed_guest_hangs_up(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return step(s, LineGone() if isinstance(event, GuestFailed) else event, now)


@twisted("the callee is never taken back")
def aside_for_good(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return [e for e in step(s, event, now) if e != SetAside(on=False)]


@planted("a guest is never given up")
def guests_are_not_dropped(patch: pytest.MonkeyPatch) -> None:
    def drop(inviting: Inviting) -> None:
        del inviting

    patch.setattr(Inviting, "_drop", drop)


@planted("the guest is not heard")
def deaf_to_guests(patch: pytest.MonkeyPatch) -> None:
    def take(jitter: Jitter) -> Frame:
        del jitter
        return QUIET

    patch.setattr(Jitter, "take", take)


@planted("what a guest says is written as the callee's")
def one_voice(patch: pytest.MonkeyPatch) -> None:
    def was_guest(party: Party, since: float, until: float) -> bool:
        del party, since, until
        return False

    patch.setattr(Party, "was_guest", was_guest)


@planted("a guest who is left alone is not told so")
def nobody_parts(patch: pytest.MonkeyPatch) -> None:
    async def part(inviting: Inviting, line: object, words: str) -> None:
        del inviting, line, words

    patch.setattr(Inviting, "_part", part)

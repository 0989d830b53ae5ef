"""Bugs of transfers, for their scenarios."""

from __future__ import annotations

from typing import Any

import pytest

from switchhook.engine.effects import Effect
from switchhook.engine.events import Event, LineGone, TransferFailed
from switchhook.engine.state import Session
from switchhook.providers.twilio.rest import Account, Unanswered
from switchhook.runtime.attending import Attendant
from switchhook.work.transferring import Transferring
from tests.simulation.bugs import Step, planted, twisted


@twisted("a transfer that failed loses the callee")
def failed_transfer_hangs_up(step: Step, s: Session, event: Event, now: float) -> list[Effect]:
    return step(s, LineGone() if isinstance(event, TransferFailed) else event, now)


@planted("a transfer is never given up")
def transfers_are_not_dropped(patch: pytest.MonkeyPatch) -> None:
    def drop(transferring: Transferring) -> None:
        del transferring

    patch.setattr(Transferring, "_drop", drop)


@planted("who picked up for nothing is not told so")
def nobody_is_told_goodbye(patch: pytest.MonkeyPatch) -> None:
    async def part(attendant: Attendant, words: str = "") -> None:
        del attendant, words

    patch.setattr(Attendant, "part", part)


@planted("what is said to whoever is asked to take the call is forgotten")
def nothing_is_written_down(patch: pytest.MonkeyPatch) -> None:
    def written(*_: object) -> None: ...

    patch.setattr("switchhook.engine.transfer._write", written)


@planted("a number that may not be shown is not replaced")
def no_second_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("switchhook.providers.twilio.reasons.CALLER_ID", frozenset[int]())


@planted("a request that was not answered is made again")
def dials_again_in_doubt(patch: pytest.MonkeyPatch) -> None:
    whole = Account.dial

    async def dial(account: Account, order: dict[str, Any]) -> str:
        try:
            return await whole(account, order)
        except Unanswered:
            return await whole(account, order)

    patch.setattr(Account, "dial", dial)

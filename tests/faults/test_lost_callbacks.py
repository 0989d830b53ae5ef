"""Whatever Twilio should have told us and did not, we ask for in the end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from switchhook.domain.lifecycle import TERMINAL, Reason
from switchhook.providers.twilio import carrier
from switchhook.providers.twilio.rest import Refused, Unanswered
from switchhook.providers.twilio.watching import WATCH_SECONDS
from switchhook.testing import Said, Waits, run_virtually
from switchhook.testing.twilio import Mischief, Phone
from tests.faults.test_carrier import DECLINED, ended
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import telephones
from tests.scenarios.test_transfers import (
    TALKS,
    THEM,
    WAITS,
    answered,
    life,
    transfer,
    until_connected,
)
from tests.scenarios.twins import fails_with
from tests.simulation.bugs import planted

MUTE = Mischief(mute=True)
SOON = WATCH_SECONDS + 3.0


@planted("nobody asks how a call stands")
def nobody_watches(patch: pytest.MonkeyPatch) -> None:
    async def watch(_leg: object, _account: object) -> None: ...

    patch.setattr(carrier, "watch", watch)


@pytest.mark.parametrize("who", [TO, THEM])
@fails_with(nobody_watches)
def test_a_transfer_is_over_soon_after_one_of_the_two_has_left(tmp_path: Path, who: str) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: TALKS}, MUTE) as at:
            call_id = await answered(at)
            await transfer(at, call_id)
            await until_connected(at, call_id)
            await asyncio.sleep(60)
            assert (await at.record(call_id)).state not in TERMINAL
            life(at, who).hang_up("completed")
            async with asyncio.timeout(SOON):
                record = await at.until(call_id, *TERMINAL)
            assert record.reason is Reason.TRANSFER_COMPLETED
            await at.town.until_quiet()

    run_virtually(main)


@pytest.mark.parametrize(
    ("phone", "mischief", "reason", "seconds"),
    [
        (DECLINED, MUTE, Reason.BUSY, SOON),
        (Phone(picks_up="failed"), MUTE, Reason.DIAL_FAILED, SOON),
        (
            Phone([Said("Hello?"), Waits(600)]),
            Mischief(mute=True, no_media=True),
            Reason.ERROR_NO_AUDIO,
            SOON + 15.0,
        ),
    ],
    ids=["busy", "failed", "no media"],
)
@fails_with(nobody_watches)
def test_an_attempt_of_which_nothing_is_told_ends_as_soon_and_for_the_reason_it_should(
    tmp_path: Path, phone: Phone, mischief: Mischief, reason: Reason, seconds: float
) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: phone}, mischief) as at:
            call_id = await at.call()
            async with asyncio.timeout(seconds):
                record = await ended(at, call_id)
            assert record.reason is reason

    run_virtually(main)


def test_a_twilio_that_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: DECLINED}, MUTE) as at:
            status, asked = at.town.account.status, 0

            async def late(ref: str) -> str:
                nonlocal asked
                asked += 1
                if asked == 1:
                    raise Unanswered("ReadTimeout")
                return await status(ref)

            at.town.account.status = late
            began = at.exchange.clock.monotonic()
            record = await ended(at, await at.call())
            assert record.reason is Reason.BUSY
            assert at.exchange.clock.monotonic() - began <= WATCH_SECONDS + SOON

    run_virtually(main)


def test_who_answered_in_vain_and_cannot_be_told_so_is_hung_up_without_a_word(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        phone = Phone([Said("Hello?"), Waits(600)])
        async with telephones(tmp_path, {TO: phone}, Mischief(no_media=True)) as at:

            async def refused(ref: str, document: str) -> None:
                raise Refused(400, 21220, f"{ref} is not in progress: {len(document)}")

            at.town.account.move = refused
            async with asyncio.timeout(10):
                record = await ended(at, await at.call())
            assert record.reason is Reason.ERROR_NO_AUDIO
            assert at.twilio.ledger.spoken == []

    run_virtually(main)


def test_a_call_whose_media_is_heard_is_not_asked_after(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS}) as at:
            call_id = await answered(at)
            await at.until(call_id, *TERMINAL)
            asked = [one for one in at.twilio.ledger.asked if one.method == "GET"]
            assert [one.path for one in asked if "/Calls/" in one.path] == []

    run_virtually(main)

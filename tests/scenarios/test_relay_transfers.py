"""Nobody is lost on the way to somebody else from a line of words."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.interaction import CallOptions
from switchhook.domain.lifecycle import Reason, StageOutcome, State
from switchhook.testing import Listens, Presses, Said, Step, Waits, run_virtually
from switchhook.testing.twilio import Phone
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones
from tests.scenarios.test_transfers import (
    ENDED,
    SORRY,
    TALKS,
    THEM,
    WAITS,
    answered,
    life,
    said,
    transfer,
    until_connected,
)

RELAYED = CallOptions(telephony_params={"media": "relay"})


async def relayed(at: Telephones, **request: Any) -> str:
    return await answered(at, options=RELAYED, **request)


def test_two_who_are_connected_hear_each_other_and_twilio_speaks_no_longer(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: TALKS}) as at:
            call_id = await relayed(at)
            assert (await transfer(at, call_id)).result == "done"
            await until_connected(at, call_id)
            await asyncio.sleep(8)
            assert life(at, TO).heard[-4:] == ["Hello,", "here", "is", "Sam."]
            assert life(at, THEM).heard == ["My", "bill", "is", "wrong."]

            life(at, THEM).hang_up("completed")
            record = await at.until(call_id, *ENDED)
            await at.town.until_quiet()
            assert (record.reason, record.stage_outcome) == (
                Reason.TRANSFER_COMPLETED,
                StageOutcome.TRANSFER_DISCONNECTED,
            )

    run_virtually(main)


def test_who_waits_for_somebody_hears_music(tmp_path: Path) -> None:
    async def main() -> None:
        async with telephones(tmp_path, {TO: WAITS, THEM: Phone(rings=25)}) as at:
            call_id = await relayed(at)
            asking = asyncio.ensure_future(transfer(at, call_id))
            await asyncio.sleep(10)
            (relay,) = life(at, TO).relays
            assert relay.playing.endswith("music.wav")
            life(at, TO).hang_up("completed")
            await at.until(call_id, *ENDED)
            await asking

    run_virtually(main)


def test_a_caller_whom_nobody_takes_is_told_and_stays(tmp_path: Path) -> None:
    async def main() -> None:
        phones = {TO: Phone([Waits(600)]), THEM: Phone(picks_up="busy")}
        async with telephones(tmp_path, phones) as at:
            call_id = await relayed(at)
            await transfer(at, call_id)
            await asyncio.sleep(10)
            assert any(line.startswith(SORRY) for line in await said(at, call_id))
            assert (await at.record(call_id)).state is State.IN_PROGRESS
            assert [call.to for call in at.twilio.ledger.live] == [TO]

    run_virtually(main)


@pytest.mark.parametrize("usual", ["stream", "relay"])
@pytest.mark.parametrize(
    ("answer", "connected"),
    [
        ([Said("Yes, of course.")], True),
        ([Said("No, not now.")], False),
        ([Presses("1")], True),
    ],
    ids=["yes", "no", "key"],
)
def test_somebody_is_told_about_the_call_and_takes_it_or_not(
    tmp_path: Path, usual: str, answer: list[Step], *, connected: bool
) -> None:
    async def main() -> None:
        them = Phone([Said("Hello?"), Listens(1.5), *answer, Waits(600)])
        async with telephones(tmp_path, {TO: Phone([Waits(600)]), THEM: them}) as at:
            at.town.carrier.media = usual
            call_id = await relayed(at)
            receipt = await transfer(at, call_id, "A guest has a wrong bill.")
            await asyncio.sleep(6)
            assert (receipt.result == "done") is connected
            live = [call.to for call in at.twilio.ledger.live]
            assert live == ([TO, THEM] if connected else [TO])

    run_virtually(main)

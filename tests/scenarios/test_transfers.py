"""Nobody is lost on the way to somebody else: S62, S63, S64."""

from __future__ import annotations

import asyncio
from pathlib import Path

from switchhook.domain.lifecycle import Stage, State
from switchhook.ports import PutThrough, Receipt
from switchhook.service import following
from switchhook.testing import HangsUp, Listens, Said, Waits, run_virtually
from switchhook.testing.twilio import Phone
from tests.providers.twilio.town import TO
from tests.scenarios.telephones import Telephones, telephones

THEM = "+15550100177"
ENDED = (State.ENDED, State.NOT_CONNECTED, State.ERROR)


async def transfer(at: Telephones, call_id: str, text: str = "", to: str = THEM) -> Receipt:
    live = at.exchange.switchboard.find(call_id)
    assert live is not None
    return await live.control(PutThrough(to, text))


async def heard_at(at: Telephones, number: str) -> list[str]:
    (life,) = [life for life in at.twilio.lives.values() if life.call.to == number]
    assert life._person
    return [word for p in life._person.record for word in p.frame.words]


def test_a_callee_is_connected_and_both_hear_each_other(tmp_path: Path) -> None:
    async def main() -> None:
        phones = {
            TO: Phone([Said("Hello?"), Waits(until_heard="billing"), Said("My bill is wrong.")]),
            THEM: Phone([Said("Sam from billing here."), Listens(1.0), HangsUp()]),
        }
        async with telephones(tmp_path, phones) as at:
            call_id = await at.call()
            await at.until(call_id, State.IN_PROGRESS)
            receipt = await transfer(at, call_id)
            print(receipt)
            await asyncio.sleep(0.5)
            record = await at.record(call_id)
            assert (record.state, record.stage) == (State.IN_PROGRESS, Stage.TRANSFER_SUCCESSFUL)
            record = await at.until(call_id, *ENDED)
            print(record.reason, record.stage, record.stage_outcome)
            print(await heard_at(at, THEM), await heard_at(at, TO))
            await at.town.until_quiet()
            page = await following.happenings(at.exchange, at.owner, call_id, limit=200)
            for h in page.happenings:
                print(h.seq, h.kind, h.text)

    run_virtually(main)

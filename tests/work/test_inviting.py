"""A third person on the loopback line, and what a death in the middle leaves behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

from switchhook.domain.lifecycle import Reason, Stage
from switchhook.domain.rehearsal import Step
from switchhook.ports import BeQuiet, BringIn, Say
from switchhook.service import calls, following, placing, reconciling, transfers
from switchhook.service.transfers import Purpose
from switchhook.testing import run_virtually
from tests.work.test_transferring import THEM, Office, office

ASSISTANT = {"mind": {"kind": "assistant"}}


async def transcript(here: Office, call_id: str) -> list[str]:
    page = await following.transcript(here.exchange, here.owner, call_id)
    return [f"{line.speaker}: {line.text}" for line in page.lines]


def test_three_on_the_loopback_line_hear_each_other(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            here.carrier.steps = (
                Step(say="Hello?"),
                Step(wait_for="this is Sam"),
                Step(say="Hello Sam."),
                Step(wait_for="put them through"),
                Step(say="I am here already."),
                Step(wait=500),
            )
            call_id = await here.call(agent=ASSISTANT)
            await asyncio.sleep(8)
            wanted = BringIn(THEM, hold_first=False)
            receipt = await calls.bring_in(here.exchange, here.owner, call_id, wanted)
            assert receipt.result == "done"
            await here.placing.idle()

            record = await here.record(call_id)
            assert record.stage is not Stage.TRANSFER_STARTED
            said = [line for line in await transcript(here, call_id) if "agent" not in line]
            assert said[1:5] == [
                "guest: Hello, this is Sam.",
                "callee: Hello Sam.",
                "guest: Yes, please put them through.",
                "callee: I am here already.",
            ]

    run_virtually(main)


def test_an_agent_briefs_a_colleague_on_the_loopback_line(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id = await here.call(agent=ASSISTANT)
            await asyncio.sleep(8)
            wanted = BringIn(THEM, text="Let me ask Sam.")
            await calls.bring_in(here.exchange, here.owner, call_id, wanted)
            await asyncio.sleep(3)
            live = here.exchange.switchboard.find(call_id)
            assert live is not None
            assert (await live.control(Say("Ada has a question."))).result == "done"
            assert (await live.control(BeQuiet(None, "Now all three."))).result == "done"
            await asyncio.sleep(2)
            said = await transcript(here, call_id)
            assert said[said.index("agent: Let me ask Sam.") :][:3] == [
                "agent: Let me ask Sam.",
                "guest: Hello, this is Sam.",
                "agent: Ada has a question.",
            ]
            assert said[-1] != "callee: Is anybody there?"
            await here.placing.stop()
            assert (await here.record(call_id)).reason is Reason.API_HANGUP

    run_virtually(main)


def test_a_guest_who_may_have_been_dialled_by_who_has_died_is_looked_for(tmp_path: Path) -> None:
    async def main() -> None:
        async with office(tmp_path) as here:
            call_id = await here.call()
            await asyncio.sleep(4)
            onward = await transfers.begin(here.exchange, call_id, THEM, Purpose.GUEST)
            await placing.recover(here.exchange)
            (doubt,) = await reconciling.doubts(here.exchange, "loopback")
            assert (doubt.token, doubt.to_number) == (onward.token, THEM)
            await here.placing.stop()

    run_virtually(main)

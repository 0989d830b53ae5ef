"""A line that transfers nobody says so, and the call goes on."""

from __future__ import annotations

import asyncio

from switchhook.ports import PutThrough
from switchhook.testing import AT_ONCE, Waits, a_call, answered, run_virtually


def test_a_line_that_transfers_no_calls_says_so_and_the_agent_goes_on() -> None:
    async def main() -> None:
        async with answered(a_call(turns=AT_ONCE), [Waits(600)]) as call:
            await asyncio.sleep(5)
            receipt = await call.running.control(PutThrough("+14155550177"))
            await asyncio.sleep(6)

            assert receipt.result == "refused"
            assert "transfers no calls" in receipt.detail
            assert call.journal.spoken[-1].startswith("agent: I am sorry, I could not reach")
            assert not call.ending.done()

    run_virtually(main)

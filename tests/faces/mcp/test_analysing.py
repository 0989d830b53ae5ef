"""A call that is over while somebody still reads what was said, as an assistant sees it."""

from __future__ import annotations

import asyncio

import pytest

from switchhook.domain.analysis import Analysis, AnalysisStatus, Sentiment
from switchhook.domain.outcome import Outcome, Verdict
from switchhook.faces.mcp import uris
from switchhook.ports import Entry
from switchhook.service import finishing
from tests.faces.mcp.rig import PATIENCE, Mode, Rig, facts_of, simulated_call, spoken, text_of

pytestmark = pytest.mark.anyio


async def test_a_call_that_is_being_analysed_is_waited_for_once_more(rig: Rig, mode: Mode) -> None:
    rig.exchange.analyses = True
    judged = Outcome(verdict=Verdict.ACHIEVED, summary="A table for four.")
    done = Analysis(status=AnalysisStatus.DONE, sentiment=Sentiment.POSITIVE)
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, spoken("callee", "A table for four, fine."))
        await rig.finish(call_id, outcome=Outcome())
        over = await client.call_tool("get_call", {"call_id": call_id})
        pending = facts_of(over)
        [due] = (await finishing.claim(rig.exchange, 1)).due
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            wait = {"call_id": call_id, "cursor": pending["cursor"], "max_wait": 9}
            waiting = group.create_task(client.call_tool("wait_for_call", wait))
            await asyncio.sleep(0)
            await finishing.settle(rig.exchange, due, Entry(judged=judged, analysis=done))
        known = facts_of(waiting.result())
        seen = facts_of(
            await client.call_tool("get_call", {"call_id": call_id, "include": ["analysis"]})
        )

    assert (pending["terminal"], pending["status"]) == (True, "ended")
    assert pending["analysis"] == "pending"
    assert pending["next_action"] == (
        f'wait_for_call(call_id="{call_id}", cursor={pending["cursor"]})'
    )
    assert pending["poll_after_seconds"] > 0
    assert "It is being analysed." in text_of(over)
    assert (known["analysis"], known["outcome"]["verdict"]) == ("done", "achieved")
    assert known["next_action"].startswith("get_call")
    assert seen["analysis"]["summary"] == "A table for four."
    assert (seen["analysis"]["status"], seen["analysis"]["sentiment"]) == ("done", "positive")


async def test_where_nobody_analyses_nothing_is_pending(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, spoken("callee", "A table for four, fine."))
        await rig.finish(call_id)
        over = facts_of(await client.call_tool("get_call", {"call_id": call_id}))

    assert "analysis" not in over
    assert over["next_action"].startswith("get_call")


async def test_the_resource_of_a_call_tells_how_far_its_analysis_has_got(rig: Rig) -> None:
    rig.exchange.analyses = True
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, spoken("callee", "Fine."))
        await rig.finish(call_id)
        read = await client.read_resource(uris.call(call_id))

    assert '"analysis": "pending"' in str(read.contents[0])

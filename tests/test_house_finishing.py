"""The composition root: with an analyst what was said is read, and without one it is not."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from switchhook.app import exchange_of, placing_calls
from switchhook.domain.analysis import AnalysisStatus, Judgement
from switchhook.domain.interaction import Interaction
from switchhook.domain.outcome import Outcome
from switchhook.service import calls, keys
from switchhook.service.requests import CallRequest
from switchhook.settings import read_settings
from switchhook.testing import ScriptedAnalyst

pytestmark = pytest.mark.anyio

PATIENCE = 60.0


async def held(folder: Path, analyst: ScriptedAnalyst | None) -> Interaction:
    """Return the record of a call on the loopback line when nothing more is waited for."""
    environment = {"SWITCHHOOK_DATA": str(folder), "SWITCHHOOK_LOOPBACK_SPEED": "20"}
    settings = read_settings(environment)
    exchange = exchange_of(settings)
    with closing(exchange.database):
        await exchange.database.ready()
        owner = await keys.local_owner(exchange)
        async with placing_calls(exchange, settings, analyst=analyst):
            wanted = CallRequest(to="+15550100001", task="book a table")
            call = (await calls.create_call(exchange, owner, wanted)).call
            async with asyncio.timeout(PATIENCE):
                while not call.settled:
                    await asyncio.sleep(0.05)
                    call = await calls.get_call(exchange, owner, call.id)
    return call


async def test_a_call_is_read_by_the_analyst_that_was_handed_in(tmp_path: Path) -> None:
    analyst = ScriptedAnalyst(Judgement(outcome=Outcome(summary="They have a table.")))

    call = await held(tmp_path, analyst)

    assert call.analysis is not None
    assert call.analysis.status is AnalysisStatus.DONE
    assert call.outcome is not None
    assert call.outcome.summary == "They have a table."
    assert [reading.purpose for reading in analyst.read] == ["book a table"]


async def test_without_an_analyst_a_call_is_settled_with_its_end(tmp_path: Path) -> None:
    call = await held(tmp_path, None)

    assert call.analysis is None
    assert call.outcome is not None

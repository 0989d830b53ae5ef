"""The analysis of a call, before and after it is there."""

from __future__ import annotations

import httpx
import pytest

from switchhook.domain.analysis import Analysis, AnalysisStatus, Sentiment
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.outcome import Evidence, FieldResult, Outcome, Verdict
from switchhook.domain.transcript import Line
from switchhook.ports import Entry
from switchhook.service import finishing, placing
from tests.faces.http.town import ANYBODY, Town, made_call, said

pytestmark = pytest.mark.anyio

FOUR = FieldResult(value=4, known=True, evidence=Evidence(line=0, quote="for four"))
TOLD = Outcome(verdict=Verdict.PARTIAL, summary="0 of 1", fields={"guests": FieldResult()})
JUDGED = Outcome(verdict=Verdict.ACHIEVED, summary="A table.", fields={"guests": FOUR})
DONE = Analysis(status=AnalysisStatus.DONE, sentiment=Sentiment.POSITIVE)
FAILED = Analysis(status=AnalysisStatus.FAILED, problem="no such model")


async def ended(town: Town, client: httpx.AsyncClient) -> str:
    """Return the id of a call that is over, and that somebody is to analyse."""
    town.exchange.analyses = True
    call = await made_call(client, to_number=ANYBODY)
    await placing.begin_attempt(town.exchange, call["id"])
    words = (Line(speaker="callee", text="Yes, for four.").fact(),)
    await placing.write(town.exchange, call["id"], Entry(words, State.IN_PROGRESS))
    end = Entry(state=State.ENDED, reason=Reason.USER_HANGUP, outcome=TOLD)
    await placing.write(town.exchange, call["id"], end)
    return str(call["id"])


@pytest.mark.parametrize(
    ("entry", "summary", "sentiment", "found"),
    [
        (Entry(judged=JUDGED, analysis=DONE), "A table.", "Positive", {"guests": 4}),
        (Entry(analysis=FAILED), "0 of 1", "Unknown", {}),
    ],
)
async def test_the_analysis_is_null_until_there_is_one(
    town: Town, entry: Entry, summary: str, sentiment: str, found: dict[str, int]
) -> None:
    async with town.client(town.alice) as alice:
        call_id = await ended(town, alice)
        before = said(await alice.get(f"/api/calls/{call_id}"))
        [due] = (await finishing.claim(town.exchange, 1)).due

        await finishing.settle(town.exchange, due, entry)

        after = said(await alice.get(f"/api/calls/{call_id}"))
    assert (before["call_status"], before["call_analysis"]) == ("ended", None)
    assert after["call_analysis"] == {
        "call_summary": summary,
        "call_successful": bool(found),
        "user_sentiment": sentiment,
        "in_voicemail": False,
        "custom_analysis_data": found,
    }

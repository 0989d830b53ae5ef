"""What is done about a call that is over, whatever becomes of those who do it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.analysis import AnalysisStatus, Judgement, Sentiment
from switchhook.domain.errors import Misconfigured, RecordingNotFound, Unavailable
from switchhook.domain.happenings import Happening, Kind
from switchhook.domain.interaction import Interaction, Recording
from switchhook.domain.outcome import Outcome, Verdict
from switchhook.domain.transcript import Line
from switchhook.ports import Analyst, Recordings
from switchhook.service import calls
from switchhook.service.finishing import Round, claim
from switchhook.store.database import Database
from switchhook.testing import ScriptedAnalyst, run_virtually
from switchhook.work.finishing import Finishing
from tests.mortal import Death, MortalStore
from tests.work.endings import ENOUGH, office

JUDGED = Judgement(
    outcome=Outcome(verdict=Verdict.ACHIEVED, summary="A table for four."),
    sentiment=Sentiment.POSITIVE,
)


def later() -> Unavailable:
    return Unavailable("try later", hint="later")


@dataclass
class Shelf:
    """A carrier's recordings; those who ask too early, or in trouble, are told so."""

    troubles: list[Exception] = field(default_factory=list[Exception])
    asked: list[str] = field(default_factory=list[str])
    discarded: list[str] = field(default_factory=list[str])
    stuck: int = 0
    """How often it refuses to delete anything."""

    async def discard(self, ref: str) -> None:
        self.stuck -= 1
        if self.stuck >= 0:
            raise later()
        self.discarded.append(ref)

    async def fetch(self, ref: str, into: Path) -> Recording:
        self.asked.append(ref)
        await asyncio.sleep(1)
        if self.troubles:
            raise self.troubles.pop(0)
        await asyncio.to_thread(into.write_bytes, b"RIFF")
        return Recording(path=str(into), seconds=2.0, bytes=4)


async def finished(
    folder: Path,
    analyst: Analyst | None,
    recordings: Mapping[str, Recordings] | None = None,
    **request: Any,
) -> tuple[Interaction, tuple[Happening, ...]]:
    """Return a call, and its story, after everything was done that is done about it."""
    database = Database.open("sqlite://", inline=True)
    async with office(folder, database, recorded=recordings is not None) as at:
        finishing = Finishing(at.exchange, analyst=analyst, recordings=recordings)
        at.exchange.finish = finishing.wake
        async with finishing.open():
            call_id = await at.ended(**request)
            assert (await at.record(call_id)).terminal
            await asyncio.sleep(ENOUGH)
        found = await at.record(call_id), await at.story(call_id)
    database.close()
    return found


def test_a_call_is_analysed_as_soon_as_it_is_over(tmp_path: Path) -> None:
    analyst = ScriptedAnalyst(JUDGED)
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}

    call, _ = run_virtually(
        lambda: finished(tmp_path, analyst, result_schema=schema, variables={"guests": "four"})
    )

    assert call.analysis is not None
    assert (call.analysis.status, call.analysis.sentiment) == ("done", "positive")
    assert call.outcome == JUDGED.outcome
    [reading] = analyst.read
    assert reading.purpose == "book a table for four"
    assert reading.schema == schema
    assert [line.text for line in reading.transcript] == ["A table for four?", "Yes."]


@pytest.mark.parametrize(
    ("troubles", "asked", "status"),
    [
        ([later(), later()], 3, AnalysisStatus.DONE),
        ([later(), OSError("gone"), ValueError("a fault of ours")], 3, AnalysisStatus.FAILED),
        ([Misconfigured("no such model", hint="set it")], 1, AnalysisStatus.FAILED),
    ],
)
def test_an_analysis_that_fails_is_tried_again_where_that_can_help(
    tmp_path: Path, troubles: list[Exception], asked: int, status: AnalysisStatus
) -> None:
    analyst = ScriptedAnalyst(JUDGED, troubles=list(troubles))

    call, story = run_virtually(lambda: finished(tmp_path, analyst))

    assert len(analyst.read) == asked
    assert call.analysis is not None
    assert call.analysis.status is status
    assert (call.analysis.problem != "") is (status is AnalysisStatus.FAILED)
    assert "a fault of ours" not in story[-1].text


def test_an_analyst_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    analyst = ScriptedAnalyst(JUDGED, seconds=10**9)

    call, _ = run_virtually(lambda: finished(tmp_path, analyst))

    assert call.analysis is not None
    assert call.analysis.status is AnalysisStatus.FAILED


def test_where_the_model_was_taken_away_nothing_stays_pending(tmp_path: Path) -> None:
    call, story = run_virtually(lambda: finished(tmp_path, None))

    assert call.analysis is not None
    assert call.analysis.status is AnalysisStatus.SKIPPED
    assert story[-1].text == "Call not analysed: no model is set up any more"


def test_the_carriers_recording_is_fetched_when_it_is_ready(tmp_path: Path) -> None:
    shelf = Shelf(troubles=[later(), later()])

    call, story = run_virtually(
        lambda: finished(tmp_path, ScriptedAnalyst(JUDGED), {"telephone": shelf})
    )

    assert shelf.asked == ["CA_one"] * 3
    assert call.recording == Recording(path=str(tmp_path / f"{call.id}.wav"), seconds=2.0, bytes=4)
    assert [h.kind for h in story[-3:]] == ["outcome", "analysis", "recording"]


@pytest.mark.parametrize(
    ("recordings", "said"),
    [
        ({"telephone": Shelf([RecordingNotFound("nothing was recorded")])}, "nothing was recorded"),
        ({"telephone": Shelf([later()] * 99)}, "try later"),
        ({}, "is not set up any more"),
    ],
)
def test_a_recording_that_cannot_be_had_is_given_up_with_a_note(
    tmp_path: Path, recordings: Mapping[str, Recordings], said: str
) -> None:
    call, story = run_virtually(lambda: finished(tmp_path, ScriptedAnalyst(JUDGED), recordings))

    assert call.recording is None
    [note] = [happening for happening in story if happening.kind is Kind.NOTE]
    assert said in note.text


@pytest.mark.parametrize(("stuck", "noted"), [(2, 0), (99, 1)], ids=["late", "never"])
def test_the_carriers_copy_is_deleted_or_its_owner_is_told_that_it_is_not(
    tmp_path: Path, stuck: int, noted: int
) -> None:
    shelf = Shelf(stuck=stuck)

    async def main() -> list[Happening]:
        database = Database.open("sqlite://", inline=True)
        async with office(tmp_path, database, recorded=True) as at:
            at.exchange.discards_recordings = True
            finishing = Finishing(at.exchange, recordings={"telephone": shelf})
            at.exchange.finish = finishing.wake
            async with finishing.open():
                call_id = await at.ended()
                await asyncio.sleep(ENOUGH)
            notes = [h for h in await at.story(call_id) if h.kind is Kind.NOTE]
        database.close()
        return [note for note in notes if "may still have its recording: try later" in note.text]

    assert len(run_virtually(main)) == noted
    assert len(shelf.discarded) == 1 - noted


def test_a_recording_does_not_outlive_a_call_that_is_deleted_meanwhile(tmp_path: Path) -> None:
    async def main() -> None:
        database = Database.open("sqlite://", inline=True)
        async with office(tmp_path, database, recorded=True) as at:
            shelf = Shelf()
            finishing = Finishing(at.exchange, recordings={"telephone": shelf})
            at.exchange.finish = finishing.wake
            async with finishing.open():
                call_id = await at.ended()
                await asyncio.sleep(0.5)
                await calls.delete_call(at.exchange, at.owner, call_id)
                await asyncio.sleep(ENOUGH)
            assert shelf.asked == ["CA_one"]
        database.close()

    run_virtually(main)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fetched", [True, False], ids=["fetched", "not fetched yet"])
def test_with_a_deleted_call_goes_what_the_carrier_has_of_it(
    tmp_path: Path, *, fetched: bool
) -> None:
    shelf = Shelf(troubles=[] if fetched else [later()] * 99, stuck=2)

    async def main() -> None:
        database = Database.open("sqlite://", inline=True)
        async with office(tmp_path, database, recorded=True) as at:
            at.exchange.discards_recordings = True
            finishing = Finishing(at.exchange, recordings={"telephone": shelf})
            at.exchange.finish = finishing.wake
            async with finishing.open():
                call_id = await at.ended()
                await asyncio.sleep(3)
                await calls.delete_call(at.exchange, at.owner, call_id)
                await asyncio.sleep(ENOUGH)
            assert shelf.discarded == ["CA_one"]
            assert await claim(at.exchange, 9) == Round((), None)
        database.close()

    run_virtually(main)

    assert list(tmp_path.iterdir()) == []


def test_what_is_being_done_when_the_process_stops_is_brought_to_its_end(tmp_path: Path) -> None:
    async def main() -> AnalysisStatus | None:
        database = Database.open("sqlite://", inline=True)
        async with office(tmp_path, database, recorded=False) as at:
            finishing = Finishing(at.exchange, analyst=ScriptedAnalyst(JUDGED, seconds=4))
            at.exchange.finish = finishing.wake
            async with finishing.open():
                call_id = await at.ended()
                await asyncio.sleep(0.1)
            call = await at.record(call_id)
        database.close()
        return call.analysis.status if call.analysis else None

    assert run_virtually(main) is AnalysisStatus.DONE


# ---- death --------------------------------------------------------------------------------------


@dataclass
class Mortal:
    """An analyst and a shelf that a dead process cannot ask."""

    death: Death
    analyst: ScriptedAnalyst
    shelf: Shelf
    name: str = "mortal"

    async def analyse(
        self, transcript: Sequence[Line], schema: Mapping[str, Any] | None, purpose: str
    ) -> Judgement:
        return await self.death.around(
            lambda: self.analyst.analyse(transcript, schema, purpose), OSError("dead")
        )

    async def fetch(self, ref: str, into: Path) -> Recording:
        return await self.death.around(lambda: self.shelf.fetch(ref, into), OSError("dead"))

    async def discard(self, ref: str) -> None:
        await self.death.around(lambda: self.shelf.discard(ref), OSError("dead"))


async def one_death(folder: Path, death: Death) -> tuple[int, int]:
    """Die at a moment, come back, and return how often the analyst and the shelf were asked."""
    store = MortalStore("sqlite://", inline=True)
    world = Mortal(death, ScriptedAnalyst(JUDGED, seconds=1), Shelf())
    async with office(folder, store, recorded=True) as at:
        at.exchange.discards_recordings = True
        first = Finishing(at.exchange, analyst=world, recordings={"telephone": world})
        at.exchange.finish = first.wake
        async with first.open():
            call_id = await at.ended()
            store.death = death
            await asyncio.sleep(3)
        store.death = world.death = Death(at=10_000)
        again = Finishing(at.exchange, analyst=world, recordings={"telephone": world})
        async with again.open():
            await asyncio.sleep(ENOUGH)
        call = await at.record(call_id)
        kinds = [happening.kind.value for happening in await at.story(call_id)]
    store.close()
    assert call.analysis is not None
    assert (call.analysis.status, call.outcome) == (AnalysisStatus.DONE, JUDGED.outcome)
    assert call.recording is not None
    assert (kinds.count("analysis"), kinds.count("recording")) == (1, 1)
    assert set(world.shelf.discarded) == {"CA_one"}
    return len(world.analyst.read), len(world.shelf.asked)


def test_whenever_the_process_dies_everything_is_done_and_told_once(tmp_path: Path) -> None:
    async def main() -> list[tuple[int, int]]:
        asked: list[tuple[int, int]] = []
        for moment in range(60):
            death = Death(moment)
            asked.append(await one_death(tmp_path, death))
            if not death.happened:
                return asked
        raise AssertionError("finishing has more moments than anybody expected")

    asked = run_virtually(main)

    assert len(asked) >= 9
    assert asked[-1] == (1, 1)
    # Once more only where the answer was on its way, or not stored yet, when the process died.
    assert max(analysed for analysed, _ in asked) == 2
    assert max(fetched for _, fetched in asked) == 2

"""Reading, waiting, listing, changing, ending, steering and deleting calls."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from switchhook.domain.errors import (
    CallNotFound,
    CallOver,
    Conflict,
    InvalidInput,
    NotAllowed,
    RecordingNotFound,
)
from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Channel, Direction, Interaction, Recording
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.transcript import Line
from switchhook.ports import Entry, HangUp, Say
from switchhook.runtime.hub import Changed
from switchhook.service import calls, following, placing
from switchhook.service.identity import Scope
from switchhook.service.requests import CallFilter, CallRequest
from tests.service.fakes import FICTIONAL, MOBILE, ObedientCall, Town

pytestmark = pytest.mark.anyio


async def queued(town: Town, **changes: Any) -> Interaction:
    wanted = CallRequest.model_validate({"to": MOBILE, "task": "Ask"} | changes)
    return (await calls.create_call(town.exchange, town.owner, wanted)).call


async def live(town: Town, **changes: Any) -> Interaction:
    call = await queued(town, **changes)
    await placing.begin_attempt(town.exchange, call.id)
    return await placing.write(town.exchange, call.id, Entry(state=State.IN_PROGRESS))


async def over(town: Town, seconds: float = 10, **changes: Any) -> Interaction:
    call = await live(town, **changes)
    town.clock.advance(seconds)
    end = Entry(state=State.ENDED, reason=Reason.USER_HANGUP)
    return await placing.write(town.exchange, call.id, end)


# ---- following ----------------------------------------------------------------------------------


async def test_news_come_a_page_at_a_time(town: Town) -> None:
    call = await live(town)
    first = await following.happenings(town.exchange, town.owner, call.id, limit=3)
    rest = await following.happenings(town.exchange, town.owner, call.id, after=first.cursor)

    assert ([h.seq for h in first.happenings], first.cursor, first.more) == ([1, 2, 3], 3, True)
    assert ([h.seq for h in rest.happenings], rest.cursor, rest.more) == ([4], 4, False)
    states = await following.happenings(town.exchange, town.owner, call.id, kinds=[Kind.CREATED])
    assert ([h.seq for h in states.happenings], states.cursor) == ([1], 4)


async def test_whoever_waits_is_told_as_soon_as_something_happens(town: Town) -> None:
    call = await live(town)
    waiting = asyncio.create_task(
        following.wait_for_news(
            town.exchange, town.owner, call.id, after=call.last_seq, max_wait=30
        )
    )
    async with asyncio.timeout(5):
        await town.hub.somebody_listens.wait()
        note = Entry(facts=(Fact(kind=Kind.NOTE, text="news"),))
        await placing.write(town.exchange, call.id, note)
        news = await waiting
    assert [h.text for h in news.happenings] == ["news"]
    assert town.hub.listeners == 0


async def test_waiting_ends_with_the_time_or_with_the_call(town: Town) -> None:
    call = await live(town)
    for max_wait in (0.01, -1):
        news = await following.wait_for_news(
            town.exchange, town.owner, call.id, after=call.last_seq, max_wait=max_wait
        )
        assert (news.happenings, news.cursor) == ((), call.last_seq)
    ended = await over(town)
    async with asyncio.timeout(5):
        news = await following.wait_for_news(
            town.exchange, town.owner, ended.id, after=ended.last_seq, max_wait=45
        )
    assert news.call.terminal


async def test_news_of_other_calls_wake_nobody(town: Town) -> None:
    call = await live(town)

    def disturb() -> None:
        town.exchange.hub.publish(Changed(call.org_id, "call_other", 99))

    asyncio.get_running_loop().call_later(0.005, disturb)
    news = await following.wait_for_news(
        town.exchange, town.owner, call.id, after=call.last_seq, max_wait=0.05
    )
    assert news.happenings == ()


async def test_a_transcript_comes_a_page_at_a_time(town: Town) -> None:
    call = await live(town)
    said = [Line(speaker="agent", text=str(n), start_ms=n, end_ms=n) for n in range(5)]
    await placing.write(town.exchange, call.id, Entry(facts=tuple(line.fact() for line in said)))
    first = await following.transcript(town.exchange, town.owner, call.id, limit=3)
    assert first.cursor is not None
    rest = await following.transcript(town.exchange, town.owner, call.id, after=first.cursor)
    assert [*first.lines, *rest.lines] == said
    assert rest.cursor is None


# ---- listing ------------------------------------------------------------------------------------


async def listed(town: Town, **wanted: Any) -> list[str]:
    page = await calls.list_calls(town.exchange, town.owner, CallFilter.model_validate(wanted))
    return [call.id for call in page.calls]


async def test_calls_are_listed_newest_first_and_by_the_page(town: Town) -> None:
    made: list[str] = []
    for _ in range(5):
        made.append((await queued(town)).id)
        town.clock.advance(1)
    assert await listed(town) == made[::-1]
    assert await listed(town, ascending=True, offset=1, limit=2) == made[1:3]
    page = await calls.list_calls(town.exchange, town.owner, CallFilter(offset=100, limit=1))
    assert (page.calls, page.total) == ((), 5)


async def test_calls_are_found_by_what_is_known_of_them(town: Town) -> None:
    start = town.clock.now()
    short = await over(town, 5, task="Order 50% off_flowers")
    town.clock.advance(1)
    long = await over(town, 60, to=FICTIONAL, agent={"name": "Florist"})
    said = Line(speaker="callee", text="We sell Tulips")
    await placing.write(town.exchange, long.id, Entry(facts=(said.fact(),)))
    web = await queued(town, to=None, channel=Channel.WEB_CALL)

    assert await listed(town, status=["ended"], max_seconds=10) == [short.id]
    assert await listed(town, min_seconds=0.5, max_seconds=100, ascending=True) == [
        short.id,
        long.id,
    ]
    assert await listed(town, channel="web_call") == [web.id]
    assert await listed(town, to_number=FICTIONAL) == [long.id]
    assert await listed(town, agent="FLORIST") == [long.id]
    assert await listed(town, text="tulips") == [long.id]
    assert await listed(town, text="50% OFF_") == [short.id]
    assert await listed(town, text="50x") == []
    assert len(await listed(town, created_after=start)) == 2
    assert len(await listed(town, created_after=start.replace(tzinfo=None))) == 2
    assert await listed(town, direction=Direction.INBOUND) == []
    assert await listed(town, sort_by="duration") == [long.id, short.id, web.id]
    with pytest.raises(InvalidInput, match="sorted by"):
        await listed(town, sort_by="agent; drop table calls")


# ---- changing -----------------------------------------------------------------------------------


async def test_metadata_is_merged(town: Town) -> None:
    call = await queued(town, metadata={"a": 1, "b": 2})
    changed = await calls.update_call(
        town.exchange, town.owner, call.id, metadata={"b": 3, "c": [4]}
    )
    assert changed.metadata == {"a": 1, "b": 3, "c": [4]}
    assert await calls.get_call(town.exchange, town.owner, call.id) == changed
    too_much = {str(n): n for n in range(49)}
    with pytest.raises(InvalidInput):
        await calls.update_call(town.exchange, town.owner, call.id, metadata=too_much)


async def test_the_from_number_changes_only_before_the_dialling(town: Town) -> None:
    call = await queued(town)
    changed = await calls.update_call(town.exchange, town.owner, call.id, from_number=FICTIONAL)
    assert changed.from_number == FICTIONAL
    await placing.begin_attempt(town.exchange, call.id)
    with pytest.raises(Conflict):
        await calls.update_call(town.exchange, town.owner, call.id, from_number=MOBILE)


# ---- ending and steering ------------------------------------------------------------------------


@pytest.mark.parametrize("number", [MOBILE, None])
async def test_ending_what_was_not_dialled_cancels_it(town: Town, number: str | None) -> None:
    call = await queued(town, to=number)
    ended = await calls.end_call(town.exchange, town.owner, call.id)
    again = await calls.end_call(town.exchange, town.owner, call.id)

    assert (ended.call.state, ended.call.reason) == (State.NOT_CONNECTED, Reason.CANCELED)
    assert (ended.replayed, again.replayed) == (False, True)
    assert town.news[-1] == Changed(call.org_id, call.id, ended.call.last_seq)
    assert await placing.begin_attempt(town.exchange, call.id) is None


async def test_ending_a_live_call_hangs_up(town: Town) -> None:
    call = await live(town)
    runner = ObedientCall()
    with town.exchange.switchboard.plugged(call.id, runner):
        ended = await calls.end_call(town.exchange, town.owner, call.id)
    assert runner.commands == [HangUp(Reason.API_HANGUP)]
    assert not ended.replayed


async def test_a_call_that_is_just_being_placed_is_waited_for(town: Town) -> None:
    call = await live(town)
    runner = ObedientCall()
    ending = asyncio.create_task(calls.end_call(town.exchange, town.owner, call.id))
    async with asyncio.timeout(5):
        await town.hub.somebody_listens.wait()
        town.hub.publish(Changed(call.org_id, "call_other", 1))
        with town.exchange.switchboard.plugged(call.id, runner):
            await placing.write(town.exchange, call.id, Entry(open_question="q"))
            await ending
    assert runner.commands == [HangUp(Reason.API_HANGUP)]


async def test_a_live_call_that_nobody_runs_here_cannot_be_steered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchhook.service.steering._PATIENCE", 0.01)
    call = await live(town)
    with pytest.raises(Conflict, match="not run by this process"):
        await calls.end_call(town.exchange, town.owner, call.id)
    with pytest.raises(Conflict, match="not run by this process"):
        await calls.control_call(town.exchange, town.owner, call.id, Say("Hi"))


async def test_a_command_reaches_the_running_call(town: Town) -> None:
    call = await live(town)
    runner = ObedientCall()
    with town.exchange.switchboard.plugged(call.id, runner):
        receipt = await calls.control_call(town.exchange, town.owner, call.id, Say("Hi"))
    assert (receipt.result, runner.commands) == ("done", [Say("Hi")])


async def test_only_a_call_with_somebody_on_the_line_is_steered(town: Town) -> None:
    waiting = await queued(town)
    with pytest.raises(Conflict, match="nobody is on the line"):
        await calls.control_call(town.exchange, town.owner, waiting.id, Say("Hi"))
    ended = await over(town)
    with pytest.raises(CallOver):
        await calls.control_call(town.exchange, town.owner, ended.id, Say("Hi"))


# ---- keeping ------------------------------------------------------------------------------------


async def recorded(town: Town, path: str) -> Interaction:
    call = await over(town)
    return await placing.write(
        town.exchange, call.id, Entry(recording=Recording(path=path, seconds=1, bytes=4))
    )


async def test_a_recording_is_read_from_our_folder(town: Town) -> None:
    town.exchange.recordings.mkdir()
    call = await recorded(town, "a.wav")
    with pytest.raises(RecordingNotFound, match="gone"):
        await calls.recording_of(town.exchange, town.owner, call.id)
    (town.exchange.recordings / "a.wav").write_bytes(b"RIFF")
    assert await calls.recording_of(town.exchange, town.owner, call.id) == b"RIFF"


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", ".", "a/../../secret"])
async def test_no_path_leads_out_of_our_folder(town: Town, path: str) -> None:
    town.exchange.recordings.mkdir()
    (town.exchange.recordings.parent / "secret").write_text("secret")
    call = await recorded(town, path)
    with pytest.raises(RecordingNotFound):
        await calls.recording_of(town.exchange, town.owner, call.id)
    await calls.delete_call(town.exchange, town.owner, call.id)
    assert (town.exchange.recordings.parent / "secret").exists()


async def test_a_symlink_leads_nowhere_either(town: Town, tmp_path: Path) -> None:
    town.exchange.recordings.mkdir()
    (tmp_path / "secret").write_text("secret")
    (town.exchange.recordings / "a.wav").symlink_to(tmp_path / "secret")
    call = await recorded(town, "a.wav")
    with pytest.raises(RecordingNotFound):
        await calls.recording_of(town.exchange, town.owner, call.id)


async def test_a_call_without_a_recording_says_so(town: Town) -> None:
    with pytest.raises(RecordingNotFound):
        await calls.recording_of(town.exchange, town.owner, (await over(town)).id)


async def test_a_deleted_call_leaves_no_words(town: Town) -> None:
    town.exchange.recordings.mkdir()
    (town.exchange.recordings / "a.wav").write_bytes(b"RIFF")
    call = await live(town, task="canary task", call_id="own", metadata={"m": "canary"})
    said = Line(speaker="callee", text="canary speech")
    await placing.write(
        town.exchange,
        call.id,
        Entry(
            facts=(said.fact(),),
            state=State.ENDED,
            reason=Reason.USER_HANGUP,
            recording=Recording(path="a.wav", seconds=1, bytes=4),
        ),
    )
    await calls.delete_call(town.exchange, town.owner, "own")

    for reference in (call.id, "own"):
        with pytest.raises(CallNotFound):
            await calls.get_call(town.exchange, town.owner, reference)
    assert not (town.exchange.recordings / "a.wav").exists()
    assert await listed(town) == []
    left = await town.exchange.database.read(everything)
    assert "canary" not in left
    assert MOBILE not in left
    with pytest.raises(CallNotFound):
        await placing.write(town.exchange, call.id, Entry())


def everything(connection: Any) -> str:
    from switchhook.store.tables import metadata  # noqa: PLC0415 - only this test looks inside

    return "\n".join(
        str(row) for table in metadata.sorted_tables for row in connection.execute(table.select())
    )


async def test_an_own_id_is_free_again_and_a_key_is_not(town: Town) -> None:
    call = await over(town, call_id="own", idempotency_key="k")
    await calls.delete_call(town.exchange, town.owner, call.id)
    with pytest.raises(Conflict, match="deleted"):
        await queued(town, call_id="own", idempotency_key="k")
    assert (await queued(town, call_id="own")).public_id == "own"


async def test_a_call_is_not_deleted_while_it_lives(town: Town) -> None:
    for call in (await queued(town), await live(town)):
        with pytest.raises(Conflict, match="cannot be deleted"):
            await calls.delete_call(town.exchange, town.owner, call.id)
    record = await queued(town, to=None)
    await calls.delete_call(town.exchange, town.owner, record.id)


# ---- scopes and tenants -------------------------------------------------------------------------


async def test_a_key_without_scopes_may_do_nothing(town: Town) -> None:
    call = await over(town)
    nobody = replace(town.owner, scopes=frozenset[Scope]())
    for attempt in (
        calls.get_call(town.exchange, nobody, call.id),
        calls.list_calls(town.exchange, nobody, CallFilter()),
        calls.check_call(town.exchange, nobody, CallRequest(to=MOBILE, task="x")),
        calls.update_call(town.exchange, nobody, call.id, metadata={}),
        calls.delete_call(town.exchange, nobody, call.id),
        calls.end_call(town.exchange, nobody, call.id),
        calls.control_call(town.exchange, nobody, call.id, Say("x")),
        calls.recording_of(town.exchange, nobody, call.id),
        following.happenings(town.exchange, nobody, call.id),
        following.wait_for_news(town.exchange, nobody, call.id, after=0, max_wait=1),
        following.transcript(town.exchange, nobody, call.id),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_a_stranger_sees_nothing_of_a_call(town: Town) -> None:
    call = await over(town, call_id="own")
    stranger = await town.stranger()
    for reference in (call.id, "own"):
        for attempt in (
            calls.get_call(town.exchange, stranger, reference),
            calls.update_call(town.exchange, stranger, reference, metadata={}),
            calls.delete_call(town.exchange, stranger, reference),
            calls.end_call(town.exchange, stranger, reference),
            calls.control_call(town.exchange, stranger, reference, Say("x")),
            calls.recording_of(town.exchange, stranger, reference),
            following.happenings(town.exchange, stranger, reference),
            following.wait_for_news(town.exchange, stranger, reference, after=0, max_wait=1),
            following.transcript(town.exchange, stranger, reference),
        ):
            with pytest.raises(CallNotFound):
                await attempt
    assert (await calls.list_calls(town.exchange, stranger, CallFilter())).total == 0


@pytest.mark.parametrize("reference", ["", "call_none", "\0", "\ud800", "x" * 10_000, "' or 1=1"])
async def test_any_text_may_be_asked_for(town: Town, reference: str) -> None:
    with pytest.raises(CallNotFound):
        await calls.get_call(town.exchange, town.owner, reference)

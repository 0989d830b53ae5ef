"""Reading calls: the parts on demand, pages, lists."""

from __future__ import annotations

import pytest

from switchhook.domain.outcome import FieldResult, Outcome, Verdict
from switchhook.domain.transcript import Line
from switchhook.service.exchange import ConfirmPolicy
from tests.faces.mcp.rig import (
    FROM,
    REAL,
    Mode,
    Rig,
    facts_of,
    failure_of,
    simulated_call,
    spoken,
)

pytestmark = pytest.mark.anyio


async def test_every_part_of_a_call_can_be_included(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, spoken("agent", "Hello"), latency={"turns": [120]})
        outcome = Outcome(
            verdict=Verdict.PARTIAL,
            summary="A name was given.",
            fields={"name": FieldResult(value="Kim", known=True), "age": FieldResult()},
        )
        await rig.finish(call_id, outcome=outcome)
        everything = "transcript, EVENTS, recording, latency, cost, analysis"
        facts = facts_of(
            await client.call_tool("get_call", {"call_id": call_id, "include": everything})
        )
        listed = facts_of(
            await client.call_tool("get_call", {"call_id": call_id, "include": '["cost"]'})
        )

    assert [line["text"] for line in facts["transcript"]["lines"]] == ["Hello"]
    assert len(facts["events"]["events"]) == facts["cursor"]
    assert facts["recording"] == {"available": False}
    assert facts["latency"] == {"turns": [120]}
    assert facts["cost"]["amount"] == 0
    assert facts["analysis"]["fields"]["name"]["value"] == "Kim"
    assert facts["outcome"]["fields"] == {"name": "Kim"}
    assert facts["next_action"] == "none"
    assert "transcript" not in listed
    assert "cost" in listed


async def test_what_is_not_there_is_said_not_to_be(rig: Rig, mode: Mode) -> None:
    rig.exchange.confirm = ConfirmPolicy.NEVER
    async with rig.client(mode) as client:
        made = facts_of(
            await client.call_tool("create_call", {"to": REAL, "from": FROM, "task": "x"})
        )
        parts = ["cost", "analysis", "latency", "recording"]
        facts = facts_of(
            await client.call_tool("get_call", {"call_id": made["call_id"], "include": parts})
        )

    assert facts["cost"]["amount"] is None
    assert (facts["analysis"], facts["latency"]) == ({}, {})
    assert facts["recording"] == {"available": False}
    assert facts["simulated"] is False


async def test_a_turn_that_was_cut_short_says_so(rig: Rig, mode: Mode) -> None:
    cut = Line(speaker="agent", text="Good eve", interrupted=True)
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, cut.fact())
        facts = facts_of(
            await client.call_tool("get_call", {"call_id": call_id, "include": "transcript"})
        )

    [line] = facts["transcript"]["lines"]
    assert line["interrupted"] is True
    assert not {"untrusted", "heard_estimated"} & set(line)


async def test_what_nobody_proved_to_be_heard_is_called_an_estimate(rig: Rig, mode: Mode) -> None:
    guessed = Line(speaker="agent", text="Good evening", heard_estimated=True)
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, guessed.fact())
        wanted = {"call_id": call_id, "include": ["transcript", "events"]}
        facts = facts_of(await client.call_tool("get_call", wanted))

    assert facts["transcript"]["lines"][0]["heard_estimated"] is True
    assert facts["events"]["events"][-1]["heard_estimated"] is True


async def test_a_long_transcript_comes_in_pages_that_make_the_whole(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.write(call_id, *(spoken("agent", f"line {n}") for n in range(7)))
        read: list[str] = []
        cursor: int | None = 0
        while cursor is not None:
            page = facts_of(
                await client.call_tool(
                    "get_call",
                    {"call_id": call_id, "include": "transcript", "limit": 3, "cursor": cursor},
                )
            )["transcript"]
            read += [line["text"] for line in page["lines"]]
            cursor = page["next_cursor"]

    assert read == [f"line {n}" for n in range(7)]


async def test_one_cursor_cannot_page_two_parts(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        result = await client.call_tool(
            "get_call", {"call_id": call_id, "include": "transcript events", "cursor": 2}
        )

    assert failure_of(result)["field"] == "include"


async def test_calls_are_listed_a_page_at_a_time(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        made = [await simulated_call(client, task=f"task {n}") for n in range(3)]
        await client.call_tool("end_call", {"call_id": made[0]})
        first = facts_of(await client.call_tool("list_calls", {"limit": 2}))
        second = facts_of(
            await client.call_tool("list_calls", {"limit": 2, "cursor": first["next_cursor"]})
        )
        queued = facts_of(await client.call_tool("list_calls", {"status": "QUEUED"}))
        found = facts_of(await client.call_tool("list_calls", {"text": "task 1"}))

    shown = [call["call_id"] for call in first["calls"] + second["calls"]]
    assert sorted(shown) == sorted(made)
    assert first["next_action"] == "list_calls(cursor=2)"
    assert "next_cursor" not in second
    assert {call["call_id"] for call in queued["calls"]} == set(made[1:])
    assert [call["call_id"] for call in found["calls"]] == [made[1]]
    assert all(call["simulated"] for call in first["calls"])

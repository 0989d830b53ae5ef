"""How much a call takes to read."""

from __future__ import annotations

import json

import pytest

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.outcome import FieldResult, Outcome, Verdict
from switchhook.faces.mcp.schemas import slim, terse
from tests.faces.mcp.rig import Mode, Rig, facts_of, simulated_call, spoken

MOST_BYTES = 2_000


@pytest.mark.anyio
@pytest.mark.parametrize("words", ["word ", "слово "], ids=["plain", "two bytes a letter"])
async def test_a_call_of_ten_minutes_takes_less_than_two_thousand_bytes(
    rig: Rig, mode: Mode, words: str
) -> None:
    outcome = Outcome(
        verdict=Verdict.PARTIAL,
        summary=words * 300,
        fields={
            f"a_question_with_a_long_name_{number}": FieldResult(value=words * 40, known=True)
            for number in range(30)
        },
    )
    async with rig.client(mode) as client:
        call_id = await simulated_call(client, task=words * 300, agent={"name": "A" * 80})
        await rig.pick_up(call_id)
        for minute in range(10):
            await rig.write(
                call_id,
                *(spoken("callee", words * 20, minute * 60_000 + n) for n in range(30)),
            )
        await rig.finish(call_id, outcome=outcome)
        result = await client.call_tool("get_call", {"call_id": call_id})

    facts = facts_of(result)
    assert len(json.dumps(facts, ensure_ascii=False).encode()) < MOST_BYTES
    assert len(facts["outcome"]["fields"]) > 3
    assert "include analysis" in facts["outcome"]["more"]


@pytest.mark.anyio
async def test_short_answers_are_told_as_they_are(rig: Rig, mode: Mode) -> None:
    values = {"age": 41, "tall": True, "height": 1.8, "names": ["Kim", "Lou"], "big": 10**60}
    fields = {name: FieldResult(value=value, known=True) for name, value in values.items()}
    fields["none"] = FieldResult(value=None, known=True)
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        await rig.finish(call_id, outcome=Outcome(fields=fields))
        told = facts_of(await client.call_tool("get_call", {"call_id": call_id}))

    shown = told["outcome"]["fields"]
    assert (shown["age"], shown["tall"], shown["height"]) == (41, True, 1.8)
    assert shown["names"] == "['Kim', 'Lou']"
    assert str(shown["big"]).startswith("1000")
    assert len(str(shown["big"])) < 51


@pytest.mark.anyio
async def test_a_question_nobody_can_find_is_told_by_its_id(rig: Rig) -> None:
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        await rig.pick_up(call_id)
        other = Fact(kind=Kind.QUESTION, text="Else?", data={"question_id": "q0"})
        await rig.write(call_id, other, open_question="q9")
        facts = facts_of(await client.call_tool("get_call", {"call_id": call_id}))

    assert facts["open_question"] == {
        "question_id": "q9",
        "question": "",
        "deadline_seconds": None,
    }


def test_a_slim_schema_says_the_same_in_less() -> None:
    schema = {
        "title": "Thing",
        "description": "a class's docstring",
        "type": "object",
        "additionalProperties": False,
        "$defs": {"Inner": {"title": "Inner", "description": "no", "type": "object"}},
        "properties": {
            "title": {"title": "Title", "type": "string", "default": ""},
            "inner": {"anyOf": [{"$ref": "#/$defs/Inner"}, {"type": "null"}], "default": None},
            "either": {"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "null"}]},
            "limit": {"type": "integer", "default": 20, "minimum": 1, "maximum": 50},
        },
    }

    assert slim(schema) == {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "title": {"type": "string"},
            "inner": {"type": "object"},
            "either": {"anyOf": [{"type": "string"}, {"type": "object"}]},
            "limit": {"type": "integer", "default": 20, "maximum": 50},
        },
    }


def test_what_another_tool_tells_is_not_told_again() -> None:
    known = {"properties": {"a": {"type": "string", "description": "first"}}}
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "description": "again"},
            "b": {"type": "string", "description": "new"},
        },
    }

    assert terse(schema, known=known)["properties"] == {
        "a": {"type": "string"},
        "b": {"type": "string", "description": "new"},
    }

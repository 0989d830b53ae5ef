"""Agents over REST."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.faces.http.town import Town, made_agent, made_call, refused, said

pytestmark = pytest.mark.anyio

THOUGHT = {
    "mind": "model",
    "fallback_model": "small",
    "reasoning_effort": "low",
    "verbosity": "low",
}
FULL: dict[str, Any] = {
    "agent_name": "  Table booker ",
    "begin_message": "Hello {{name}}!",
    "language": "en-US",
    "llm_config": {
        "system_message": "Book a table for {{party_size}}.",
        "system_message_variables": ["party_size"],
        "temperature": 0.5,
        "tools": [{"name": "end_call"}],
        "mind": "Model",
        "fallback_model": "small",
        "reasoning_effort": "low",
        "verbosity": "LOW",
    },
    "model": "large",
    "voice": {"provider": "offline", "voice_id": "anna"},
    "tts_config": {"voice_id": "bella", "voice_speed": 1.5, "model": "fast"},
    "stt_config": {"use_realtime": True, "provider": "deepgram", "keywords": ["Vetrova"]},
    "transcription_model": "nova-3",
    "test_variables": {"name": "Ann"},
    "end_call_after_silence_ms": 30_000,
    "max_call_duration_ms": 600_000,
    "result_schema": {"type": "object", "properties": {"time": {"type": "string"}}},
    "record": True,
    "metadata": {"team": "north"},
    "begin_message_delay_ms": 1000,
    "knowledge_base_ids": ["kb-1"],
    "webhook_url": "https://example.com/hook",
}


async def test_a_full_agent_comes_back_as_it_was_sent(alice: httpx.AsyncClient, town: Town) -> None:
    agent = said(await alice.post("/api/agents/create", json=FULL))

    assert agent["agent_id"].startswith("agent_")
    assert agent["organization_id"] == town.alice.org_id
    assert (agent["agent_name"], agent["version"], agent["language"]) == ("Table booker", 1, "en")
    assert agent["begin_message"] == agent["first_message"] == "Hello {{name}}!"
    assert agent["begin_message_variables"] == ["name"]
    assert agent["llm_config"] == {
        "system_message": "Book a table for {{party_size}}.",
        "system_message_variables": ["party_size"],
        "temperature": 0.5,
        "max_tokens": None,
        "tools": [{"name": "end_call"}],
        **THOUGHT,
    }
    assert agent["model"] == "large"
    assert agent["stt_config"] == {
        "provider": "deepgram",
        "model": "nova-3",
        "keywords": ["Vetrova"],
        "language": "en",
    }
    assert agent["transcription_model"] == "nova-3"
    assert agent["tts_config"] == {
        "provider": "offline",
        "voice_id": "bella",
        "voice_speed": 1.5,
        "language": "en",
        "model": "fast",
    }
    assert agent["voice"] == {"provider": "offline", "voice_id": "bella"}
    assert agent["created_at"] == agent["updated_at"] == "2026-03-02T12:00:00+00:00"
    same = (
        "test_variables",
        "end_call_after_silence_ms",
        "max_call_duration_ms",
        "result_schema",
        "record",
        "metadata",
        "begin_message_delay_ms",
        "knowledge_base_ids",
        "webhook_url",
    )
    assert {name: agent[name] for name in same} == {name: FULL[name] for name in same}


async def test_what_is_kept_without_effect_is_named(alice: httpx.AsyncClient) -> None:
    agent = said(await alice.post("/api/agents/create", json=FULL))

    named = {warning.partition(" ")[0] for warning in agent["warnings"]}

    assert named == {
        "begin_message_delay_ms",
        "knowledge_base_ids",
        "webhook_url",
        "llm_config.tools",
        "stt_config.use_realtime",
    }


async def test_a_name_is_enough(alice: httpx.AsyncClient) -> None:
    agent = said(await alice.post("/api/agents/create", json={"agent_name": "Plain"}))

    assert (agent["begin_message"], agent["warnings"], agent["record"]) == (None, [], False)
    assert agent["llm_config"]["system_message"] == ""


async def test_the_variables_of_a_prompt_are_found_when_nobody_lists_them(
    alice: httpx.AsyncClient,
) -> None:
    agent = await made_agent(alice)

    assert agent["llm_config"]["system_message_variables"] == ["party_size"]


async def test_names_of_variables_are_echoed_and_ask_for_nothing(alice: httpx.AsyncClient) -> None:
    body = {
        "agent_name": "Listed",
        "begin_message_variables": ["name"],
        "llm_config": {"system_message_variables": ["party_size"]},
    }
    agent = said(await alice.post("/api/agents/create", json=body))

    assert agent["begin_message_variables"] == ["name"]
    assert agent["llm_config"]["system_message_variables"] == ["party_size"]
    assert agent["warnings"] == []
    await made_call(alice, agent_id=agent["agent_id"])


async def test_first_message_is_another_name_of_begin_message(alice: httpx.AsyncClient) -> None:
    body = {"agent_name": "Greeter", "first_message": "Hi!"}
    agent = said(await alice.post("/api/agents/create", json=body))
    both = body | {"begin_message": "Hello!"}

    assert agent["begin_message"] == "Hi!"
    refused(await alice.post("/api/agents/create", json=both), 400, "invalid_input")


@pytest.mark.parametrize(
    ("members", "code", "field"),
    [
        ({}, "invalid_input", "agent_name"),
        ({"agent_name": "   "}, "invalid_input", "agent_name"),
        ({"agent_name": "x" * 51}, "invalid_input", "agent_name"),
        ({"agent_name": "A", "language": "tlh"}, "invalid_input", "language"),
        ({"agent_name": "A", "max_call_duration_ms": 1}, "invalid_input", "max_call_duration_ms"),
        (
            {"agent_name": "A", "tts_config": {"voice_speed": 9}},
            "invalid_input",
            "tts_config.voice_speed",
        ),
        ({"agent_name": "A", "mood": "good"}, "unsupported_parameter", "mood"),
        (
            {"agent_name": "A", "llm_config": {"prompt": "x"}},
            "unsupported_parameter",
            "llm_config.prompt",
        ),
        ({"agent_name": "A", "result_schema": {"type": 7}}, "invalid_input", "result_schema.type"),
    ],
)
async def test_an_agent_that_cannot_be_is_refused_by_member(
    alice: httpx.AsyncClient, members: dict[str, Any], code: str, field: str
) -> None:
    answer = await alice.post("/api/agents/create", json=members)

    assert refused(answer, 400, code)["field"] == field


async def test_a_name_that_is_taken_is_a_conflict(alice: httpx.AsyncClient) -> None:
    await made_agent(alice, "Twin")

    refused(await alice.post("/api/agents/create", json={"agent_name": "twin"}), 409, "conflict")


async def test_a_change_leaves_the_rest(alice: httpx.AsyncClient) -> None:
    made = said(await alice.post("/api/agents/create", json=FULL))
    change = {
        "language": None,
        "begin_message": "",
        "llm_config": {"max_tokens": 50, "system_message": "Book for {{guests}}."},
        "tts_config": {"voice_speed": 0.5},
        "metadata": {"team": "south"},
    }

    agent = said(await alice.patch(f"/api/agents/{made['agent_id']}", json=change))

    assert (agent["version"], agent["language"], agent["begin_message"]) == (2, "en", None)
    assert agent["llm_config"] == {
        "system_message": "Book for {{guests}}.",
        "system_message_variables": ["party_size"],
        "temperature": 0.5,
        "max_tokens": 50,
        "tools": [{"name": "end_call"}],
        **THOUGHT,
    }
    assert agent["tts_config"]["voice_id"] == "bella"
    assert agent["tts_config"]["voice_speed"] == 0.5
    assert agent["metadata"] == {"team": "south"}
    assert agent["knowledge_base_ids"] == ["kb-1"]


async def test_a_call_keeps_the_agent_it_was_made_with(alice: httpx.AsyncClient) -> None:
    agent = await made_agent(alice)
    call = await made_call(alice, agent_id=agent["agent_id"])
    await alice.patch(f"/api/agents/{agent['agent_id']}", json={"agent_name": "Renamed"})

    shown = said(await alice.get(f"/api/calls/{call['call_id']}"))

    assert (shown["agent_name"], shown["agent_version"]) == ("Table booker", 1)


async def test_agents_are_listed_in_pages(alice: httpx.AsyncClient) -> None:
    for name in ("Anna", "Carl", "Bert"):
        await made_agent(alice, name)

    page = said(
        await alice.get("/api/agents?limit=2&sort_by=agent_name&sort_order=ascending&page=0")
    )

    assert [agent["agent_name"] for agent in page["agents"]] == ["Anna", "Bert"]
    assert (page["pagination"]["total"], page["returned_count"]) == (3, 2)


async def test_an_agent_is_found_by_its_name_too(alice: httpx.AsyncClient) -> None:
    made = await made_agent(alice, "Anna")

    assert said(await alice.get("/api/agents/anna"))["agent_id"] == made["agent_id"]


async def test_a_copy_has_a_name_and_id_of_its_own(alice: httpx.AsyncClient) -> None:
    made = await made_agent(alice, "Anna")
    path = f"/api/agents/{made['agent_id']}/duplicate"

    named = said(await alice.post(path, json={"agent_name": "Bella"}))
    unnamed = said(await alice.post(path))

    assert named["agent_name"] == "Bella"
    assert unnamed["agent_name"] == "Anna (copy 1)"
    assert len({made["agent_id"], named["agent_id"], unnamed["agent_id"]}) == 3
    assert named["llm_config"] == made["llm_config"]


async def test_a_deleted_agent_is_gone(alice: httpx.AsyncClient, town: Town) -> None:
    made = await made_agent(alice)

    data = said(await alice.delete(f"/api/agents/{made['agent_id']}"))

    assert data == {
        "operation": "deleted",
        "organization_id": town.alice.org_id,
        "agent_id": made["agent_id"],
    }
    refused(await alice.get(f"/api/agents/{made['agent_id']}"), 404, "agent_not_found")

"""Agents over MCP: make, change, find; and what the server tells about itself."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from switchhook.faces.mcp.identity import carrying
from switchhook.runtime.signing import Signing
from tests.faces.mcp.rig import FICTION, Mode, Rig, facts_of, failure_of, text_of

pytestmark = pytest.mark.anyio


async def test_a_name_and_a_prompt_make_an_agent(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        made = await client.call_tool("create_agent", {"name": "Clock", "prompt": "Tell the time"})
        read = await client.call_tool("get_agent", {"agent": "clock"})

    facts = facts_of(made)
    assert facts["version"] == 1
    assert facts["prompt"]["content"] == "Tell the time"
    assert facts["next_action"] == 'create_call(to=…, agent="Clock")'
    assert facts_of(read) == facts
    assert "Clock" in text_of(read)


async def test_the_agent_of_the_readme_is_made(rig: Rig, mode: Mode) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    (form,) = [
        form for form in re.findall(r"```json\n(.*?)```", readme, re.DOTALL) if "actions" in form
    ]
    async with rig.client(mode) as client:
        facts = facts_of(await client.call_tool("create_agent", json.loads(form)))

    pairs = zip(json.loads(form)["actions"], facts["actions"], strict=True)
    assert all(made == made | asked for asked, made in pairs)


@pytest.mark.parametrize("kind", ["transfer_call", "add_to_conference"])
async def test_whom_an_agent_calls_has_a_number_or_one_that_a_variable_gives(
    rig: Rig, mode: Mode, kind: str
) -> None:
    async with rig.client(mode) as client:

        async def made(number: str) -> Any:
            action = {"type": kind, "phone_number": number}
            form = {"name": number, "prompt": "Help", "actions": [action]}
            return await client.call_tool("create_agent", form)

        failure = failure_of(await made("reception"))
        assert not (await made("{{reception}}")).is_error
        assert not (await made("+14155550100")).is_error

    assert failure["field"] == "actions.phone_number"


async def test_the_full_form_is_taken_as_well(rig: Rig, mode: Mode) -> None:
    form: dict[str, Any] = {
        "name": "Survey",
        "prompt": '{"content": "Ask {{whom}}", "required_variables": ["whom"]}',
        "first_message": "Good evening",
        "language": "de-DE",
        "voice": {"name": "alto", "speed": 1.2},
        "mind": {"kind": "interview"},
        "result_schema": '{"type": "object", "properties": {"age": {"type": "integer"}}}',
        "variables": {"whom": "Kim"},
        "actions": '[{"type": "end_call"}]',
        "max_duration_seconds": 120,
        "idle_seconds": 5,
        "record": True,
    }
    async with rig.client(mode) as client:
        facts = facts_of(await client.call_tool("create_agent", form))

    assert facts["language"] == "de"
    assert facts["prompt"]["required_variables"] == ["whom"]
    assert facts["voice"]["name"] == "alto"
    assert facts["actions"][0]["type"] == "end_call"
    assert facts["result_schema"]["properties"]["age"]["type"] == "integer"


async def test_what_signs_a_request_is_told_to_who_stores_it_and_to_nobody_later(
    rig: Rig, mode: Mode
) -> None:
    rig.exchange.secrets = Signing(lambda: b"key").secret
    book: dict[str, Any] = {
        "type": "call_api",
        "name": "book",
        "description": "Book.",
        "input_schema": {},
    }
    here, there = "https://desk.example/a", "https://desk.example/b"
    async with rig.client(mode) as client:
        form = {"name": "Booker", "prompt": "Book", "actions": [book | {"url": here}]}
        made = await client.call_tool("create_agent", form)
        read = await client.call_tool("get_agent", {"agent": "Booker"})
        same = await client.call_tool("update_agent", {"agent": "Booker", "prompt": "Book it"})
        moved = await client.call_tool(
            "update_agent", {"agent": "Booker", "actions": [book | {"url": there}]}
        )

    secret = facts_of(made)["signing_secrets"]["book"]
    assert len(base64.b64decode(secret)) == 32
    assert "signing_secrets" in text_of(made)
    assert secret not in text_of(made)
    for later in (read, same):
        assert "signing_secrets" not in facts_of(later)
    assert facts_of(moved)["signing_secrets"]["book"] != secret


async def test_a_change_leaves_alone_what_it_does_not_mention(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        await client.call_tool(
            "create_agent", {"name": "Clock", "prompt": "Tell the time", "first_message": "Hello"}
        )
        changed = facts_of(
            await client.call_tool(
                "update_agent", {"agent": "Clock", "name": "Watch", "first_message": "Hi"}
            )
        )

    assert changed["version"] == 2
    assert (changed["name"], changed["first_message"]) == ("Watch", "Hi")
    assert changed["prompt"]["content"] == "Tell the time"


async def test_a_call_uses_an_agent_by_its_name(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        agent = facts_of(await client.call_tool("create_agent", {"name": "Clock", "prompt": "Go"}))
        call = facts_of(await client.call_tool("create_call", {"to": FICTION, "agent": "Clock"}))

    assert call["agent"] == {"id": agent["agent_id"], "name": "Clock", "version": 1}


@pytest.mark.parametrize(
    "agent", [{"name": "X", "volume": "a-secret"}, {"language": "a-secret"}, {"idle_seconds": 0}]
)
async def test_a_wrong_inline_agent_is_refused(rig: Rig, agent: dict[str, Any]) -> None:
    async with rig.client("auto") as client:
        result = await client.call_tool("create_call", {"to": FICTION, "task": "x", "agent": agent})

    assert failure_of(result)["code"] in ("unsupported_parameter", "invalid_input")
    assert rig.woken == []


async def test_a_name_is_taken_only_once(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        await client.call_tool("create_agent", {"name": "Clock", "prompt": "Go"})
        result = await client.call_tool("create_agent", {"name": "Clock", "prompt": "Go"})

    assert failure_of(result)["field"] == "name"


async def test_agents_are_listed_a_page_at_a_time(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        for name in ("One", "Two", "Three"):
            await client.call_tool("create_agent", {"name": name, "prompt": "Go"})
        first = facts_of(await client.call_tool("list_agents", {"limit": 2}))
        rest = facts_of(await client.call_tool("list_agents", {"cursor": first["next_cursor"]}))
        found = facts_of(await client.call_tool("list_agents", {"name_contains": "wo"}))

    assert first["next_action"] == "list_agents(cursor=2)"
    names = {agent["name"] for agent in first["agents"] + rest["agents"]}
    assert names == {"One", "Two", "Three"}
    assert [agent["name"] for agent in found["agents"]] == ["Two"]


async def test_an_agent_of_somebody_else_does_not_exist(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        with carrying(rig.alice):
            made = facts_of(
                await client.call_tool("create_agent", {"name": "Mine", "prompt": "Go"})
            )
        with carrying(rig.bob):
            for reference in ("Mine", made["agent_id"]):
                for tool in ("get_agent", "update_agent"):
                    result = await client.call_tool(tool, {"agent": reference})
                    assert failure_of(result)["code"] == "agent_not_found"
            listed = facts_of(await client.call_tool("list_agents", {}))

    assert listed["agents"] == []


async def test_the_status_tells_what_works(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool("get_status", {})

    facts = facts_of(result)
    assert (facts["status"], facts["terminal"]) == ("ok", True)
    assert facts["next_action"] == "create_call"
    assert "carriers" in facts

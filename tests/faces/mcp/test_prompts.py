"""Prompts and completions."""

from __future__ import annotations

import re

import pytest
from mcp import MCPError
from mcp.types import PromptReference, ResourceTemplateReference, TextContent

from switchhook.faces.mcp import uris
from switchhook.faces.mcp.identity import carrying
from switchhook.faces.mcp.server import build_server
from tests.faces.mcp.rig import Mode, Rig, facts_of, simulated_call

pytestmark = pytest.mark.anyio

PROMPTS: dict[str, dict[str, str]] = {
    "make_a_call": {"to": "+15550100001", "task": "ask for the time", "agent": "Clock"},
    "book_a_table": {
        "restaurant": "Roma",
        "to": "+15550100001",
        "when": "tonight at 8",
        "guests": "4",
        "name": "Kim",
    },
    "review_call": {"call_id": "call_1"},
    "build_an_agent": {"purpose": "surveys", "language": "de"},
}
ARGUMENTS_AND_FIELDS = {"first_message", "result_schema", "confirmed_time"}


async def test_there_are_exactly_these_prompts(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        listed = (await client.list_prompts()).prompts

    assert {prompt.name for prompt in listed} == set(PROMPTS)
    for prompt in listed:
        assert prompt.title
        assert prompt.description
        assert {argument.name for argument in prompt.arguments or ()} == set(PROMPTS[prompt.name])
        assert all(argument.description for argument in prompt.arguments or ())


@pytest.mark.parametrize("name", sorted(PROMPTS))
async def test_a_prompt_says_what_it_was_given_and_names_only_tools_that_exist(
    rig: Rig, mode: Mode, name: str
) -> None:
    async with rig.client(mode) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        [message] = (await client.get_prompt(name, PROMPTS[name])).messages

    assert isinstance(message.content, TextContent)
    text = message.content.text
    for value in PROMPTS[name].values():
        assert value in text
    words = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text))
    assert words - ARGUMENTS_AND_FIELDS <= tools


async def test_a_prompt_does_without_what_it_need_not_know(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        arguments = {"to": "+15550100001", "task": "x"}
        [message] = (await client.get_prompt("make_a_call", arguments)).messages

    assert isinstance(message.content, TextContent)
    assert "with the agent" not in message.content.text


async def test_names_of_agents_are_completed(rig: Rig, mode: Mode) -> None:
    reference = PromptReference(name="make_a_call")
    async with rig.client(mode) as client:
        for name in ("Clock", "Cloak", "Other"):
            await client.call_tool("create_agent", {"name": name, "prompt": "Go"})
        some = await client.complete(reference, {"name": "agent", "value": "clo"})
        every = await client.complete(reference, {"name": "agent", "value": ""})
        none = await client.complete(reference, {"name": "task", "value": "c"})

    assert set(some.completion.values) == {"Clock", "Cloak"}
    assert len(every.completion.values) == 3
    assert none.completion.values == []


async def test_ids_are_completed(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        call_id = await simulated_call(client)
        agent = facts_of(await client.call_tool("create_agent", {"name": "Clock", "prompt": "Go"}))
        for reference, name, expected in (
            (PromptReference(name="review_call"), "call_id", call_id),
            (ResourceTemplateReference(uri=uris.CALL), "call_id", call_id),
            (ResourceTemplateReference(uri=uris.AGENT), "agent_id", agent["agent_id"]),
        ):
            found = await client.complete(reference, {"name": name, "value": expected[:8]})
            assert found.completion.values == [expected]


async def test_nobody_is_offered_what_is_not_theirs(rig: Rig, mode: Mode) -> None:
    reference = PromptReference(name="review_call")
    async with rig.client(mode) as client:
        with carrying(rig.alice):
            await simulated_call(client)
        with carrying(rig.bob):
            found = await client.complete(reference, {"name": "call_id", "value": ""})

    assert found.completion.values == []


async def test_somebody_unknown_is_offered_nothing(rig: Rig, mode: Mode) -> None:
    await simulated_call_of(rig)
    rig.face = build_server(rig.exchange, local=None)
    async with rig.client(mode) as client:
        found = await client.complete(
            PromptReference(name="review_call"), {"name": "call_id", "value": ""}
        )

    assert found.completion.values == []


async def simulated_call_of(rig: Rig) -> None:
    async with rig.client("auto") as client:
        await simulated_call(client)


async def test_an_unknown_prompt_is_an_error(rig: Rig) -> None:
    async with rig.client("legacy") as client:
        with pytest.raises(MCPError):
            await client.get_prompt("sing", {})

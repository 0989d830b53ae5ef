"""The tools as a host sees them, and what becomes of wrong arguments and of crashes."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest

from switchhook.domain.errors import SwitchhookError
from switchhook.domain.policy import Caps
from switchhook.faces.mcp.server import INSTRUCTIONS, build_server
from switchhook.service.calls import get_call
from tests.faces.mcp.rig import FICTION, Mode, Rig, facts_of, failure_of, text_of

pytestmark = pytest.mark.anyio

TOOLS = [
    "create_call",
    "get_call",
    "wait_for_call",
    "list_calls",
    "end_call",
    "control_call",
    "answer_call_question",
    "check_call",
    "create_agent",
    "update_agent",
    "get_agent",
    "list_agents",
    "simulate_call",
    "get_status",
]

MOST_BYTES = 12_000


async def listed(rig: Rig, mode: Mode) -> list[dict[str, Any]]:
    async with rig.client(mode) as client:
        result = await client.list_tools()
    return result.model_dump(mode="json", by_alias=True, exclude_none=True)["tools"]


async def test_there_are_exactly_these_tools(rig: Rig, mode: Mode) -> None:
    assert sorted(tool["name"] for tool in await listed(rig, mode)) == sorted(TOOLS)


async def test_the_list_of_tools_is_small(rig: Rig, mode: Mode) -> None:
    tools = await listed(rig, mode)

    size = len(json.dumps({"tools": tools}).encode())
    assert size <= MOST_BYTES


async def test_every_tool_has_a_title_a_description_and_a_result(rig: Rig, mode: Mode) -> None:
    for tool in await listed(rig, mode):
        assert tool["title"]
        assert 10 < len(tool["description"]) < 200
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", tool["name"])
        assert tool["inputSchema"]["additionalProperties"] is False
        assert set(tool["outputSchema"]["properties"]) == {"status", "terminal", "next_action"}


async def test_descriptions_are_plain_paragraphs(rig: Rig) -> None:
    for tool in await listed(rig, "auto"):
        assert tool["description"] == inspect.cleandoc(tool["description"])


async def test_the_annotations_tell_what_is_dangerous(rig: Rig, mode: Mode) -> None:
    hints = {tool["name"]: tool["annotations"] for tool in await listed(rig, mode)}

    assert hints["create_call"]["destructiveHint"] is True
    assert hints["create_call"]["openWorldHint"] is True
    assert hints["create_call"]["readOnlyHint"] is False
    assert hints["end_call"]["idempotentHint"] is True
    reading = {name for name, hint in hints.items() if hint["readOnlyHint"]}
    assert reading == {
        "get_call",
        "wait_for_call",
        "list_calls",
        "check_call",
        "get_agent",
        "list_agents",
        "get_status",
    }


async def test_only_the_number_is_required_of_a_call(rig: Rig, mode: Mode) -> None:
    [tool] = [tool for tool in await listed(rig, mode) if tool["name"] == "create_call"]

    schema = tool["inputSchema"]
    assert schema["required"] == ["to"]
    assert "from" in schema["properties"]
    assert "from_number" not in schema["properties"]
    assert set(schema["properties"]["options"]["properties"]) == {
        "carrier",
        "persona",
        "max_duration_seconds",
        "record",
    }


async def test_the_list_may_be_cached_by_anybody(rig: Rig) -> None:
    async with rig.client("auto") as client:
        result = await client.list_tools()

    assert result.cache_scope == "public"
    assert result.ttl_ms


async def test_the_instructions_name_only_tools_that_exist(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        instructions = client.instructions

    assert instructions == INSTRUCTIONS
    assert len(INSTRUCTIONS) < 1000
    words = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", INSTRUCTIONS))
    assert words - {"next_action", "retry_safe"} <= set(TOOLS)


async def test_unknown_parameters_are_refused_by_name(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool(
            "create_call", {"to": FICTION, "task": "x", "taks": "a-secret"}
        )

    failure = failure_of(result)
    assert failure["code"] == "unsupported_parameter"
    assert failure["field"] == "taks"
    assert "did you mean 'task'?" in failure["hint"]
    assert failure["retry_safe"] is True
    assert failure["next_action"] == "create_call"
    assert "a-secret" not in result.model_dump_json()
    assert rig.woken == []


async def test_unknown_options_are_refused_by_name(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool(
            "create_call", {"to": FICTION, "task": "x", "options": {"whisper": "a-secret"}}
        )

    failure = failure_of(result)
    assert (failure["code"], failure["field"]) == ("unsupported_parameter", "options.whisper")
    assert "max_duration_seconds" in failure["hint"]
    assert "a-secret" not in result.model_dump_json()


async def test_a_tool_without_parameters_takes_none(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        failure = failure_of(await client.call_tool("get_status", {"verbose": True}))

    assert failure["field"] == "verbose"
    assert failure["hint"] == "known: none"


@pytest.mark.parametrize(
    ("tool", "arguments", "field"),
    [
        ("create_call", {"task": "x"}, "to"),
        ("create_call", {"to": FICTION, "mind": "a-secret"}, "mind"),
        ("create_call", {"to": FICTION, "channel": "a-secret"}, "channel"),
        ("create_call", {"to": FICTION, "options": "{a-secret"}, "options"),
        ("create_call", {"to": FICTION, "options": {"record": "a-secret"}}, "options.record"),
        ("create_call", {"to": {"a-secret": 1}}, "to"),
        ("create_call", {"to": FICTION, "variables": ["a-secret"]}, "variables"),
        ("get_call", {"call_id": "x", "include": ["a-secret"]}, "include.0"),
        ("get_call", {"call_id": "x", "include": 3}, "include"),
        ("wait_for_call", {"call_id": "x", "max_wait": 46}, "max_wait"),
        ("wait_for_call", {"call_id": "x", "cursor": -1}, "cursor"),
        ("list_calls", {"status": "a-secret"}, "status"),
        ("control_call", {"call_id": "x", "action": "press_keys", "digits": "a-secret"}, "digits"),
        ("create_agent", {"name": ""}, "name"),
        ("simulate_call", {"to": FICTION, "result_schema": "a-secret"}, "result_schema"),
    ],
)
async def test_wrong_values_are_told_by_place_and_never_repeated(
    rig: Rig, tool: str, arguments: dict[str, Any], field: str
) -> None:
    async with rig.client("auto") as client:
        result = await client.call_tool(tool, arguments)

    failure = failure_of(result)
    assert (failure["code"], failure["field"]) == ("invalid_input", field)
    assert field in text_of(result)
    assert failure["next_action"] == tool
    assert "a-secret" not in result.model_dump_json().replace('"a-secret":', "")


async def test_a_failure_says_in_words_what_it_says_in_data(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool("get_call", {"call_id": "call_none"})

    failure = failure_of(result)
    assert failure["code"] == "call_not_found"
    assert failure["status"] == "error"
    assert failure["terminal"] is False
    assert failure["message"] in text_of(result)
    assert failure["hint"] in text_of(result)
    assert failure["next_action"] == "list_calls"


async def test_nobody_who_is_not_known_gets_in(rig: Rig, mode: Mode) -> None:
    rig.face = build_server(rig.exchange, local=None)
    async with rig.client(mode) as client:
        failure = failure_of(await client.call_tool("list_calls", {}))

    assert failure["code"] == "not_authenticated"


async def test_an_unknown_tool_is_an_error(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool("send_fax", {})

    assert result.is_error


class BrokenClock:
    """A clock that fails with something nobody may see."""

    def now(self) -> Any:
        raise RuntimeError("a-secret in the works")

    def monotonic(self) -> float:
        raise RuntimeError("a-secret in the works")

    async def sleep_until(self, moment: float) -> None:
        raise RuntimeError(f"a-secret until {moment}")


@pytest.mark.parametrize(
    ("tool", "arguments", "retry_safe"),
    [
        ("create_call", {"to": FICTION, "task": "x"}, False),
        ("wait_for_call", {"call_id": "x"}, True),
    ],
)
async def test_a_crash_is_logged_and_told_without_its_text(
    rig: Rig,
    caplog: pytest.LogCaptureFixture,
    tool: str,
    arguments: dict[str, Any],
    *,
    retry_safe: bool,
) -> None:
    rig.exchange.clock = BrokenClock()
    async with rig.client("auto") as client:
        result = await client.call_tool(tool, arguments)

    failure = failure_of(result)
    assert failure["code"] == SwitchhookError.code
    assert failure["retry_safe"] is retry_safe
    assert "a-secret" not in result.model_dump_json()
    assert "a-secret in the works" in caplog.text
    assert "Traceback" in caplog.text


async def test_a_call_without_a_number_is_refused_unless_it_comes_from_the_web(
    rig: Rig, mode: Mode
) -> None:
    async with rig.client(mode) as client:
        phone = failure_of(await client.call_tool("check_call", {"task": "x"}))
        web = facts_of(await client.call_tool("create_call", {"task": "x", "channel": "WEB_CALL"}))

    assert phone["field"] == "to"
    assert (web["status"], web["channel"]) == ("registered", "web_call")
    assert rig.woken == []


async def test_a_limit_says_when_to_come_back(rig: Rig, mode: Mode) -> None:
    rig.exchange.policy = rig.exchange.policy.model_copy(
        update={"simulated_caps": Caps(concurrent=0)}
    )
    async with rig.client(mode) as client:
        refused = failure_of(await client.call_tool("create_call", {"to": FICTION, "task": "x"}))
        checked = facts_of(await client.call_tool("check_call", {"to": FICTION, "task": "x"}))

    assert refused["code"] == "policy_blocked.concurrent_calls"
    assert refused["retry_after_seconds"] == 30
    [rule] = [rule for rule in checked["rules"] if not rule["passed"]]
    assert rule["retry_after_seconds"] == 30


async def test_a_rehearsal_never_leaves_the_house(rig: Rig, mode: Mode) -> None:
    arguments = {"task": "x", "persona": "impatient", "to": "+14155552671"}
    async with rig.client(mode) as client:
        facts = facts_of(await client.call_tool("simulate_call", arguments))

    call = await get_call(rig.exchange, rig.alice, facts["call_id"])
    assert facts["simulated"] is True
    assert (call.carrier, call.options.persona) == ("loopback", "impatient")


async def test_nulls_say_nothing(rig: Rig, mode: Mode) -> None:
    async with rig.client(mode) as client:
        result = await client.call_tool(
            "create_call",
            {"to": FICTION, "task": "x", "agent": None, "options": None, "channel": None},
        )

    assert facts_of(result)["status"] == "queued"

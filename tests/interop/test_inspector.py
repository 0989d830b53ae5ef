from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interop import node
from tests.interop.node import Finished
from tests.interop.product import STDIO, Credentials, surroundings

pytestmark = pytest.mark.anyio

TOOLS = {
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
}
TRANSPORTS = ("stdio", "http", "sse")
ERAS = ("auto", "legacy", "modern")
AUTH_REQUIRED = 3
TOOL_FAILED = 5


class Inspector:
    """The inspector's command line, pointed at our server over one transport."""

    def __init__(self, runner: node.Node, where: list[str], command: list[str]) -> None:
        self._runner = runner
        self._where = where
        self._command = command

    async def ask(self, *wanted: str) -> Finished:
        arguments = [*self._where, *wanted, *self._command]
        return await self._runner.run(node.INSPECTOR, "--cli", *arguments)

    async def call(self, tool: str, *more: str, **arguments: Any) -> Finished:
        given = ["--tool-args-json", json.dumps(arguments)] if arguments else []
        return await self.ask("--method", "tools/call", "--tool-name", tool, *given, *more)


@pytest.fixture
def inspector(
    transport: str, tmp_path: Path, request: pytest.FixtureRequest, credentials: Credentials
) -> Inspector:
    runner = node.find(tmp_path, node.INSPECTOR)
    if transport == "stdio":
        env = surroundings(tmp_path / "data")
        pairs = [part for name, value in env.items() for part in ("-e", f"{name}={value}")]
        return Inspector(runner, pairs, ["--", *STDIO])
    path = {"http": "mcp", "sse": "sse"}[transport]
    headers = [f"{name}: {value}" for name, value in credentials.headers.items()]
    address: str = request.getfixturevalue("address")
    where = [f"{address}/{path}", "--transport", transport, "--header", *headers]
    return Inspector(runner, where, [])


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("era", ERAS)
async def test_the_inspector_finds_every_tool_and_none_that_hosts_choke_on(
    inspector: Inspector, era: str
) -> None:
    done = await inspector.ask("--method", "tools/list", "--strict", "--protocol-era", era)

    assert done.code == 0, done.report
    assert {tool["name"] for tool in json.loads(done.out)["tools"]} == TOOLS


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_inspector_calls_a_tool(inspector: Inspector) -> None:
    done = await inspector.call(
        "create_agent", "--format", "json", name="clerk", prompt="Ask for the opening hours."
    )

    assert done.code == 0, done.report
    assert '"clerk"' in done.out


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_inspector_is_told_that_a_call_does_not_exist(inspector: Inspector) -> None:
    done = await inspector.call("get_call", call_id="call_nobody")

    assert done.code == TOOL_FAILED, done.report


@pytest.mark.parametrize(("transport", "path"), [("http", "mcp"), ("sse", "sse")])
async def test_the_inspector_without_a_key_is_told_what_to_send(
    transport: str, path: str, tmp_path: Path, address: str
) -> None:
    runner = node.find(tmp_path, node.INSPECTOR)
    where = (f"{address}/{path}", "--transport", transport)

    done = await runner.run(node.INSPECTOR, "--cli", *where, "--method", "tools/list")

    assert done.code == AUTH_REQUIRED, done.report

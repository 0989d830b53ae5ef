"""The same scenario over every transport, in both eras of the protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, MCPError
from mcp.types import ResourceUpdatedNotification

from tests.e2e.processes import (
    NUMBER,
    PATIENCE,
    SCHEMA,
    Home,
    Mode,
    Way,
    client_at,
    client_over,
    facts,
    headers,
    serving,
    until_over,
)

pytestmark = pytest.mark.anyio

Connect = Callable[..., AbstractAsyncContextManager[Client]]


class Ear:
    """Notes which resources changed."""

    def __init__(self) -> None:
        self.heard: set[str] = set()
        self._news = anyio.Event()

    async def __call__(self, message: Any) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            self.hear(str(message.params.uri))

    def hear(self, uri: str) -> None:
        self.heard.add(uri)
        self._news.set()
        self._news = anyio.Event()

    async def until(self, uri: str) -> None:
        while uri not in self.heard:
            await self._news.wait()


@asynccontextmanager
async def following(client: Client, mode: Mode, ear: Ear, uri: str) -> AsyncGenerator[None]:
    if mode == "legacy":
        await client.subscribe_resource(uri)  # pyright: ignore[reportDeprecated] - the way of this era
        yield
        return
    async with (
        client.listen(resource_subscriptions=[uri]) as events,
        anyio.create_task_group() as tasks,
    ):

        async def listen() -> None:
            async for event in events:
                ear.hear(str(getattr(event, "uri", "")))

        tasks.start_soon(listen)
        yield
        tasks.cancel_scope.cancel()


async def a_call_from_beginning_to_end(client: Client, mode: Mode, ear: Ear) -> str:
    progress: list[str | None] = []

    async def note(_progress: float, _total: float | None, message: str | None) -> None:
        progress.append(message)

    agent = facts(
        await client.call_tool(
            "create_agent", {"name": "Booker", "prompt": "Book a table", "result_schema": SCHEMA}
        )
    )
    placed = facts(
        await client.call_tool("create_call", {"to": NUMBER, "agent": agent["agent_id"]})
    )
    call_id: str = placed["call_id"]
    assert (placed["terminal"], placed["simulated"]) == (False, True)
    async with following(client, mode, ear, f"call://{call_id}"):
        over = await until_over(client, call_id, progress_callback=note)
        await ear.until(f"call://{call_id}")

    assert progress
    assert (over["status"], over["outcome"]["verdict"]) == ("ended", "achieved"), over
    details = facts(
        await client.call_tool("get_call", {"call_id": call_id, "include": ["transcript"]})
    )
    assert {line["speaker"] for line in details["transcript"]["lines"]} == {"agent", "callee"}
    assert (await client.read_resource(f"call://{call_id}/transcript")).contents
    assert facts(await client.call_tool("end_call", {"call_id": call_id}))["already_ended"]
    return call_id


async def nothing_is_seen(client: Client, call_id: str) -> None:
    assert facts(await client.call_tool("list_calls"))["total"] == 0
    assert facts(await client.call_tool("list_agents"))["total"] == 0
    refused = await client.call_tool("get_call", {"call_id": call_id})
    assert refused.is_error
    assert (refused.structured_content or {})["code"] == "call_not_found"
    assert (await client.call_tool("end_call", {"call_id": call_id})).is_error
    for part in ("", "/transcript", "/events", "/recording"):
        with pytest.raises(MCPError):
            await client.read_resource(f"call://{call_id}{part}")


async def the_scenario(connect: Connect, mode: Mode) -> None:
    ear = Ear()
    with anyio.fail_after(PATIENCE):
        async with connect("mine", ear) as mine, connect("theirs") as theirs:
            call_id = await a_call_from_beginning_to_end(mine, mode, ear)
            await nothing_is_seen(theirs, call_id)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("way", ["http", "sse"])
async def test_a_remote_client_makes_a_call_and_no_other_account_sees_it(
    tmp_path: Path, way: Way, mode: Mode
) -> None:
    home = Home(tmp_path)
    async with serving(home) as served:
        other = await home.json("keys", "create", "--org", "org_other")
        pairs = {"mine": served.pair, "theirs": headers(other)}

        @asynccontextmanager
        async def connect(who: str, ear: Ear | None = None) -> AsyncGenerator[Client]:
            async with client_at(served, way, pairs[who], mode, ear) as client:
                yield client

        await the_scenario(connect, mode)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_host_makes_a_call_over_stdio_and_no_other_account_sees_it(
    tmp_path: Path, mode: Mode
) -> None:
    home = Home(tmp_path)
    other = await home.json("keys", "create", "--org", "org_other")
    theirs = {
        "SWITCHHOOK_API_KEY": other["api_key"],
        "SWITCHHOOK_API_SECRET": other["api_secret"],
    }

    @asynccontextmanager
    async def connect(who: str, ear: Ear | None = None) -> AsyncGenerator[Client]:
        more = theirs if who == "theirs" else {}
        async with client_over(home.stdio(**more), mode, ear) as client:
            yield client

    await the_scenario(connect, mode)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_second_host_is_piped_to_the_engine_of_the_first(
    tmp_path: Path, mode: Mode
) -> None:
    home, ear = Home(tmp_path), Ear()
    with anyio.fail_after(PATIENCE):
        async with (
            client_over(home.stdio()) as first,
            client_over(home.stdio(), mode, ear) as second,
        ):
            await first.call_tool("get_status")
            call_id = await a_call_from_beginning_to_end(second, mode, ear)

            assert facts(await first.call_tool("get_call", {"call_id": call_id}))["terminal"]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_host_reaches_a_server_elsewhere_with_a_key(tmp_path: Path, mode: Mode) -> None:
    home, ear = Home(tmp_path / "server"), Ear()
    away = Home(tmp_path / "away")
    async with serving(home) as served:
        made = served.facts["credential"]
        parameters = away.stdio(
            SWITCHHOOK_URL=served.facts["url"],
            SWITCHHOOK_API_KEY=made["api_key"],
            SWITCHHOOK_API_SECRET=made["api_secret"],
        )
        with anyio.fail_after(PATIENCE):
            async with client_over(parameters, mode, ear) as client:
                await a_call_from_beginning_to_end(client, mode, ear)
    assert not (tmp_path / "away").exists()

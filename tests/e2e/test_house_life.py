"""What becomes of calls and clients when processes end, gently or not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from switchhook.app import exchange_of
from switchhook.service import calls, keys
from switchhook.service.requests import CallRequest
from switchhook.settings import Settings
from tests.e2e.processes import (
    NUMBER,
    PATIENCE,
    SCHEMA,
    Home,
    Mode,
    client_at,
    client_over,
    facts,
    serving,
    until_over,
)

pytestmark = pytest.mark.anyio

LASTING = {"to": NUMBER, "task": "Ask for the day", "result_schema": SCHEMA}
REAL_TIME = {"SWITCHHOOK_LOOPBACK_SPEED": "1"}


async def place(client: Client, **arguments: Any) -> str:
    return facts(await client.call_tool("create_call", LASTING | arguments))["call_id"]


async def until_answered(client: Client, call_id: str) -> None:
    cursor = 0
    while True:
        wanted = {"call_id": call_id, "cursor": cursor}
        news = facts(await client.call_tool("wait_for_call", wanted))
        if news["status"] == "in_progress":
            return
        assert not news["terminal"], news
        cursor = news["cursor"]


async def engine_of(home: Home) -> dict[str, Any]:
    """Return the address in the lock file, once there is one."""
    file = home.data / "engine.json"
    while not file.exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.05)
    return json.loads(file.read_text())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_piped_host_takes_over_when_the_first_process_is_killed(
    tmp_path: Path, mode: Mode
) -> None:
    home = Home(tmp_path, REAL_TIME)
    with anyio.fail_after(PATIENCE):
        first = await home.start("mcp")
        killed = (await engine_of(home))["pid"]
        async with client_over(home.stdio(), mode) as second:
            call_id = await place(second)
            await until_answered(second, call_id)

            os.kill(killed, signal.SIGKILL)
            await first.communicate()
            call = facts(await second.call_tool("get_call", {"call_id": call_id}))

            assert (call["terminal"], call["reason"]) == (True, "error_internal")
            assert (await engine_of(home))["pid"] != killed
            assert not (await second.call_tool("get_status")).is_error
            again = await place(second)
            await until_answered(second, again)


async def test_after_a_crash_what_was_live_is_ended_and_what_was_accepted_is_placed(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    with anyio.fail_after(PATIENCE):
        live = await killed_with_a_live_call(home)
        accepted = await accepted_by_nobody(home)
        async with serving(home), client_over(home.stdio()) as client:
            ended = facts(await client.call_tool("get_call", {"call_id": live}))
            placed = await until_over(client, accepted)
            log = facts(
                await client.call_tool("get_call", {"call_id": accepted, "include": ["events"]})
            )

    assert (ended["terminal"], ended["reason"]) == (True, "error_internal")
    assert (placed["status"], placed["outcome"]["verdict"]) == ("ended", "achieved")
    assert any("before a restart" in event["text"] for event in log["events"]["events"])


async def test_a_server_that_is_told_to_leave_lets_live_calls_end(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with anyio.fail_after(PATIENCE):
        async with serving(home) as served:
            async with client_at(served, "http", served.pair) as client:
                call_id = await place(client)
                await until_answered(client, call_id)
            assert await served.leave() == 0

    assert await ending_of(home, call_id) == "agent_hangup"


async def test_a_server_without_patience_hangs_up_and_leaves(tmp_path: Path) -> None:
    home = Home(tmp_path, REAL_TIME | {"SWITCHHOOK_DRAIN_SECONDS": "0"})
    with anyio.fail_after(PATIENCE):
        async with serving(home) as served:
            async with client_at(served, "http", served.pair) as client:
                call_id = await place(client)
                await until_answered(client, call_id)
            assert await served.leave() == 0

    assert await ending_of(home, call_id) == "api_hangup"


async def test_a_host_that_goes_away_ends_the_process_and_its_calls(tmp_path: Path) -> None:
    home = Home(tmp_path, REAL_TIME)
    with anyio.fail_after(PATIENCE):
        async with client_over(home.stdio()) as client:
            call_id = await place(client)
            await until_answered(client, call_id)

    assert await ending_of(home, call_id) == "api_hangup"
    assert not (home.data / "engine.json").exists()


async def test_a_signal_ends_a_host_process_whose_stdin_stays_open(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with anyio.fail_after(PATIENCE):
        process = await home.start("mcp")
        await engine_of(home)
        process.send_signal(signal.SIGTERM)

        assert await process.wait() == 0
    await process.communicate()
    assert not (home.data / "engine.json").exists()


async def test_nothing_but_messages_is_written_to_stdout(tmp_path: Path) -> None:
    home = Home(tmp_path, {"SWITCHHOOK_LOG_LEVEL": "debug"})
    asked = [
        {"id": 0, "method": "initialize", "params": HELLO},
        {"method": "notifications/initialized"},
        {"id": 1, "method": "tools/call", "params": {"name": "create_call", "arguments": LASTING}},
    ]
    log = tmp_path / "log"
    with log.open("wb") as errors:
        process = await home.start("mcp", errors=errors)
    assert process.stdin is not None
    assert process.stdout is not None
    with anyio.fail_after(PATIENCE):
        for message in asked:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        answers = [json.loads(await process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        out, _ = await process.communicate()

    assert [answer["id"] for answer in answers] == [0, 1]
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in out.splitlines())
    assert all(json.loads(line)["event"] for line in log.read_text().splitlines())


async def test_a_wrong_key_ends_a_host_process_with_a_clear_line(tmp_path: Path) -> None:
    pair = {"SWITCHHOOK_API_KEY": "ck_nobody", "SWITCHHOOK_API_SECRET": "cs_wrong"}
    process = await Home(tmp_path, pair).start("mcp")
    assert process.stdout is not None
    assert process.stderr is not None
    with anyio.fail_after(PATIENCE):
        out, err = await process.stdout.read(), (await process.stderr.read()).decode()
        code = await process.wait()

    assert (code, out) == (1, b"")
    assert "key" in err
    assert "cs_wrong" not in err
    assert "Traceback" not in err


async def test_a_second_server_on_the_same_directory_is_told_who_is_there(tmp_path: Path) -> None:
    home = Home(tmp_path)
    async with serving(home) as served:
        code, _, err = await home.run("serve")

    assert code == 1
    assert f"process {served.process.pid} at {served.facts['url']}" in err


async def test_a_server_elsewhere_is_told_that_its_port_is_taken(tmp_path: Path) -> None:
    async with serving(Home(tmp_path / "one")) as served:
        port = served.facts["url"].rpartition(":")[2]
        code, _, err = await Home(tmp_path / "two").run("serve", SWITCHHOOK_PORT=port)

    assert code == 1
    assert err == (
        f"switchhook: port {port} on 127.0.0.1 is taken"
        " (set SWITCHHOOK_PORT to a free one, or stop the program that uses it)\n"
    )


HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


async def killed_with_a_live_call(home: Home) -> str:
    """Kill a server in the middle of a call."""
    async with serving(home, **REAL_TIME) as served:
        async with client_at(served, "http", served.pair) as client:
            call_id = await place(client)
            await until_answered(client, call_id)
        await served.leave(signal.SIGKILL)
    return call_id


async def accepted_by_nobody(home: Home) -> str:
    """Accept a call where no engine runs, as a crash just after the commit would leave it."""
    exchange = exchange_of(Settings(data=home.data))
    owner = await keys.local_owner(exchange)
    request = CallRequest(to=NUMBER, task="Ask for the day", result_schema=SCHEMA)
    placed = await calls.create_call(exchange, owner, request)
    exchange.database.close()
    return placed.call.id


async def ending_of(home: Home, call_id: str) -> str | None:
    """Return the reason in the record, read after everybody has left."""
    exchange = exchange_of(Settings(data=home.data))
    call = await calls.get_call(exchange, await keys.local_owner(exchange), call_id)
    exchange.database.close()
    return call.reason.value if call.reason else None

"""What `switchhook serve` tells, and the examples against it."""

from __future__ import annotations

import asyncio
import os
import re
import stat
import sys
from pathlib import Path

import anyio
import httpx2
import pytest

from tests.e2e.processes import PATIENCE, Home, client_at, facts, headers, serving

pytestmark = pytest.mark.anyio

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


async def read_until(stream: asyncio.StreamReader, mark: str) -> str:
    said = ""
    async with asyncio.timeout(PATIENCE):
        while mark not in said:
            line = await stream.readline()
            assert line, said
            said += line.decode()
    return said


async def test_the_first_start_shows_a_key_that_works_and_entries_to_paste(tmp_path: Path) -> None:
    home = Home(tmp_path / "data")
    process = await home.start("serve")
    assert process.stdout is not None
    said = await read_until(process.stdout, "claude mcp add")
    url = said.split()[3]
    pair = dict(re.findall(r"^  (X-API-\w+): (\S+)$", said, re.MULTILINE))
    async with httpx2.AsyncClient(base_url=url) as http:
        welcome = await http.get("/api/calls", headers=pair)
        refused = await http.get("/api/calls", headers=pair | {"X-API-SECRET": "wrong"})
    process.terminate()
    await process.communicate()

    assert (welcome.status_code, refused.status_code) == (200, 401)
    for host in ("Claude Desktop", "Claude Code", "Cursor", "VS Code", "Codex"):
        assert f"\n{host} - " in said
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


async def test_the_second_start_shows_no_key(tmp_path: Path) -> None:
    home = Home(tmp_path)
    async with serving(home) as first:
        assert first.facts["credential"]["api_secret"]
    async with serving(home) as second:
        assert "credential" not in second.facts


async def test_a_server_shows_a_key_even_if_the_machine_was_used_without_one(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    assert (await home.run("call", "+15550100001", "say hello", "--persona", "busy"))[0] == 0
    async with serving(home) as served:
        assert served.facts["credential"]["api_secret"]


async def test_a_pair_in_the_environment_becomes_the_key(tmp_path: Path) -> None:
    given = {
        "SWITCHHOOK_API_KEY": "ck_container",
        "SWITCHHOOK_API_SECRET": "cs_from-a-vault-0123456",
    }
    home = Home(tmp_path, given)
    pair = {"api_key": "ck_container", "api_secret": "cs_from-a-vault-0123456"}
    with anyio.fail_after(PATIENCE):
        for _ in range(2):
            async with serving(home) as served, client_at(served, "http", headers(pair)) as client:
                assert "cs_from" not in str(served.facts)
                assert facts(await client.call_tool("list_calls"))["total"] == 0


async def test_a_command_uses_the_engine_that_runs(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with anyio.fail_after(PATIENCE):
        async with serving(home) as served:
            code, out, err = await home.run("call", "+15550100001", "say hello", "--no-watch")
            assert code == 0, err
            async with client_at(served, "http", served.pair) as client:
                call = facts(await client.call_tool("get_call", {"call_id": out.strip()}))
                found = await home.json("doctor")
    assert call["task"] == "say hello"
    engine = next(f for f in found["findings"] if f["name"] == "engine")
    assert served.facts["url"] in engine["says"]


async def test_a_command_with_a_wrong_key_is_told_so(tmp_path: Path) -> None:
    async with serving(Home(tmp_path / "server")) as served:
        code, _, err = await Home(tmp_path / "away").run(
            "call",
            "+15550100001",
            "say hello",
            SWITCHHOOK_URL=served.facts["url"],
            SWITCHHOOK_API_KEY="ck_nobody",
            SWITCHHOOK_API_SECRET="cs_wrong",
        )

    assert code == 1
    assert "does not accept the key" in err


async def test_a_revoked_key_is_refused_by_the_running_server(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with anyio.fail_after(PATIENCE):
        async with (
            serving(home) as served,
            httpx2.AsyncClient(base_url=served.facts["url"], headers=served.pair) as http,
        ):
            assert (await http.get("/api/calls")).status_code == 200
            await home.json("keys", "revoke", served.pair["X-API-KEY"])
            answer = await http.get("/api/calls")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("name", "tells"), [("call_in_process.py", b"'achieved'"), ("call_over_http.py", b"ended ")]
)
async def test_an_example_runs_as_it_is(tmp_path: Path, name: str, tells: bytes) -> None:
    home = Home(tmp_path)
    async with serving(home) as served:
        made = served.facts["credential"]
        remote = [served.facts["mcp"], made["api_key"], made["api_secret"]]
        words = remote if name == "call_over_http.py" else []
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(EXAMPLES / name),
            *words,
            stdout=asyncio.subprocess.PIPE,
            env=home.environment(),
        )
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()

    assert process.returncode == os.EX_OK
    assert tells in out

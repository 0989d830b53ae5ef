from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.interop import node
from tests.interop.product import SWITCHHOOK, Credentials, surroundings

pytestmark = pytest.mark.anyio

V1 = node.HERE / "v1.mjs"
V2 = node.HERE / "v2.mjs"
SDK_V1 = node.MODULES / "@modelcontextprotocol" / "sdk" / "package.json"
SDK_V2 = node.MODULES / "@modelcontextprotocol" / "client" / "package.json"


def assert_the_call_was_made_followed_and_read(seen: dict[str, Any]) -> None:
    call_id = seen["made"]["call_id"]
    assert seen["made"]["terminal"] is False
    assert seen["made"]["simulated"] is True
    assert seen["seen"][-1] == "ended"
    assert seen["updates"][0] == f"call://{call_id}"
    assert set(seen["updates"]) == {f"call://{call_id}"}
    assert seen["resource"]["call_id"] == call_id
    assert seen["got"]["terminal"] is True
    assert seen["got"]["transcript"]
    assert seen["ended"]["already_ended"] is True
    assert seen["unknown"]["isError"] is True
    assert seen["server"]["name"] == "switchhook"


@pytest.mark.parametrize("kind", ["http", "sse"])
async def test_the_first_typescript_sdk_makes_a_call_over(
    kind: str, tmp_path: Path, address: str, credentials: Credentials
) -> None:
    runner = node.find(tmp_path, SDK_V1)

    done = await runner.run(V1, kind, address, credentials.key, credentials.secret)

    assert done.code == 0, done.report
    assert_the_call_was_made_followed_and_read(done.json())


async def test_the_first_typescript_sdk_makes_a_call_over_stdio(tmp_path: Path) -> None:
    env = surroundings(tmp_path / "data")
    runner = node.find(tmp_path, SDK_V1).with_env(env)

    done = await runner.run(V1, "stdio", SWITCHHOOK)

    assert done.code == 0, done.report
    assert_the_call_was_made_followed_and_read(done.json())


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_the_second_typescript_sdk_makes_a_call_in_era(
    mode: str, version: str, tmp_path: Path, address: str, credentials: Credentials
) -> None:
    runner = node.find(tmp_path, SDK_V2)

    done = await runner.run(V2, mode, address, credentials.key, credentials.secret)

    seen = done.json() if done.code == 0 else {}
    assert done.code == 0, done.report
    assert seen["version"] == version
    assert_the_call_was_made_followed_and_read(seen)

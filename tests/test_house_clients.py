from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from switchhook import __version__, clients
from switchhook.clients import Command, Remote

MANIFESTS = Path(__file__).parent.parent / "manifests"
REMOTE = Remote("http://127.0.0.1:8080/mcp", "sh_key", "sh_secret")


def read(entry: clients.Entry) -> dict[str, Any]:
    return tomllib.loads(entry.text) if entry.suffix == "toml" else json.loads(entry.text)


def only(members: dict[str, Any]) -> dict[str, Any]:
    root = next(
        members[name] for name in ("mcpServers", "servers", "mcp_servers") if name in members
    )
    return root["switchhook"]


def test_the_manifests_are_what_the_code_makes() -> None:
    written = {
        str(path.relative_to(MANIFESTS)): path.read_text()
        for path in MANIFESTS.rglob("*")
        if path.is_file()
    }

    assert written == clients.manifests()


def test_every_host_starts_switchhook_by_its_absolute_path() -> None:
    command = Command("/opt/a b/switchhook", environment={"SWITCHHOOK_DATA": 'C:\\calls "1"'})

    for entry in clients.local_entries(command):
        started = only(read(entry))
        assert started["command"] == "/opt/a b/switchhook"
        assert started["args"] == ["mcp"]
        assert started["env"] == {"SWITCHHOOK_DATA": 'C:\\calls "1"'}


def test_nothing_has_to_be_set_to_start_switchhook_on_the_same_machine() -> None:
    assert all("env" not in only(read(e)) for e in clients.local_entries(Command("switchhook")))


def test_a_host_that_can_send_headers_sends_the_two() -> None:
    entries = {e.host: only(read(e)) for e in clients.remote_entries(REMOTE, "/bin/switchhook")}

    for host in ("Claude Code", "Cursor"):
        assert entries[host] == {"type": "http", "url": REMOTE.url, "headers": REMOTE.headers}
    assert entries["Codex"] == {"url": REMOTE.url, "http_headers": REMOTE.headers}


def test_a_host_that_cannot_send_headers_starts_a_pipe_that_does() -> None:
    desktop = next(e for e in clients.remote_entries(REMOTE, "/bin/switchhook"))

    assert desktop.host == "Claude Desktop"
    assert only(read(desktop)) == {
        "command": "/bin/switchhook",
        "args": ["mcp"],
        "env": {
            "SWITCHHOOK_URL": REMOTE.url,
            "SWITCHHOOK_API_KEY": "sh_key",
            "SWITCHHOOK_API_SECRET": "sh_secret",
        },
    }


def test_vs_code_asks_for_the_secret_instead_of_keeping_it() -> None:
    entry = next(e for e in clients.remote_entries(REMOTE, "x") if e.host == "VS Code")

    assert "sh_secret" not in entry.text
    assert read(entry)["inputs"][0]["password"] is True


def test_claude_code_can_be_told_with_one_command() -> None:
    assert clients.claude_code_command(REMOTE) == (
        "claude mcp add --transport http switchhook http://127.0.0.1:8080/mcp"
        " --header 'X-API-KEY: sh_key' --header 'X-API-SECRET: sh_secret'"
    )


def test_the_registry_entry_keeps_the_registrys_limits() -> None:
    entry = clients.server_manifest()

    assert entry["version"] == entry["packages"][0]["version"] == __version__
    assert len(entry["description"]) <= 100
    assert f"mcp-name: {entry['name']}" in (MANIFESTS.parent / "README.md").read_text()


def test_the_running_program_is_named_by_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "switchhook"
    program.touch()
    monkeypatch.setattr(sys, "argv", [str(program)])

    assert clients.this_program() == Command(str(program))


def test_without_a_program_of_that_name_the_interpreter_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/__main__.py"])
    monkeypatch.setenv("PATH", str(tmp_path))

    assert clients.this_program() == Command(sys.executable, ("-m", "switchhook", "mcp"))

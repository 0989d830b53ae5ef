"""What people paste into their assistants: one source for `serve`, the manifests and the tests."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switchhook import __version__

NAME = "switchhook"
REGISTRY_NAME = "io.github.switchhook/switchhook"
_SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
_SECRET_INPUT = "switchhook-secret"  # noqa: S105 - the name of an input, not a secret

KEY_PLACEHOLDER = "YOUR-KEY"
SECRET_PLACEHOLDER = "YOUR-SECRET"  # noqa: S105 - stands for one
URL_PLACEHOLDER = "https://calls.example.com/mcp"


@dataclass(frozen=True, slots=True)
class Command:
    """How a host starts switchhook on this machine."""

    program: str
    arguments: tuple[str, ...] = ("mcp",)
    environment: Mapping[str, str] | None = None

    def entry(self) -> dict[str, Any]:
        """Return the members that most hosts share."""
        entry: dict[str, Any] = {"command": self.program, "args": list(self.arguments)}
        return entry | ({"env": dict(self.environment)} if self.environment else {})


@dataclass(frozen=True, slots=True)
class Remote:
    """A server elsewhere, and the pair that it knows us by."""

    url: str
    key: str
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        """The two headers of every request."""
        return {"X-API-KEY": self.key, "X-API-SECRET": self.secret}


@dataclass(frozen=True, slots=True)
class Entry:
    """What to paste for one host, and where."""

    host: str
    where: str
    text: str
    suffix: str = "json"

    @property
    def file_name(self) -> str:
        """The name under which the manifests keep it."""
        return f"{self.host.lower().replace(' ', '-')}.{self.suffix}"


def this_program() -> Command:
    """Return how to start the switchhook that is running now; hosts want an absolute path."""
    script = Path(sys.argv[0])
    found = script if script.stem == NAME and script.is_file() else shutil.which(NAME)
    if found is None:
        return Command(sys.executable, ("-m", NAME, "mcp"))
    return Command(str(Path(found).absolute()))


def local_entries(command: Command) -> tuple[Entry, ...]:
    """Return what to paste so that each host starts switchhook by itself."""
    entry = command.entry()
    return (
        Entry("Claude Desktop", _CLAUDE_DESKTOP, _json({"mcpServers": {NAME: entry}})),
        Entry("Claude Code", ".mcp.json", _json({"mcpServers": {NAME: entry}})),
        Entry("Cursor", "~/.cursor/mcp.json", _json({"mcpServers": {NAME: entry}})),
        Entry("VS Code", ".vscode/mcp.json", _json({"servers": {NAME: {"type": "stdio"} | entry}})),
        Entry("Codex", "~/.codex/config.toml", _toml(entry), "toml"),
    )


def remote_entries(remote: Remote, program: str) -> tuple[Entry, ...]:
    """Return what to paste so that each host uses a server that runs already."""
    http = {"type": "http", "url": remote.url, "headers": remote.headers}
    piped = Command(
        program,
        environment={
            "SWITCHHOOK_URL": remote.url,
            "SWITCHHOOK_API_KEY": remote.key,
            "SWITCHHOOK_API_SECRET": remote.secret,
        },
    )
    servers = _json({"mcpServers": {NAME: http}})
    return (
        # Claude Desktop cannot send headers, so that a pipe on its machine does.
        Entry("Claude Desktop", _CLAUDE_DESKTOP, _json({"mcpServers": {NAME: piped.entry()}})),
        Entry("Claude Code", ".mcp.json", servers),
        Entry("Cursor", "~/.cursor/mcp.json", servers),
        Entry("VS Code", ".vscode/mcp.json", _json(_vs_code(remote))),
        Entry(
            "Codex",
            "~/.codex/config.toml",
            _toml({"url": remote.url, "http_headers": remote.headers}),
            "toml",
        ),
    )


def claude_code_command(remote: Remote) -> str:
    """Return the shell command that adds the server to Claude Code."""
    headers = [
        f"--header {shlex.quote(f'{name}: {value}')}" for name, value in remote.headers.items()
    ]
    return " ".join(["claude mcp add --transport http", NAME, shlex.quote(remote.url), *headers])


def server_manifest(version: str = __version__) -> dict[str, Any]:
    """Return the entry for the MCP registry."""
    return {
        "$schema": _SCHEMA,
        "name": REGISTRY_NAME,
        "title": "Switchhook",
        "description": "Gives any AI assistant a telephone: calls, transcripts, outcomes",
        "version": version,
        "packages": [
            {
                "registryType": "pypi",
                "identifier": NAME,
                "version": version,
                "runtimeHint": "uvx",
                "packageArguments": [{"type": "positional", "value": "mcp"}],
                "transport": {"type": "stdio"},
                "environmentVariables": [
                    _variable("SWITCHHOOK_URL", "A Switchhook server to use instead of one here"),
                    _variable("SWITCHHOOK_API_KEY", "API key of the account"),
                    _variable(
                        "SWITCHHOOK_API_SECRET", "Secret that belongs to the key", secret=True
                    ),
                ],
            }
        ],
        "remotes": [
            {
                "type": "streamable-http",
                "url": URL_PLACEHOLDER,
                "headers": [
                    {"name": name, "isRequired": True, "isSecret": True}
                    for name in ("X-API-KEY", "X-API-SECRET")
                ],
            }
        ],
    }


def manifests() -> dict[str, str]:
    """Return every file of `manifests/` with placeholders in it."""
    remote = Remote(URL_PLACEHOLDER, KEY_PLACEHOLDER, SECRET_PLACEHOLDER)
    local = {f"local/{e.file_name}": e.text for e in local_entries(Command(NAME))}
    away = {f"remote/{e.file_name}": e.text for e in remote_entries(remote, NAME)}
    return {"server.json": _json(server_manifest())} | local | away


_CLAUDE_DESKTOP = "claude_desktop_config.json (Settings > Developer > Edit Config)"


def _vs_code(remote: Remote) -> dict[str, Any]:
    asked = {
        "type": "promptString",
        "id": _SECRET_INPUT,
        "description": "Switchhook API secret",
        "password": True,
    }
    headers = remote.headers | {"X-API-SECRET": f"${{input:{_SECRET_INPUT}}}"}
    server = {"type": "http", "url": remote.url, "headers": headers}
    return {"inputs": [asked], "servers": {NAME: server}}


def _variable(name: str, description: str, *, secret: bool = False) -> dict[str, Any]:
    return {"name": name, "description": description, "isRequired": False, "isSecret": secret}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2) + "\n"


def _toml(entry: Mapping[str, Any]) -> str:
    lines = [f"{member} = {_toml_value(value)}" for member, value in entry.items()]
    return "\n".join([f"[mcp_servers.{NAME}]", *lines]) + "\n"


def _toml_value(value: object) -> str:
    if isinstance(value, Mapping):
        members = (f"{json.dumps(k)} = {_toml_value(v)}" for k, v in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - any mapping prints alike
        return f"{{ {', '.join(members)} }}"
    return json.dumps(value)  # strings and lists of strings are written alike in both languages

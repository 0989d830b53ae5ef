"""Our server as a user starts it: a command with an environment, in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.abc import Process

PATIENCE = 30.0
SWITCHHOOK = str(Path(sys.executable).with_name("switchhook"))
STDIO = (SWITCHHOOK, "mcp")
SERVE = (SWITCHHOOK, "serve")
SPEED = 10
"""How much faster than life calls are; with more a busy machine would seem a silent callee."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The pair that the server creates at its first start."""

    key: str = "sk_interop"
    secret: str = "a-secret-that-nobody-would-guess-0123456789"

    @property
    def headers(self) -> dict[str, str]:
        """The pair as every request carries it."""
        return {"X-API-KEY": self.key, "X-API-SECRET": self.secret}

    @property
    def environment(self) -> dict[str, str]:
        """The pair as a process is told it."""
        return {"SWITCHHOOK_API_KEY": self.key, "SWITCHHOOK_API_SECRET": self.secret}


def settings(data: Path) -> dict[str, str]:
    """Return settings with which everything is kept in the folder, and calls are short."""
    return {
        "SWITCHHOOK_DATA": str(data),
        "SWITCHHOOK_LOG_LEVEL": "warning",
        "SWITCHHOOK_LOOPBACK_SPEED": str(SPEED),
    }


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process with these settings, and nothing of ours besides."""
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    return {"PATH": path, "HOME": str(data.parent), **settings(data), **more}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@asynccontextmanager
async def served(data: Path, credentials: Credentials) -> AsyncGenerator[int]:
    """Run our server on the data directory and yield its port."""
    port = free_port()
    env = surroundings(data, SWITCHHOOK_PORT=str(port), **credentials.environment)
    async with listening(SERVE, port, env):
        yield port


@asynccontextmanager
async def listening(
    command: Sequence[str], port: int, env: Mapping[str, str] | None = None
) -> AsyncGenerator[None]:
    """Run the command for as long as the context lasts; it listens when the context begins."""
    process = await anyio.open_process(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=None
    )
    async with process:
        try:
            with anyio.fail_after(PATIENCE):
                await _answers(process, port)
            yield
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            with anyio.fail_after(PATIENCE, shield=True):
                await process.wait()


async def _answers(process: Process, port: int) -> None:
    while process.returncode is None:
        with suppress(OSError):
            async with await anyio.connect_tcp("127.0.0.1", port):
                return
        await anyio.sleep(0.05)
    raise RuntimeError(f"the server ended with {process.returncode} before it listened")

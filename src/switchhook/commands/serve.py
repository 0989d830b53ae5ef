"""`switchhook serve`: one server for many assistants and programs."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from switchhook.app import Application
from switchhook.clients import Remote, claude_code_command, remote_entries, this_program
from switchhook.commands.local_engine import LocalEngine, Manner, listening_socket
from switchhook.domain.errors import Conflict, InvalidInput
from switchhook.service import keys
from switchhook.service.keys import KeyPair
from switchhook.settings import Settings
from switchhook.work.engine_lock import EngineAddress, EngineLock

CLOSE_SECONDS = 5


def run(settings: Settings, *, as_json: bool) -> None:
    """Serve until a signal comes and the live calls have ended."""
    _check_exposure(settings)
    lock = EngineLock(settings.data)
    if not lock.acquire():
        raise _held(lock, settings)
    try:
        with asyncio.Runner(loop_factory=_fast_loop()) as runner:
            runner.run(_serve(settings, lock, as_json=as_json))
    finally:
        lock.release()


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes uvloop's loops, where the platform has it."""
    return import_module("uvloop").new_event_loop if find_spec("uvloop") else None


async def _serve(settings: Settings, lock: EngineLock, *, as_json: bool) -> None:
    with listening_socket(settings.host, settings.port) as door:
        # The pair in the environment is the first credential here, not somebody to act for.
        application = Application.build(settings.model_copy(update=_NOBODY))
        pair = await keys.first_start(application.exchange, settings.pair)
        manner = Manner(
            public=True, drain_seconds=settings.drain_seconds, close_seconds=CLOSE_SECONDS
        )
        engine = LocalEngine(application, lock, manner)
        tell = _tell_programs if as_json else _tell_people
        await engine.run(door, opened=lambda address: tell(settings, address, pair))


_NOBODY = {"api_key": None, "api_secret": None}


def _check_exposure(settings: Settings) -> None:
    if settings.listens_locally or settings.public_url is not None:
        return
    raise InvalidInput(
        f"SWITCHHOOK_HOST is {settings.host}, so that others can reach this server, but"
        " SWITCHHOOK_PUBLIC_URL is not set: without it nobody can tell a request that was meant"
        " for this server from one that a web page smuggled in",
        field="SWITCHHOOK_PUBLIC_URL",
        hint="set it to the address that others use, such as https://calls.example.com, or leave"
        " SWITCHHOOK_HOST at 127.0.0.1",
    )


def _held(lock: EngineLock, settings: Settings) -> Conflict:
    address = lock.address()
    who = f"process {address.pid} at {address.url}" if address else "another process"
    return Conflict(
        f"{who} runs the engine on {settings.data} already",
        hint="end it (an assistant may have started it), or set SWITCHHOOK_DATA to another place",
    )


def _facts(settings: Settings, address: EngineAddress, pair: KeyPair | None) -> dict[str, Any]:
    base = settings.public_url or address.url
    facts: dict[str, Any] = {
        "url": base,
        "mcp": f"{base}/mcp",
        "sse": f"{base}/sse",
        "openapi": f"{base}/openapi.json",
        "data": str(settings.data),
    }
    if pair is not None:
        facts["credential"] = {
            "api_key": pair.key,
            "api_secret": None if settings.pair else pair.secret,
            "bearer": None if settings.pair else pair.bearer,
            "org_id": pair.org_id,
        }
    return facts


def _tell_programs(settings: Settings, address: EngineAddress, pair: KeyPair | None) -> None:
    print(json.dumps(_facts(settings, address, pair)), flush=True)


def _tell_people(settings: Settings, address: EngineAddress, pair: KeyPair | None) -> None:
    facts = _facts(settings, address, pair)
    lines = [
        f"Switchhook answers at {facts['url']}",
        f"  MCP      {facts['mcp']}  (older clients: {facts['sse']})",
        f"  REST     {facts['openapi']}",
        f"  data     {facts['data']}",
    ]
    if pair is not None and settings.pair is None:
        lines += _introduction(pair, facts["mcp"])
    elif pair is not None:
        lines.append(f"The key {pair.key} from the environment was created.")
    else:
        lines.append("Keys are there already: switchhook keys list. Another one: keys create.")
    print("\n".join(lines), flush=True)
    sys.stdout.flush()


def _introduction(pair: KeyPair, url: str) -> list[str]:
    remote = Remote(url, pair.key, pair.secret)
    lines = [
        "",
        "Your first key. It is shown this once; only a hash of the secret is kept:",
        f"  X-API-KEY: {pair.key}",
        f"  X-API-SECRET: {pair.secret}",
        f"  or  Authorization: Bearer {pair.bearer}",
        "",
        "Paste one of these into your assistant:",
    ]
    for entry in remote_entries(remote, this_program().program):
        lines += ["", f"{entry.host} - {entry.where}", entry.text.rstrip()]
    lines += ["", f"Claude Code, in one command:\n{claude_code_command(remote)}", ""]
    return lines

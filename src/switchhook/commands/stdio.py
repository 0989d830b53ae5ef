"""`switchhook mcp`: the engine in this process, or a pipe to the one that runs already."""

from __future__ import annotations

import asyncio
import logging
import sys

import httpx2

from switchhook.commands.nearby import (
    Nearby,
    end,
    engine_door,
    mcp_address,
    new_engine,
    pair_headers,
)
from switchhook.commands.outcome import say
from switchhook.faces.mcp.pipe import TIMEOUT, Elsewhere, Endpoint, Pipe
from switchhook.faces.mcp.standard_streams import Lines, claimed_streams
from switchhook.settings import Settings
from switchhook.work.engine_lock import EngineLock

GREETING_SECONDS = 0.5

_UNLIMITED = httpx2.Limits(max_connections=None)


def run(settings: Settings) -> None:
    """Serve the host that started this process until it closes stdin or sends a signal."""
    # The SDK sets up logging of its own where there is none yet.
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    if sys.stdin.isatty():
        say("waiting for an MCP client on stdin; an assistant starts this command by itself")
    lock = EngineLock(settings.data)
    try:
        with claimed_streams() as lines:
            asyncio.run(_serve(settings, lock, lines))
    finally:
        lock.release()


async def _serve(settings: Settings, lock: EngineLock, lines: Lines) -> None:
    if settings.url is not None:
        await _pipe_away(settings, settings.url, lines)
    elif lock.acquire():
        await _run_here(settings, lock, lines)
    else:
        await _pipe_nearby(settings, lock, lines)


async def _run_here(settings: Settings, lock: EngineLock, lines: Lines) -> None:
    from switchhook.faces.mcp.host import serve_host  # noqa: PLC0415 - a pipe needs none of it

    engine = new_engine(settings, lock)

    async def work() -> None:
        # Imports hold up everything, so the host is greeted before the heavy ones.
        await engine.application.greeted(GREETING_SECONDS)
        _log_fully(settings)
        await engine.run(engine_door(settings))

    async with asyncio.TaskGroup() as tasks:
        talking = tasks.create_task(serve_host(engine.application.face.server, lines))
        working = tasks.create_task(work())
        working.add_done_callback(lambda _: talking.cancel())
        talking.add_done_callback(lambda _: end(engine, working))


def _log_fully(settings: Settings) -> None:
    from switchhook import logs  # noqa: PLC0415 - structlog is heavy

    logs.configure(settings.log_level)


async def _pipe_away(settings: Settings, url: str, lines: Lines) -> None:
    headers = pair_headers(settings) or {}
    async with httpx2.AsyncClient(timeout=TIMEOUT, limits=_UNLIMITED) as http:
        await Pipe(lines, Elsewhere(Endpoint(mcp_address(url), headers)), http).run()


async def _pipe_nearby(settings: Settings, lock: EngineLock, lines: Lines) -> None:
    # The engine is on this machine: a proxy from the environment would lead away from it.
    async with (
        httpx2.AsyncClient(timeout=TIMEOUT, limits=_UNLIMITED, trust_env=False) as http,
        asyncio.TaskGroup() as tasks,
    ):
        nearby = Nearby(settings, lock, tasks, over=lambda: talking.cancel())  # noqa: PLW0108 - it does not exist yet
        talking = tasks.create_task(Pipe(lines, nearby, http).run())
        talking.add_done_callback(lambda _: nearby.close())

"""A host's end of the lines, and an engine that answers, forgets, refuses and dies as told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from switchhook.domain.errors import Unavailable
from switchhook.faces.mcp import wire
from switchhook.faces.mcp.pipe import Elsewhere, Endpoint, Pipe, Whereabouts

MODERN = {"_meta": {wire.VERSION_KEY: "2026-07-28"}}
KEY = {"X-API-KEY": "key", "X-API-SECRET": "secret"}
HERE = Endpoint("http://127.0.0.1:1/mcp", KEY)
THERE = Endpoint("http://127.0.0.1:2/mcp", KEY)

Body = dict[str, Any]
Serve = Callable[[httpx2.Request, Body], Awaitable[httpx2.Response]]


class HostLines:
    """The host's end of stdin and stdout."""

    def __init__(self) -> None:
        self._typed: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._seen: asyncio.Queue[Body] = asyncio.Queue()

    async def incoming(self) -> AsyncGenerator[bytes]:
        while (line := await self._typed.get()) is not None:
            yield line

    def send(self, line: bytes) -> None:
        assert b"\n" not in line
        self._seen.put_nowait(json.loads(line))

    def say(self, **body: Any) -> None:
        self._typed.put_nowait(json.dumps({"jsonrpc": "2.0", **body}).encode() + b"\n")

    def type(self, line: bytes) -> None:
        self._typed.put_nowait(line)

    def close(self) -> None:
        self._typed.put_nowait(None)

    async def hear(self) -> Body:
        async with asyncio.timeout(5):
            return await self._seen.get()

    def heard_more(self) -> bool:
        return not self._seen.empty()


@dataclass
class FakeEngine:
    """Answers by the method's name, keeps what it was asked, and can be away."""

    answers: dict[str, Serve] = field(default_factory=dict[str, Serve])
    asked: list[tuple[httpx2.Request, Body]] = field(
        default_factory=list[tuple[httpx2.Request, Body]]
    )
    away: set[str] = field(default_factory=set[str])
    arrived: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if str(request.url) in self.away:
            raise httpx2.ConnectError("refused", request=request)
        body: Body = json.loads(request.content) if request.content else {}
        name = body.get("method") or ("answer" if body else request.method)
        self.asked.append((request, body))
        self.arrived.setdefault(name, asyncio.Event()).set()
        if name in self.answers:
            return await self.answers[name](request, body)
        if "id" not in body or "method" not in body:
            return httpx2.Response(202 if body else 405)
        return said({"jsonrpc": "2.0", "id": body["id"], "result": {"by": str(request.url)}})

    async def was_asked(self, name: str) -> None:
        async with asyncio.timeout(5):
            await self.arrived.setdefault(name, asyncio.Event()).wait()

    def methods(self) -> list[str]:
        return [body.get("method") or request.method for request, body in self.asked]


def said(*bodies: Body, session: str | None = None) -> httpx2.Response:
    async def events() -> AsyncIterator[bytes]:
        for body in bodies:
            yield b"event: message\ndata: " + json.dumps(body).encode() + b"\n\n"

    headers = {"content-type": "text/event-stream"}
    if session is not None:
        headers[wire.SESSION_HEADER] = session
    return httpx2.Response(200, headers=headers, content=events())


def in_session(request: httpx2.Request, body: Body, session: str = "s1") -> httpx2.Response:
    result = {"protocolVersion": "2025-11-25"}
    answer = {"jsonrpc": "2.0", "id": body["id"], "result": result}
    return said(answer, session=session)


async def greet(_request: httpx2.Request, body: Body) -> httpx2.Response:
    return in_session(_request, body)


@asynccontextmanager
async def piped(
    engine: FakeEngine, whereabouts: Whereabouts | None = None
) -> AsyncGenerator[HostLines]:
    lines = HostLines()
    async with (
        asyncio.timeout(10),
        httpx2.AsyncClient(transport=httpx2.MockTransport(engine)) as http,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(Pipe(lines, whereabouts or Elsewhere(HERE), http).run())
        yield lines
        lines.close()


async def open_session(host: HostLines, engine: FakeEngine) -> None:
    engine.answers.setdefault("initialize", greet)
    host.say(id=0, method="initialize", params={"protocolVersion": "2025-11-25"})
    await host.hear()
    host.say(method="notifications/initialized")
    await engine.was_asked("GET")


class Moving:
    """An engine that ends when the test says so, and is found again at the next place."""

    def __init__(self, *places: Endpoint) -> None:
        self._places = list(places)
        self.over = asyncio.Event()

    async def locate(self, lost: Endpoint | None) -> Endpoint:
        if lost is not None:
            self._places.remove(lost)
        if not self._places:
            raise Unavailable("nobody left", hint="start one")
        return self._places[0]

    async def gone(self, endpoint: Endpoint) -> None:
        if endpoint is HERE:
            await self.over.wait()
        else:
            await asyncio.get_running_loop().create_future()

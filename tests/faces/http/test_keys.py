"""Who gets in, with what, and for how long."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from switchhook.domain.errors import SwitchhookError
from switchhook.faces.http.app import Doors, build_asgi
from switchhook.service import keys
from switchhook.service.identity import Principal
from tests.faces.http.town import ADDRESS, Town, credentials, refused, said

pytestmark = pytest.mark.anyio


def spelled(kind: str, key: str, secret: str) -> dict[str, str]:
    match kind:
        case "headers":
            return {"X-API-KEY": key, "X-API-SECRET": secret}
        case "bearer":
            return {"Authorization": f"Bearer {key}.{secret}"}
        case _:
            pair = base64.b64encode(f"{key}:{secret}".encode()).decode()
            return {"Authorization": f"basic {pair}"}


@pytest.mark.parametrize("kind", ["headers", "bearer", "basic"])
async def test_a_pair_opens_the_door_in_each_spelling(town: Town, kind: str) -> None:
    async with town.client(None, **spelled(kind, town.bob.key, town.bob.secret)) as client:
        assert said(await client.get("/api/calls"))["organization_id"] == "org_bob"


@pytest.mark.parametrize("kind", ["headers", "bearer", "basic"])
async def test_a_wrong_secret_does_not(town: Town, kind: str) -> None:
    async with town.client(None, **spelled(kind, town.bob.key, "guess")) as client:
        answer = await client.get("/api/calls")

    refused(answer, 401, "not_authenticated")
    assert answer.json()["message"] == "Authentication required"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "guess" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-KEY": "ck_1"},
        {"X-API-SECRET": "cs_1"},
        {"X-API-KEY": "", "X-API-SECRET": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nothing-to-split"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Digest username=x"},
    ],
)
async def test_half_a_credential_is_none(town: Town, headers: dict[str, str]) -> None:
    async with town.client(None, **headers) as client:
        details = refused(await client.get("/api/calls"), 401, "not_authenticated")

    assert "X-API-KEY" in details["hint"]


@pytest.mark.parametrize("path", ["/mcp", "/sse", "/messages/", "/messages/x"])
async def test_an_mcp_client_is_told_the_two_headers(
    stranger: httpx.AsyncClient, path: str
) -> None:
    answer = await stranger.post(path, json={})

    assert answer.status_code == 401
    assert answer.json()["error"] == "not_authenticated"
    assert "X-API-KEY and X-API-SECRET" in answer.json()["hint"]


async def test_unknown_paths_are_behind_the_door_too(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/metrics")).status_code == 401
    assert (await stranger.get("/livez/secret")).status_code == 401


async def test_a_revoked_key_is_refused_at_once(town: Town) -> None:
    async with town.client(town.bob) as client:
        said(await client.get("/api/calls"))
        await keys.revoke_key(town.exchange, town.bob.key)

        refused(await client.get("/api/calls"), 401, "not_authenticated")


async def test_two_secrets_live_during_a_rotation(town: Town) -> None:
    rotated = await keys.rotate_secret(town.exchange, town.bob.key)

    async with town.client(town.bob) as old, town.client(rotated) as new:
        said(await old.get("/api/calls"))
        said(await new.get("/api/calls"))


async def test_another_framework_learns_who_asks_for_the_time_of_the_request(town: Town) -> None:
    seen: list[str] = []

    @contextmanager
    def install(scope: Scope, principal: Principal) -> Generator[None]:
        scope["user"] = principal.org_id
        seen.append("in")
        yield
        seen.append("out")

    async def whoami(request: Request) -> Response:
        seen.append(request.scope["user"])
        return PlainTextResponse("")

    app = build_asgi(town.exchange, mcp_routes=[Route("/mcp", whoami)], install_user=install)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        await client.get("/mcp", headers=credentials(town.bob))

    assert seen == ["in", "org_bob", "out"]


async def test_the_door_stands_open_only_where_the_house_says_so(town: Town) -> None:
    async def owner() -> Principal:
        return await keys.local_owner(town.exchange)

    app = build_asgi(town.exchange, Doors(open_to=owner))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        assert said(await client.get("/api/calls"))["organization_id"] == town.alice.org_id
        wrong = await client.get("/api/calls", headers={"X-API-KEY": "ck", "X-API-SECRET": "x"})

    refused(wrong, 401, "not_authenticated")


class Listener:
    """Reads an event stream straight from the application, and notices its end."""

    def __init__(self) -> None:
        self.body = b""
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    async def send(self, message: Message) -> None:
        self.body += message.get("body", b"")
        if self.body:
            self.begun.set()
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.ended.set()

    async def receive(self) -> Message:
        await self.ended.wait()
        return {"type": "http.disconnect"}


def stream_scope(pair: keys.KeyPair) -> dict[str, Any]:
    headers = {"host": "127.0.0.1"} | credentials(pair)
    return {
        "type": "http",
        "method": "GET",
        "path": "/sse",
        "raw_path": b"/sse",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }


async def _hello() -> AsyncGenerator[bytes]:
    yield b"data: hello\n\n"
    await asyncio.Event().wait()


async def _sse(_request: Request) -> Response:
    return StreamingResponse(_hello(), media_type="text/event-stream")


async def test_a_revocation_ends_open_streams_in_good_order(town: Town) -> None:
    life: list[str] = []

    @asynccontextmanager
    async def lifespan() -> AsyncGenerator[None]:
        life.append("begun")
        yield
        life.append("over")

    app = build_asgi(town.exchange, mcp_routes=[Route("/sse", _sse)], lifespan=lifespan)
    hers, his = Listener(), Listener()

    async with asyncio.timeout(20):
        await living(app, hers, his, town)

    assert hers.body == his.body == b"data: hello\n\n"
    assert life == ["begun", "over"]


async def living(app: Any, hers: Listener, his: Listener, town: Town) -> None:
    """Run the application with two streams, of which one loses its key."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        started = asyncio.Event()
        tasks.create_task(app({"type": "lifespan"}, *_lifespan(started, stopping)))
        await started.wait()
        tasks.create_task(app(stream_scope(town.bob), his.receive, his.send))
        other = tasks.create_task(app(stream_scope(town.alice), hers.receive, hers.send))
        await his.begun.wait()
        await hers.begun.wait()
        await town.clock.advance(1.1)
        await keys.revoke_key(town.exchange, town.bob.key)
        while not his.ended.is_set():
            await town.clock.advance(1.1)
            await keys.list_keys(town.exchange)
        assert not hers.ended.is_set()
        other.cancel()
        stopping.set()


def _lifespan(started: asyncio.Event, stopping: asyncio.Event) -> tuple[Any, Any]:
    wanted = iter([{"type": "lifespan.startup"}])

    async def receive() -> Message:
        if (message := next(wanted, None)) is not None:
            return message
        await stopping.wait()
        return {"type": "lifespan.shutdown"}

    async def send(message: Message) -> None:
        assert not message["type"].endswith("failed"), message
        started.set()

    return receive, send


async def test_a_websocket_without_a_key_is_closed_before_it_opens(town: Town) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    for host in (b"127.0.0.1", b"evil.example"):
        scope = {"type": "websocket", "path": "/media", "headers": [(b"host", host)]}
        await town.app(scope, receive, send)

    assert sent == [{"type": "websocket.close", "code": 1008}] * 2


def test_the_errors_of_keys_are_errors_of_ours() -> None:
    assert issubclass(keys.NotAuthenticated, SwitchhookError)

"""What a request may weigh and how it must look; what every answer says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from switchhook.faces.http.app import Doors, build_asgi
from switchhook.faces.http.limits import API_BYTES, CARRIER_BYTES, MCP_BYTES
from tests.faces.http.town import ADDRESS, Town, credentials, refused

pytestmark = pytest.mark.anyio

CREATE = "/api/calls/create"
AS_JSON = {"Content-Type": "application/json"}


async def test_a_declared_size_is_refused_before_anybody_asks_who_it_is(
    stranger: httpx.AsyncClient,
) -> None:
    refused(await stranger.post(CREATE, json={"x": "x" * API_BYTES}), 413, "too_large")


async def test_a_size_that_was_not_declared_is_counted(alice: httpx.AsyncClient) -> None:
    async def endless() -> AsyncGenerator[bytes]:
        yield b'{"x": "'
        while True:
            yield b"x" * 65536

    refused(await alice.post(CREATE, content=endless(), headers=AS_JSON), 413, "too_large")


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def test_mcp_may_send_four_times_as_much(town: Town) -> None:
    app = build_asgi(town.exchange, mcp_routes=[Route("/mcp", _echo, methods=["POST"])])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=credentials(town.alice)
    ) as client:
        fits = await client.post("/mcp", content=b" " * MCP_BYTES, headers=AS_JSON)
        larger = await client.post("/mcp", content=b" " * (MCP_BYTES + 1), headers=AS_JSON)

    assert fits.text == str(MCP_BYTES)
    assert (larger.status_code, larger.json()["error"]) == (413, "too_large")


async def test_carriers_send_small_forms_without_a_key(town: Town) -> None:
    hook = Route("/carriers/some/status", _echo, methods=["POST"])
    app = build_asgi(town.exchange, carrier_routes=[hook])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as carrier:
        fits = await carrier.post("/carriers/some/status", data={"CallSid": "CA1"})
        larger = await carrier.post("/carriers/some/status", data={"x": "x" * CARRIER_BYTES})
        as_json = await carrier.post("/carriers/some/status", json={})

    assert fits.text == "11"
    assert [answer.status_code for answer in (larger, as_json)] == [413, 415]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_only_json_is_read(alice: httpx.AsyncClient, kind: str) -> None:
    answer = await alice.post(CREATE, content=b"{}", headers={"Content-Type": kind})

    refused(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("size", ["-1", "1e3", "٣"])
async def test_a_size_that_is_no_number_is_refused(town: Town, size: str) -> None:
    status, body = await _raw(town, [(b"content-length", size.encode())], [])

    assert (status, body["details"]["code"]) == (400, "invalid_input")


async def test_a_body_that_does_not_arrive_is_given_up(town: Town) -> None:
    town.app = build_asgi(town.exchange, Doors(body_seconds=0.01))
    headers = [(b"content-length", b"9"), (b"content-type", b"application/json")]

    async with asyncio.timeout(10):
        status, body = await _raw(town, headers, [b'{"a": '])

    assert (status, body["details"]["code"]) == (408, "request_timeout")


async def test_a_body_that_grows_too_large_after_the_answer_began_breaks_it_off(
    town: Town,
) -> None:
    async def hasty(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("early")(scope, receive, send)
        while True:
            await receive()

    async def endless() -> AsyncGenerator[bytes]:
        while True:
            yield b"x" * API_BYTES

    class Hasty:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await hasty(scope, receive, send)

    app = build_asgi(town.exchange, mcp_routes=[Route("/early", Hasty(), methods=["POST"])])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=credentials(town.alice)
    ) as client:
        with pytest.raises(Exception, match="larger than"):
            await client.post("/early", content=endless(), headers=AS_JSON)


async def _raw(
    town: Town, headers: list[tuple[bytes, bytes]], chunks: list[bytes]
) -> tuple[int, Any]:
    """Send what no HTTP client would."""
    pair = [(name.lower().encode(), value.encode()) for name, value in _pair(town)]
    coming = iter(chunks)
    sent: list[Message] = []

    async def receive() -> Message:
        if (chunk := next(coming, None)) is not None:
            return {"type": "http.request", "body": chunk, "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": CREATE,
        "raw_path": CREATE.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *pair, *headers],
    }
    await town.app(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


def _pair(town: Town) -> list[tuple[str, str]]:
    return list(credentials(town.alice).items())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"7",
        b'{"a": 1',
        b'{"agent_id": "a", "agent_id": "b"}',
        b'{"metadata": {"x": NaN}}',
        b'{"metadata": {"x": -Infinity}}',
        b'{"metadata": {"x": 1e999}}',
        b'{"metadata": {"x": "\\u0000"}}',
        b'{"metadata": {"\\u0000": 1}}',
        b'{"metadata": {"x": ["\\ud800"]}}',
        b'{"metadata": {"x": "\xff"}}',
        b'{"metadata": {"x": ' + b"9" * 5000 + b"}}",
        b'{"metadata": ' + b"[" * 40 + b"]" * 40 + b"}",
        b"[" * 200_000,
    ],
)
async def test_what_is_no_good_json_is_refused(alice: httpx.AsyncClient, body: bytes) -> None:
    refused(await alice.post(CREATE, content=body, headers=AS_JSON), 400, "invalid_input")


async def test_a_read_takes_no_body(alice: httpx.AsyncClient) -> None:
    answer = await alice.request("GET", "/api/calls", json={"page": 1})

    refused(answer, 400, "invalid_input")


@pytest.mark.parametrize("path", ["/api/calls/a%00b", "/api/calls?page=%00", "/api/calls?%00=1"])
async def test_nul_is_refused_in_paths_and_queries_too(alice: httpx.AsyncClient, path: str) -> None:
    assert (await alice.get(path)).status_code in (400, 404)


async def test_a_query_parameter_is_given_once_and_known(alice: httpx.AsyncClient) -> None:
    refused(await alice.get("/api/calls?page=0&page=1"), 400, "invalid_input")
    refused(await alice.get("/api/calls?pages=1"), 400, "unsupported_parameter")


async def test_a_long_value_is_never_repeated(alice: httpx.AsyncClient) -> None:
    secret = "sk_live_" + "s3cr3t" * 500

    for body in (
        {"agent_id": "a", "call_type": secret},
        {"agent_id": "a", "metadata": secret},
        {"agent_id": "a", "call_id": secret},
        {"agent_id": "a", secret: 1},
    ):
        answer = await alice.post(CREATE, json=body)
        assert answer.status_code == 400
        assert secret not in answer.text


async def test_every_answer_keeps_browsers_from_guessing_and_storing(
    alice: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answers = [
        await alice.get("/api/calls"),
        await alice.get("/nowhere"),
        await stranger.get("/api/calls"),
        await stranger.get("/livez"),
        await stranger.get("/livez", headers={"Origin": "https://evil.example"}),
    ]

    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("path", "host", "origin", "status"),
    [
        ("/api/calls", "127.0.0.1:9", None, 200),
        ("/api/calls", "LocalHost", "http://localhost:6274", 200),
        ("/api/calls", "[::1]:8080", "http://[::1]", 200),
        ("/api/calls", "calls.example.com", "https://calls.example.com", 200),
        ("/api/calls", "calls.example.com:8443", None, 200),
        ("/api/calls", "inner.example.net", "", 200),
        ("/api/calls", "evil.example", None, 421),
        ("/api/calls", "localhost.evil.example", None, 421),
        ("/api/calls", "", None, 421),
        ("/api/calls", "127.0.0.1", "https://evil.example", 403),
        ("/api/calls", "127.0.0.1", "null", 403),
        ("/openapi.json", "evil.example", None, 421),
        ("/mcp", "evil.example", None, 421),
        ("/mcp", "127.0.0.1", "https://evil.example", 403),
        ("/livez", "10.0.0.7", None, 200),
    ],
)
async def test_only_requests_for_this_server_pass(
    town: Town, path: str, host: str, origin: str | None, status: int
) -> None:
    doors = Doors(public_url="https://calls.example.com", hosts=("inner.example.net",))
    town.app = build_asgi(town.exchange, doors)
    headers = {"Host": host} | ({} if origin is None else {"Origin": origin})

    async with town.client(town.alice, **headers) as client:
        assert (await client.get(path)).status_code == status

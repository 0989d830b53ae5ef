"""The two ways in over HTTP, as an app mounts them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from switchhook.faces.mcp.identity import install_user
from switchhook.faces.mcp.transports import asgi_routes, host_check
from switchhook.service.identity import Principal
from tests.faces.mcp.rig import Rig

pytestmark = pytest.mark.anyio

ACCEPT = {"Accept": "application/json, text/event-stream"}
MODERN: dict[str, Any] = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


class SignedIn:
    """Lets every request act for the account its header names."""

    def __init__(self, app: ASGIApp, accounts: dict[str, Principal]) -> None:
        self.app = app
        self.accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = dict(scope["headers"])[b"x-who"].decode()
        with install_user(scope, self.accounts[who]):
            await self.app(scope, receive, send)


@asynccontextmanager
async def over_http(rig: Rig, who: str = "alice") -> AsyncGenerator[httpx.AsyncClient]:
    doors = asgi_routes(rig.face)
    app = SignedIn(Starlette(routes=doors.routes), {"alice": rig.alice, "bob": rig.bob})
    async with (
        rig.face.running(),
        doors.sessions.run(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://127.0.0.1:8080",
            headers=ACCEPT | {"X-Who": who},
        ) as client,
    ):
        yield client


def request(method: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


async def modern(client: httpx.AsyncClient, method: str, **params: Any) -> httpx.Response:
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
    if name := params.get("name") or params.get("uri"):
        headers["Mcp-Name"] = name
    body = request(method, params | {"_meta": MODERN})
    return await client.post("/mcp", json=body, headers=headers)


def answer_in(response: httpx.Response) -> dict[str, Any]:
    """Return the answer, whether it came alone or as the last event of a stream."""
    if response.headers["content-type"].startswith("application/json"):
        return response.json()
    data = [line for line in response.text.splitlines() if line.startswith("data: {")]
    return json.loads(data[-1].removeprefix("data: "))


async def test_a_modern_request_stands_alone(rig: Rig) -> None:
    async with over_http(rig) as client:
        found = await modern(client, "server/discover")
        placed = await modern(
            client, "tools/call", name="simulate_call", arguments={"task": "say hello"}
        )

    assert answer_in(found)["result"]["supportedVersions"] == ["2026-07-28"]
    assert found.headers.get("mcp-session-id") is None
    assert answer_in(placed)["result"]["structuredContent"]["status"] == "queued"


async def test_a_session_belongs_to_who_opened_it(rig: Rig) -> None:
    hello = request(
        "initialize",
        {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        },
    )
    async with over_http(rig) as client:
        opened = await client.post("/mcp", json=hello)
        session = {"Mcp-Session-Id": opened.headers["mcp-session-id"]}
        listing = request("tools/list", {})
        mine = await client.post("/mcp", json=listing, headers=session)
        theirs = await client.post("/mcp", json=listing, headers=session | {"X-Who": "bob"})

    capabilities = answer_in(opened)["result"]["capabilities"]
    assert capabilities["resources"]["subscribe"] is True
    assert "completions" in capabilities
    assert mine.status_code == 200
    assert theirs.status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "https://evil.example"}, 403)],
)
@pytest.mark.parametrize("path", ["/mcp", "/messages/"])
async def test_a_page_from_elsewhere_reaches_nothing(
    rig: Rig, header: dict[str, str], status: int, path: str
) -> None:
    async with over_http(rig) as client:
        response = await client.post(path, json=request("ping", {}), headers=header)

    assert response.status_code == status


async def test_a_listener_that_asks_for_nonsense_is_refused(rig: Rig) -> None:
    async with over_http(rig) as client:
        response = await modern(
            client, "subscriptions/listen", notifications={"resourceSubscriptions": 7}
        )

    assert response.status_code == 400
    assert answer_in(response)["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("public_url", "bind_host", "host", "origin"),
    [
        (None, "127.0.0.1", "localhost:*", "http://localhost:*"),
        (None, "::1", "[::1]:*", "http://[::1]:*"),
        ("https://calls.example.com", "0.0.0.0", "calls.example.com", "https://calls.example.com"),
        ("https://c.example:8443/x", "::", "c.example:*", "https://c.example:*"),
        ("http://[2001:db8::1]:80", "::", "[2001:db8::1]:*", "http://[2001:db8::1]:*"),
        (None, "192.0.2.7", "192.0.2.7:*", "http://192.0.2.7:*"),
        (None, "2001:db8::2", "[2001:db8::2]:*", "http://[2001:db8::2]:*"),
        ("nonsense", "127.0.0.1", "127.0.0.1", "http://127.0.0.1"),
    ],
)
def test_our_own_names_pass_the_host_check(
    public_url: str | None, bind_host: str, host: str, origin: str
) -> None:
    check = host_check(public_url, bind_host)

    assert check.enable_dns_rebinding_protection
    assert host in check.allowed_hosts
    assert origin in check.allowed_origins
    assert "0.0.0.0" not in check.allowed_hosts

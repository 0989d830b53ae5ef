"""An MCP client of ours: places a call and follows it to its end."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.types import BlobResourceContents, ElicitRequestParams, ElicitResult

from switchhook.app import Application
from switchhook.commands.metering import Meter, MeteredCarrier
from switchhook.commands.nearby import mcp_address, pair_headers
from switchhook.domain.errors import SwitchhookError, Unavailable
from switchhook.faces.mcp import wire
from switchhook.faces.mcp.pipe import TIMEOUT, Endpoint
from switchhook.settings import Settings
from switchhook.work.engine_lock import EngineLock

MAX_WAIT = 20
DETAILS = ["transcript", "recording", "latency", "analysis"]


class Refused(SwitchhookError):
    """The engine said no, in its own words."""

    code = "refused"


class Caller:
    """Somebody who asks an engine for calls; `lasting` tells whether it goes on without them."""

    def __init__(self, client: Client, *, lasting: bool) -> None:
        self._client = client
        self.lasting = lasting

    async def place(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Place a call and return what is known of it."""
        return await self._tool("create_call", arguments)

    async def follow(self, call_id: str) -> AsyncIterator[dict[str, Any]]:
        """Yield what happens to a call until it is over, and analysed where it is."""
        cursor, settled = 0, False
        while not settled:
            wanted = {"call_id": call_id, "cursor": cursor, "max_wait": MAX_WAIT}
            news = await self._tool("wait_for_call", wanted)
            for event in news["events"]:
                yield event
            over = news["terminal"] and news.get("analysis") != "pending"
            cursor, settled = news["cursor"], over and not news["more"]

    async def details(self, call_id: str) -> dict[str, Any]:
        """Return everything that is known of a call."""
        wanted = {"call_id": call_id, "include": DETAILS, "limit": 200}
        return await self._tool("get_call", wanted)

    async def recording(self, call_id: str) -> bytes:
        """Return the recording as a WAV file."""
        found = await self._client.read_resource(f"call://{call_id}/recording")
        part = found.contents[0]
        return base64.b64decode(part.blob) if isinstance(part, BlobResourceContents) else b""

    async def _tool(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        result = await self._client.call_tool(name, arguments)
        facts: dict[str, Any] = result.structured_content or {}
        if result.is_error:
            raise Refused(
                facts.get("message") or f"{name} failed",
                hint=facts.get("hint"),
                field=facts.get("field"),
            )
        return facts


@asynccontextmanager
async def in_process(settings: Settings, meter: Meter | None = None) -> AsyncGenerator[Caller]:
    """Run an engine for as long as the context lasts, and talk to it; a meter sees every frame."""
    application = Application.build(settings)
    async with application.running(), _agreeing(application.face.server) as client:
        if meter is not None:
            carriers = application.exchange.carriers
            application.exchange.carriers = {
                name: MeteredCarrier.around(carrier, meter) for name, carrier in carriers.items()
            }
        yield Caller(client, lasting=False)


@asynccontextmanager
async def wherever_it_runs(settings: Settings) -> AsyncGenerator[Caller]:
    """Talk to the server in the settings, to the engine that runs here, or to one of our own."""
    lock = EngineLock(settings.data)
    endpoint = _endpoint(settings, lock)
    if endpoint is not None:
        async with _at(endpoint) as caller:
            yield caller
        return
    try:
        async with in_process(settings) as caller:
            yield caller
    finally:
        lock.release()


def _endpoint(settings: Settings, lock: EngineLock) -> Endpoint | None:
    if settings.url is not None:
        return Endpoint(mcp_address(settings.url), pair_headers(settings) or {})
    if lock.acquire():
        return None
    address = lock.address()
    if address is None:
        raise Unavailable(
            f"another process holds {settings.data}, but its engine does not answer yet",
            hint="try again in a moment, or set SWITCHHOOK_DATA to another directory",
        )
    return Endpoint(mcp_address(address.url), pair_headers(settings) or address.headers)


@asynccontextmanager
async def _at(endpoint: Endpoint) -> AsyncGenerator[Caller]:
    async with httpx2.AsyncClient(headers=dict(endpoint.headers), timeout=TIMEOUT) as http:
        await _knock(http, endpoint.url)
        async with _agreeing(streamable_http_client(endpoint.url, http_client=http)) as client:
            yield Caller(client, lasting=True)


async def _knock(http: httpx2.AsyncClient, url: str) -> None:
    """Ask for anything, because the SDK tells neither who refused nor why."""
    try:
        answer = await http.get(url, headers={"accept": "text/event-stream"})
    except httpx2.HTTPError as failed:
        raise Unavailable(
            f"cannot reach {url}: {type(failed).__name__}",
            hint="check SWITCHHOOK_URL and that the server runs there",
        ) from None
    if answer.status_code in {401, 403}:
        raise wire.refusal(answer.status_code, url)


def _agreeing(server: Any) -> Client:
    """Return a client whose user agrees: whoever typed the command wants the call."""

    async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the SDK names them
        return ElicitResult(action="accept", content={"confirm": True})

    return Client(server, elicitation_callback=agree)

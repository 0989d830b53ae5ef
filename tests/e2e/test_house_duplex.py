"""From an assistant to a telephone and back, held by a model that hears and speaks by itself.

Everything but the vendors is real: MCP over HTTP, the media streams and callbacks of a fake of
Twilio, the realtime sessions of a fake of OpenAI, and the API that an action asks, all of them
over sockets of this machine and in real time.
"""

from __future__ import annotations

import asyncio
import io
import json
import wave
from base64 import b64decode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import BlobResourceContents

from switchhook.app import Application
from switchhook.commands.local_engine import LocalEngine, Manner, listening_socket
from switchhook.runtime.outgoing import Doorway
from switchhook.service import keys
from switchhook.settings import read_settings
from switchhook.testing import Acts, HangsUp, Interrupts, Listens, Said, Waits, Writes
from switchhook.testing.openai import FakeOpenAI, when
from switchhook.testing.twilio import Phone
from switchhook.work.engine_lock import EngineLock
from tests.e2e.processes import PATIENCE, client_over, facts, until_over

pytestmark = pytest.mark.anyio

TABLES = (
    "There is a table at six by the window, one at seven in the garden, one at eight upstairs,"
    " and one at nine next to the kitchen, which is the last one of this evening."
)
BRAIN = when(
    {
        "which": TABLES,
        "stop": [Writes("One moment."), Acts("find_table", '{"people": 4}')],
        "free": "The one at eight is free. Do you want it?",
        "person": [Writes("I connect you."), Acts("transfer_call", "{}")],
        "yes": [Writes("Then it is yours. Goodbye."), Acts("end_call", '{"outcome": "achieved"}')],
    }
)
CALLEE = Phone(
    [
        *(Said("Hello?"), Listens(1.0), Said("Which tables are there?")),
        *(Interrupts("Stop, it is for four people.", after_ms=2500), Listens(1.5)),
        *(Said("Yes, please."), Listens(), Waits(30)),
    ],
    rings=0.5,
)
WANTS_A_PERSON = Phone(
    [
        *(Said("Hello?"), Listens(1.0), Said("Let me speak to a person."), Listens(1.0)),
        *(Waits(5), HangsUp()),
    ],
    rings=0.5,
)
COLLEAGUE = {"type": "transfer_call", "phone_number": "+14155550100"}
ACTION = {
    "type": "call_api",
    "name": "find_table",
    "description": "Find a table for so many people.",
    "url": "https://tables.example/find",
    "input_schema": {"type": "object", "properties": {"people": {"type": "integer"}}},
}


@dataclass
class Tables(httpx2.AsyncBaseTransport):
    """The API of a restaurant, on this machine under its public name."""

    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    port: int = 0

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[Doorway]:
        async with await asyncio.start_server(self._answer, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield Doorway(_somewhere_public, self)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        async with httpx2.AsyncHTTPTransport() as wire:
            response = await wire.handle_async_request(request)
            body = await response.aread()
        return httpx2.Response(response.status_code, content=body)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r")[0])
        self.asked.append(json.loads(await reader.readexactly(length)))
        body = b'{"result": {"free": "at eight"}}'
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
        writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


async def _somewhere_public(host: str) -> tuple[str, ...]:
    del host
    return ("93.184.215.14",)


@asynccontextmanager
async def assistant(folder: Path, model: str) -> AsyncGenerator[Client]:
    """Serve with a telephone and a key to this model, and connect an assistant to it."""
    settings = read_settings(
        {
            "SWITCHHOOK_DATA": str(folder),
            "SWITCHHOOK_CARRIER": "twilio-fake",
            "SWITCHHOOK_LOOPBACK_SPEED": "1",
            "SWITCHHOOK_OPENAI_API_KEY": "sk-test",
            "SWITCHHOOK_OPENAI_API": "whole",
            "SWITCHHOOK_OPENAI_BASE_URL": model,
            "SWITCHHOOK_VOICE": "offline",
        }
    )
    application = Application.build(settings)
    pair = await keys.first_start(application.exchange)
    assert pair is not None
    lock = EngineLock(folder)
    assert lock.acquire()
    engine = LocalEngine(application, lock, Manner(public=True))
    with listening_socket("127.0.0.1", 0) as door:
        headers = {"X-API-KEY": pair.key, "X-API-SECRET": pair.secret}
        url = f"http://127.0.0.1:{door.getsockname()[1]}/mcp"
        running = asyncio.create_task(engine.run(door))
        await engine.found.wait()
        timeout = httpx2.Timeout(30, read=None)
        async with (
            httpx2.AsyncClient(headers=headers, timeout=timeout) as http,
            client_over(streamable_http_client(url, http_client=http)) as client,
        ):
            yield client
        engine.stop.set()
        await running
    lock.release()


@dataclass(frozen=True)
class Held:
    """What came of the call."""

    end: dict[str, Any]
    lines: list[dict[str, Any]]
    recording: bytes


async def hold(client: Client, action: dict[str, Any]) -> Held:
    """Make an agent, let it call, and return what came of it."""
    agent = {
        "name": "Rosa",
        "prompt": "Offer tables.",
        "first_message": "I call about your table.",
        "mind": {"kind": "duplex"},
        "actions": [action],
        "record": True,
    }
    made = facts(await client.call_tool("create_agent", agent))
    wish = {"to": "+14155550123", "agent": made["agent_id"], "task": "offer a table"}
    placed = facts(await client.call_tool("create_call", wish))
    async with asyncio.timeout(PATIENCE):
        end = await until_over(client, placed["call_id"])
    wanted = {"call_id": placed["call_id"], "include": ["transcript"]}
    told = facts(await client.call_tool("get_call", wanted))
    read = await client.read_resource(f"call://{placed['call_id']}/recording")
    audio = b64decode(cast("BlobResourceContents", read.contents[0]).blob)
    return Held(end, told["transcript"]["lines"], audio)


async def test_a_call_is_held_from_the_assistant_to_the_callee_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchhook.testing.twilio.COOPERATIVE", CALLEE)
    fake, tables = FakeOpenAI(brain=BRAIN, pace=0.02), Tables()
    async with fake.serving() as model, tables.serving() as doorway:
        monkeypatch.setattr("switchhook.runtime.actions.Doorway", lambda: doorway)
        async with assistant(tmp_path, model) as client:
            held = await hold(client, ACTION)

    assert (held.end["status"], held.end["outcome"]["verdict"]) == ("ended", "achieved")
    spoken = [f"{line['speaker']}: {line['text']}" for line in held.lines]
    cut = next(line for line in held.lines if line.get("interrupted"))
    assert TABLES.startswith(cut["text"])
    assert spoken[-5:] == [
        "callee: Stop, it is for four people.",
        "agent: One moment.",
        "agent: The one at eight is free. Do you want it?",
        "callee: Yes, please.",
        "agent: Then it is yours. Goodbye.",
    ]
    assert [asked["payload"] for asked in tables.asked] == [{"people": 4}]
    assert [m for m in fake.sent if m["type"] == "error"] == []
    cuts = [m for m in fake.received if m["type"] == "conversation.item.truncate"]
    assert [1500 < m["audio_end_ms"] < 5000 for m in cuts] == [True]
    assert fake.live == 0
    with wave.open(io.BytesIO(held.recording)) as recording:
        assert recording.getnchannels() == 2
        assert recording.getnframes() / recording.getframerate() > 10


async def test_a_callee_who_wants_a_person_is_connected_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchhook.testing.twilio.COOPERATIVE", WANTS_A_PERSON)
    fake = FakeOpenAI(brain=BRAIN, pace=0.02)
    async with fake.serving() as model, assistant(tmp_path, model) as client:
        held = await hold(client, COLLEAGUE)

    assert (held.end["status"], held.end["reason"]) == ("ended", "transfer_completed")
    spoken = [f"{line['speaker']}: {line['text']}" for line in held.lines]
    assert spoken[-2:] == ["callee: Let me speak to a person.", "agent: I connect you."]
    with wave.open(io.BytesIO(held.recording)) as recording:
        assert recording.getnframes() / recording.getframerate() > 4

"""A client with nothing in it, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.bench.figures import Timings

VERSION = "2026-07-28"
PATIENCE = 30.0


def request(method: str, params: Mapping[str, Any], number: int = 1) -> dict[str, Any]:
    """Return a request of the modern era."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
    }
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, "_meta": meta}}


class Refused(Exception):
    """The server answered something that does not count."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and the headers it wants."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def post(self, name: str, arguments: Mapping[str, Any]) -> bytes:
        """Return the bytes of a tool call."""
        body = json.dumps(request("tools/call", {"name": name, "arguments": arguments})).encode()
        headers = {
            "Host": f"127.0.0.1:{self.port}",
            "Accept": "application/json, text/event-stream",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "MCP-Protocol-Version": VERSION,
            "Mcp-Method": "tools/call",
            "Mcp-Name": name,
            **self.headers,
        }
        lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        return b"POST /mcp HTTP/1.1\r\n" + lines.encode() + b"\r\n" + body


@dataclass(slots=True)
class Wire:
    """One connection that stays open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, message: bytes) -> dict[str, Any]:
        """Send a tool call and return its structured answer."""
        result = json.loads(await self.exchange(message)).get("result", {})
        if result.get("isError") or "structuredContent" not in result:
            raise Refused(json.dumps(result)[:600])
        return result["structuredContent"]

    async def exchange(self, message: bytes) -> bytes:
        """Send a request and return the body of its answer."""
        self.writer.write(message)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        _, found, rest = head.partition(b"content-length: ")
        if not head.startswith(b"http/1.1 200") or not found:
            raise Refused(head.decode())
        return await self.reader.readexactly(int(rest.split(b"\r\n", 1)[0]))


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Wire]:
    """Yield a connection to the port."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()


async def hammer(port: int, messages: Iterator[bytes], clients: int) -> Timings:
    """Send all messages over that many connections, each as fast as it is answered."""
    seconds: list[float] = []

    async def one() -> None:
        async with connected(port) as wire:
            for message in messages:
                began = time.perf_counter()
                body = await wire.exchange(message)
                seconds.append(time.perf_counter() - began)
                if b'"isError":true' in body or b'"structuredContent"' not in body:
                    raise Refused(body[:600].decode())

    began = time.perf_counter()
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        for _ in range(clients):
            tasks.create_task(one())
    return Timings(tuple(seconds), time.perf_counter() - began)

"""A program far from the telephone: MCP over HTTP with the two key headers.

switchhook serve                              # shows a key at its first start
python examples/call_over_http.py http://127.0.0.1:8080/mcp KEY SECRET
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client


async def main(url: str, key: str, secret: str) -> None:
    headers = {"X-API-KEY": key, "X-API-SECRET": secret}
    # An answer may take as long as a wait for news does.
    timeout = httpx2.Timeout(10, read=60)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=timeout) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        call = await answer(
            client, "create_call", to="+15550100001", task="ask whether the shop is open"
        )
        while not call["terminal"]:
            call = await answer(
                client, "wait_for_call", call_id=call["call_id"], cursor=call["cursor"]
            )
            for event in call["events"]:
                print(f"{event['kind']}: {event['text']}")
        print(call["status"], call["reason"])


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    if result.is_error or result.structured_content is None:
        raise SystemExit(str(result.content))
    return result.structured_content


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

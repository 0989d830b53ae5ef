"""Ring a telephone and read along: you agree first, and hear what is said as it is said.

switchhook serve    # with a carrier in its environment; SWITCHHOOK_CARRIER=twilio-fake rings nobody
python examples/call_a_telephone.py http://127.0.0.1:8080/mcp KEY SECRET NUMBER "ask when they open"
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import httpx2
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitRequestParams, ElicitResult


async def main(url: str, key: str, secret: str, number: str, task: str) -> None:
    headers = {"X-API-KEY": key, "X-API-SECRET": secret}
    # An answer may take as long as a wait for news does, or a person who is asked.
    timeout = httpx2.Timeout(10, read=300)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=timeout) as http,
        Client(streamable_http_client(url, http_client=http), elicitation_callback=agree) as client,
    ):
        call = await answer(client, "create_call", to=number, task=task)
        while not call["terminal"]:
            call = await answer(
                client, "wait_for_call", call_id=call["call_id"], cursor=call["cursor"]
            )
            for event in call["events"]:
                print(f"{event['kind']}: {event['text']}", flush=True)
        print(call["status"], call["reason"])


async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
    """Put the server's question to whoever sits here: a real call costs, and disturbs somebody."""
    del context
    said = await asyncio.to_thread(input, f"{params.message} [y/N] ")
    return ElicitResult(action="accept", content={"confirm": said.strip().lower() == "y"})


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    if result.is_error or result.structured_content is None:
        raise SystemExit(str(result.content))
    return result.structured_content


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

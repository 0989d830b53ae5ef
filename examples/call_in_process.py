"""An assistant and its telephone in one process: place a call, follow it, print what was said.

python examples/call_in_process.py
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from mcp import Client

from switchhook.app import Application
from switchhook.settings import read_settings

SCHEMA = {
    "type": "object",
    "properties": {"time": {"type": "string", "description": "At what time is a table free?"}},
}


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings().model_copy(update={"data": Path(folder)})
        application = Application.build(settings)
        async with application.running(), Client(application.face.server) as client:
            await call_the_restaurant(client)


async def call_the_restaurant(client: Client) -> None:
    placed = await answer(
        client,
        "create_call",
        to="+15550100001",
        task="book a table for two on Friday",
        result_schema=SCHEMA,
    )
    call_id, news = placed["call_id"], placed
    while not news["terminal"]:
        news = await answer(client, "wait_for_call", call_id=call_id, cursor=news["cursor"])
    details = await answer(client, "get_call", call_id=call_id, include=["transcript"])
    for line in details["transcript"]["lines"]:
        print(f"{line['speaker']}: {line['text']}")
    print(details["outcome"])


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    if result.is_error or result.structured_content is None:
        raise SystemExit(str(result.content))
    return result.structured_content


if __name__ == "__main__":
    asyncio.run(main())

"""A face on standard input and output, for the folder that is named."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio

sys.path.insert(0, str(Path(__file__).parents[3]))

from switchhook.faces.mcp.server import build_server
from switchhook.faces.mcp.transports import run_stdio
from switchhook.service import keys
from tests.faces.mcp.rig import exchange_in


async def main(folder: Path) -> None:
    exchange = exchange_in(folder, woken=[])
    try:
        await run_stdio(build_server(exchange, local=await keys.local_owner(exchange)))
    finally:
        exchange.database.close()


anyio.run(main, Path(sys.argv[1]))

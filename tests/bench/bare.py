"""The least an MCP server can be: one trivial tool. Ours is measured beside it.

python tests/bench/bare.py stdio
python tests/bench/bare.py http PORT
"""

from __future__ import annotations

import sys

from mcp.server import MCPServer
from pydantic import BaseModel


class Call(BaseModel):
    """What the trivial tool answers."""

    call_id: str
    status: str


server = MCPServer("bare", version="1", log_level="WARNING")


@server.tool()
async def get_call(call_id: str) -> Call:
    """Return the status of a call."""
    return Call(call_id=call_id, status="completed")


def serve(port: int) -> None:
    """Serve streamable HTTP with the settings that ours has."""
    import uvicorn  # noqa: PLC0415 - stdio is measured without it

    app = server.streamable_http_app()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def main() -> None:
    """Serve over what the command line names."""
    match sys.argv[1:]:
        case ["stdio"]:
            server.run("stdio")
        case ["http", port]:
            serve(int(port))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()

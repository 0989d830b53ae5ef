"""The least that speaks MCP: a server with one trivial tool, to compare with."""

from __future__ import annotations

import sys

from mcp.server import MCPServer

server = MCPServer("bare", log_level="ERROR")


@server.tool()
async def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", port=int(sys.argv[1]))
    else:
        server.run("stdio")

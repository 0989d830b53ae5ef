"""What the official conformance suite expects to find on a server, added to ours for the test."""

from __future__ import annotations

from mcp.server import MCPServer

from tests.conformance import contents, pages, questions, rounds, schemas


def install(server: MCPServer) -> None:
    """Add every fixture to the server beside its own tools, resources and prompts."""
    for part in (contents, questions, rounds, pages, schemas):
        part.install(server)

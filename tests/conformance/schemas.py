"""A tool whose input schema uses the whole vocabulary of JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

from mcp.server import MCPServer
from mcp.types import CallToolResult

from tests.conformance.contents import text

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


async def json_schema_2020_12_tool() -> CallToolResult:
    """Tool with JSON Schema 2020-12 features."""
    return CallToolResult(content=[text("The schema is what counts.")])


def install(server: MCPServer) -> None:
    """Add the tool under its own schema, which no signature could produce."""
    server.add_tool(json_schema_2020_12_tool)
    tools = server._tool_manager  # pyright: ignore[reportPrivateUsage]  # no public way to the stored tool
    tool = tools.get_tool("json_schema_2020_12_tool")
    assert tool is not None
    tool.parameters = SCHEMA

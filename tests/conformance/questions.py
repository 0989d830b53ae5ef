"""Tools that ask the client in the middle of a call, as the handshake era did."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, ElicitResult, SamplingMessage

from tests.conformance.contents import text

PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    },
    "required": ["username", "email"],
}

DEFAULTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {
            "type": "string",
            "enum": ["active", "inactive", "pending"],
            "default": "active",
        },
        "verified": {"type": "boolean", "default": True},
    },
}


class _Choice(Enum):
    FIRST = ("value1", "First")
    SECOND = ("value2", "Second")
    THIRD = ("value3", "Third")


def _titled(word: Literal["Option", "Choice"]) -> list[dict[str, str]]:
    return [
        {"const": value, "title": f"{title} {word}"}
        for value, title in (choice.value for choice in _Choice)
    ]


_PLAIN = ["option1", "option2", "option3"]

ENUMS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "untitledSingle": {"type": "string", "enum": _PLAIN},
        "titledSingle": {"type": "string", "oneOf": _titled("Option")},
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": _PLAIN}},
        "titledMulti": {"type": "array", "items": {"anyOf": _titled("Choice")}},
    },
}


async def _ask(ctx: Context[Any, Any], message: str, schema: dict[str, Any]) -> ElicitResult:
    return await ctx.session.elicit_form(message, schema, ctx.request_id)


async def test_elicitation(message: str, ctx: Context[Any, Any]) -> CallToolResult:
    """Ask for a name and an address."""
    said = await _ask(ctx, message, PERSON)
    words = f"User response: action: {said.action}, content: {said.content}"
    return CallToolResult(content=[text(words)])


async def _completed(ctx: Context[Any, Any], schema: dict[str, Any]) -> CallToolResult:
    said = await _ask(ctx, "Please fill in the form", schema)
    words = f"Elicitation completed: action={said.action}, content={said.content}"
    return CallToolResult(content=[text(words)])


async def test_elicitation_sep1034_defaults(ctx: Context[Any, Any]) -> CallToolResult:
    """Ask with a default for every kind of field."""
    return await _completed(ctx, DEFAULTS)


async def test_elicitation_sep1330_enums(ctx: Context[Any, Any]) -> CallToolResult:
    """Ask with every spelling of a choice."""
    return await _completed(ctx, ENUMS)


async def test_sampling(prompt: str, ctx: Context[Any, Any]) -> CallToolResult:
    """Ask the client's model."""
    said = await ctx.session.create_message(  # pyright: ignore[reportDeprecated]  # the scenario
        [SamplingMessage(role="user", content=text(prompt))],
        max_tokens=100,
        related_request_id=ctx.request_id,
    )
    return CallToolResult(content=[text(f"LLM response: {said.content}")])


TOOLS = (
    test_elicitation,
    test_elicitation_sep1034_defaults,
    test_elicitation_sep1330_enums,
    test_sampling,
)


def install(server: MCPServer) -> None:
    """Add the tools to the server."""
    for tool in TOOLS:
        server.add_tool(tool)

"""Tools whose answers show every kind of content; the official suite calls them by name."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Annotated, Any

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import (
    AudioContent,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ImageContent,
    TextContent,
    TextResourceContents,
)
from pydantic import Field

PAUSE = 0.05
"""Seconds between two notifications: the suite wants them to arrive one by one."""


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png() -> bytes:
    """Return a picture of one red pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", pixel), _chunk(b"IEND", b""))
    )


def wav() -> bytes:
    """Return ten milliseconds of silence as telephones sample it."""
    samples = bytes(160)
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    body = b"WAVE" + layout + struct.pack("<4sI", b"data", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def text(words: str) -> TextContent:
    """Return the words as a block of content."""
    return TextContent(type="text", text=words)


def picture() -> ImageContent:
    """Return the red pixel as a block of content."""
    data = base64.b64encode(png()).decode()
    return ImageContent(type="image", data=data, mime_type="image/png")


def embedded(uri: str, mime_type: str, words: str) -> EmbeddedResource:
    """Return a resource that travels inside an answer."""
    inside = TextResourceContents(uri=uri, mime_type=mime_type, text=words)
    return EmbeddedResource(type="resource", resource=inside)


def _answer(*blocks: ContentBlock) -> CallToolResult:
    return CallToolResult(content=list(blocks))


async def test_simple_text() -> CallToolResult:
    """Answer with a sentence."""
    return _answer(text("This is a simple text response for testing."))


async def test_image_content() -> CallToolResult:
    """Answer with a picture."""
    return _answer(picture())


async def test_audio_content() -> CallToolResult:
    """Answer with a sound."""
    data = base64.b64encode(wav()).decode()
    return _answer(AudioContent(type="audio", data=data, mime_type="audio/wav"))


async def test_embedded_resource() -> CallToolResult:
    """Answer with a resource inside."""
    words = "This is an embedded resource content."
    return _answer(embedded("test://embedded-resource", "text/plain", words))


async def test_multiple_content_types() -> CallToolResult:
    """Answer with a sentence, a picture and a resource."""
    mixed = embedded(
        "test://mixed-content-resource", "application/json", '{"test":"data","value":123}'
    )
    return _answer(text("Multiple content types test:"), picture(), mixed)


async def test_error_handling() -> CallToolResult:
    """Answer that the tool failed."""
    words = text("This tool intentionally returns an error for testing")
    return CallToolResult(content=[words], is_error=True)


async def test_tool_with_progress(ctx: Context[Any, Any]) -> CallToolResult:
    """Report progress three times, then answer."""
    for done in (0, 50, 100):
        await ctx.report_progress(done, 100)
        await anyio.sleep(PAUSE)
    return _answer(text("Three reports were sent."))


async def test_tool_with_logging(ctx: Context[Any, Any]) -> CallToolResult:
    """Log three lines, then answer."""
    for line in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await ctx.info(line)  # pyright: ignore[reportDeprecated]  # what the scenario is about
        await anyio.sleep(PAUSE)
    return _answer(text("Three lines were logged."))


async def test_logging_tool(ctx: Context[Any, Any]) -> CallToolResult:
    """Log one line, which only those may hear who asked for it."""
    await ctx.info("A line")  # pyright: ignore[reportDeprecated]  # what the scenario is about
    return _answer(text("A line was logged."))


async def test_reconnection(ctx: Context[Any, Any]) -> CallToolResult:
    """Close the stream in the middle of the call, then answer."""
    await ctx.close_sse_stream()
    await anyio.sleep(PAUSE)
    return _answer(text("The stream was closed before this."))


async def test_trigger_tool_change(ctx: Context[Any, Any]) -> CallToolResult:
    """Say that the list of tools has changed."""
    await ctx.notify_tools_changed()
    return _answer(text("Said so."))


async def test_trigger_prompt_change(ctx: Context[Any, Any]) -> CallToolResult:
    """Say that the list of prompts has changed."""
    await ctx.notify_prompts_changed()
    return _answer(text("Said so."))


async def test_x_mcp_header(
    region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})],
) -> CallToolResult:
    """Take an argument that a header repeats."""
    return _answer(text(f"The region is {region}."))


TOOLS = (
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_error_handling,
    test_tool_with_progress,
    test_tool_with_logging,
    test_logging_tool,
    test_reconnection,
    test_trigger_tool_change,
    test_trigger_prompt_change,
    test_x_mcp_header,
)


def install(server: MCPServer) -> None:
    """Add the tools to the server."""
    for tool in TOOLS:
        server.add_tool(tool)

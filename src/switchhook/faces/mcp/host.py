"""Serves the process that started us, line by line."""

from __future__ import annotations

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server import MCPServer
from mcp.shared.message import SessionMessage
from mcp.types import jsonrpc_message_adapter

from switchhook.faces.mcp.standard_streams import Lines

_Incoming = MemoryObjectSendStream[SessionMessage | Exception]
_Outgoing = MemoryObjectReceiveStream[SessionMessage]


async def serve_host(server: MCPServer, lines: Lines) -> None:
    """Answer the host's messages until it closes its side.

    The SDK's own stdio transport waits in a thread that cannot be cancelled, so that a signal
    would not end the process before the host does.
    """
    to_server, from_host = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    to_host, from_server = anyio.create_memory_object_stream[SessionMessage](0)
    low = server._lowlevel_server  # pyright: ignore[reportPrivateUsage] # noqa: SLF001 - the SDK has no public way to run over streams of one's own
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_read, lines, to_server)
        tasks.start_soon(_write, from_server, lines)
        await low.run(from_host, to_host, low.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _read(lines: Lines, to_server: _Incoming) -> None:
    async with to_server:
        async for line in lines.incoming():
            try:
                message = jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValueError as wrong:
                await to_server.send(wrong)
            else:
                await to_server.send(SessionMessage(message))


async def _write(from_server: _Outgoing, lines: Lines) -> None:
    async with from_server:
        async for item in from_server:
            lines.send(item.message.model_dump_json(by_alias=True, exclude_unset=True).encode())

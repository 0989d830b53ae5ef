"""Calls and agents as resources: read what the account owns, as far as its key reaches."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError

from switchhook.domain.errors import NotFound, SwitchhookError
from switchhook.domain.interaction import Interaction
from switchhook.faces.mcp import sections, summaries, uris
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.next_actions import situation
from switchhook.faces.mcp.tools_agents import facts_of
from switchhook.service import agents, calls
from switchhook.service.requests import CallFilter

_JSON = "application/json"
_LINES = 200
_RECENT = 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be read, at the desk it is read from."""

    desk: Desk

    def serve(self, server: MCPServer) -> None:
        """Register every resource."""
        server.resource(uris.RECENT, name="recent_calls", title="Recent calls", mime_type=_JSON)(
            self.recent
        )
        server.resource(uris.CALL, name="call", title="Call", mime_type=_JSON)(self.call)
        server.resource(
            f"{uris.CALL}/transcript", name="transcript", title="Transcript", mime_type=_JSON
        )(self.transcript)
        server.resource(
            f"{uris.CALL}/events", name="events", title="What happened", mime_type=_JSON
        )(self.events)
        server.resource(
            f"{uris.CALL}/recording", name="recording", title="Recording", mime_type="audio/wav"
        )(self.recording)
        server.resource(uris.AGENT, name="agent", title="Agent", mime_type=_JSON)(self.agent)

    async def recent(self) -> str:
        """Read the latest calls of the account."""
        with _told_as_resource_errors():
            page = await calls.list_calls(
                self.desk.exchange, self.desk.caller(), CallFilter(limit=_RECENT)
            )
            rows = [summaries.row(call) | {"uri": uris.call(call.public_id)} for call in page.calls]
            return _json({"calls": rows, "total": page.total})

    async def call(self, call_id: str) -> str:
        """Read a call as it stands: status, outcome, what to do next."""
        with _told_as_resource_errors():
            found = await calls.get_call(self.desk.exchange, self.desk.caller(), call_id)
            return _json(summaries.summary(found, await situation(self.desk, found)))

    async def transcript(self, call_id: str) -> str:
        """Read what was said in a call, so far."""
        with _told_as_resource_errors():
            found = await calls.get_call(self.desk.exchange, self.desk.caller(), call_id)
            return _json(await self._whole(found, sections.transcript, "lines"))

    async def events(self, call_id: str) -> str:
        """Read everything that happened in a call, so far."""
        with _told_as_resource_errors():
            found = await calls.get_call(self.desk.exchange, self.desk.caller(), call_id)
            return _json(await self._whole(found, sections.events, "events"))

    async def recording(self, call_id: str) -> bytes:
        """Fetch the recording of a call as a WAV file."""
        with _told_as_resource_errors():
            return await calls.recording_of(self.desk.exchange, self.desk.caller(), call_id)

    async def agent(self, agent_id: str) -> str:
        """Read an agent with everything that makes it what it is."""
        with _told_as_resource_errors():
            found = await agents.get_agent(self.desk.exchange, self.desk.caller(), agent_id)
            return _json(facts_of(found))

    async def _whole(self, call: Interaction, read: sections.Section, name: str) -> dict[str, Any]:
        page = await read(self.desk, call, 0, _LINES)
        items: list[Any] = list(page[name])
        while (cursor := page["next_cursor"]) is not None:
            page = await read(self.desk, call, cursor, _LINES)
            items += page[name]
        return {"call_id": call.public_id, "note": page["note"], name: items}


@contextmanager
def _told_as_resource_errors() -> Generator[None]:
    try:
        yield
    except NotFound as error:
        raise ResourceNotFoundError(error.message) from None
    except SwitchhookError as error:
        raise ResourceError(f"{error.message} ({error.code})") from None


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)

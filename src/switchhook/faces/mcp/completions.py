"""Completion of agent names and call ids, from what the account owns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mcp.server import MCPServer
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from switchhook.domain.errors import SwitchhookError
from switchhook.faces.mcp.identity import Desk
from switchhook.service import agents, calls
from switchhook.service.requests import AgentFilter, CallFilter

_MOST = 100
"""The protocol's limit of values in one answer."""


@dataclass(frozen=True, slots=True)
class Completions:
    """What may be typed next, at the desk it is typed."""

    desk: Desk

    def serve(self, server: MCPServer) -> None:
        """Register the handler."""
        server.completion()(self.complete)

    async def complete(
        self,
        reference: PromptReference | ResourceTemplateReference,  # noqa: ARG002 - names decide
        argument: CompletionArgument,
        context: CompletionContext | None,  # noqa: ARG002 - no argument depends on another
    ) -> Completion | None:
        """Return the values that begin with what was typed; nothing for other arguments."""
        try:
            match argument.name:
                case "call_id":
                    return _matching(await self._call_ids(), argument.value)
                case "agent":
                    return _matching(await self._agent_names(argument.value), argument.value)
                case "agent_id":
                    return _matching(await self._agent_ids(), argument.value)
                case _:
                    return None
        except SwitchhookError:
            # Somebody who may not read has nothing to be offered.
            return None

    async def _call_ids(self) -> Sequence[str]:
        page = await calls.list_calls(
            self.desk.exchange, self.desk.caller(), CallFilter(limit=_MOST)
        )
        return [call.public_id for call in page.calls]

    async def _agent_names(self, typed: str) -> Sequence[str]:
        wanted = AgentFilter(name_contains=typed or None, limit=_MOST)
        page = await agents.list_agents(self.desk.exchange, self.desk.caller(), wanted)
        return [agent.spec.name for agent in page.agents]

    async def _agent_ids(self) -> Sequence[str]:
        page = await agents.list_agents(
            self.desk.exchange, self.desk.caller(), AgentFilter(limit=_MOST)
        )
        return [agent.id for agent in page.agents]


def _matching(values: Sequence[str], typed: str) -> Completion:
    found = [value for value in values if value.lower().startswith(typed.lower())]
    return Completion(values=found[:_MOST], total=len(found), has_more=len(found) > _MOST)

"""The tools about agents, and the one that tells what works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp.types import CallToolResult

from switchhook.domain.agent import Agent
from switchhook.faces.mcp import requests
from switchhook.faces.mcp.arguments import (
    CreateAgent,
    GetAgent,
    ListAgents,
    Nothing,
    UpdateAgent,
)
from switchhook.faces.mcp.identity import Desk
from switchhook.faces.mcp.results import Answer, answer, done, step
from switchhook.service import agents
from switchhook.service.requests import AgentFilter
from switchhook.service.status import get_status


@dataclass(frozen=True, slots=True)
class AgentTools:
    """The tools, at the desk they work at."""

    desk: Desk

    async def create_agent(self, wanted: CreateAgent) -> Answer:
        """Make an agent that calls can use by its name; `name` and `prompt` are enough."""
        made = await agents.create_agent(
            self.desk.exchange, self.desk.caller(), requests.agent_form(wanted)
        )
        secrets = agents.signing_secrets(self.desk.exchange, made)
        return _told(made, f"Agent {made.spec.name!r} is ready.", secrets)

    async def update_agent(self, wanted: UpdateAgent) -> Answer:
        """Change what you name of an agent; calls keep their version."""
        exchange, caller = self.desk.exchange, self.desk.caller()
        before = await agents.get_agent(exchange, caller, wanted.agent)
        spec = requests.agent_form(wanted, before.spec)
        changed = await agents.update_agent(exchange, caller, before.id, spec)
        secrets = agents.signing_secrets(exchange, changed, before)
        said = f"Agent {changed.spec.name!r} is at version {changed.version}."
        return _told(changed, said, secrets)

    async def get_agent(self, wanted: GetAgent) -> Answer:
        """Read an agent."""
        found = await agents.get_agent(self.desk.exchange, self.desk.caller(), wanted.agent)
        return _told(found, f"Agent {found.spec.name!r}, version {found.version}.")

    async def list_agents(self, wanted: ListAgents) -> Answer:
        """List agents, last changed first."""
        chosen = AgentFilter(
            name_contains=wanted.name_contains, offset=wanted.cursor, limit=wanted.limit
        )
        page = await agents.list_agents(self.desk.exchange, self.desk.caller(), chosen)
        end = wanted.cursor + len(page.agents)
        facts = done(
            agents=[_row(agent) for agent in page.agents],
            total=page.total,
            next_cursor=end if end < page.total else None,
        )
        if end < page.total:
            facts["next_action"] = step("list_agents", cursor=end)
        names = ", ".join(agent.spec.name for agent in page.agents[:10])
        return answer(facts, f"{len(page.agents)} of {page.total} agents.", names)

    async def get_status(self, wanted: Nothing) -> Answer:  # noqa: ARG002 - every tool has it
        """Tell what works now: carriers, limits and their use, live calls."""
        facts = await get_status(self.desk.exchange, self.desk.caller())
        said = "Ready for calls." if facts.get("accepting_calls") else "No calls are taken now."
        return answer(
            done(**_apart(facts)) | {"next_action": "create_call"}, said, str(facts.get("note", ""))
        )


def facts_of(agent: Agent) -> dict[str, Any]:
    """Return everything about an agent."""
    return {
        "agent_id": agent.id,
        "version": agent.version,
        "created_at": agent.created_at.isoformat(timespec="milliseconds"),
        "updated_at": agent.updated_at.isoformat(timespec="milliseconds"),
        **agent.spec.model_dump(mode="json", exclude={"extra"}),
    }


def _told(agent: Agent, sentence: str, secrets: Mapping[str, str] | None = None) -> CallToolResult:
    following = step("create_call", to=..., agent=agent.spec.name)
    facts = done(**facts_of(agent)) | {"next_action": following}
    if secrets:
        facts["signing_secrets"] = dict(secrets)
        sentence = f"{sentence} Keep signing_secrets: get_agent shows none."
    return answer(facts, sentence, f"Next: {following}")


def _row(agent: Agent) -> dict[str, Any]:
    return {
        "agent_id": agent.id,
        "name": agent.spec.name,
        "version": agent.version,
        "language": agent.spec.language,
        "mind": agent.spec.mind.kind,
    }


def _apart(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        f"server_{name}" if name in ("status", "terminal", "next_action") else name: value
        for name, value in facts.items()
    }

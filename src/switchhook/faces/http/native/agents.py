"""Agents: make, read, change, copy, delete."""

from __future__ import annotations

from switchhook.domain.agent import AgentSpec
from switchhook.faces.http.native.agent_forms import (
    ChangeAgent,
    CreateAgent,
    DuplicateAgent,
    ListAgents,
)
from switchhook.faces.http.native.agent_mapping import agent_of, spec_of
from switchhook.faces.http.native.agent_shapes import AgentDeleted, Agents
from switchhook.faces.http.native.listing import pagination
from switchhook.faces.http.native.operations import Asked, Nothing, Told
from switchhook.service import agents
from switchhook.service.requests import AgentFilter

_SORTED_BY = {"updated_at": "updated_at", "created_at": "created_at", "agent_name": "name"}


async def list_agents(asked: Asked[Nothing, ListAgents]) -> Told:
    """Return a page of the agents."""
    form = asked.query
    wanted = AgentFilter(
        sort_by=_SORTED_BY[form.sort_by],
        ascending=form.sort_order == "ascending",
        offset=form.page * form.limit,
        limit=form.limit,
    )
    found = await agents.list_agents(asked.exchange, asked.principal, wanted)
    data = Agents(
        organization_id=asked.principal.org_id,
        agents=[agent_of(agent) for agent in found.agents],
        pagination=pagination(form.page, form.limit, found.total),
        returned_count=len(found.agents),
        sort_by=form.sort_by,
        sort_order=form.sort_order,
    )
    return Told("Agents retrieved successfully", data)


async def create(asked: Asked[CreateAgent, Nothing]) -> Told:
    """Store a new agent."""
    spec = spec_of(asked.body, AgentSpec())
    agent = await agents.create_agent(asked.exchange, asked.principal, spec)
    return Told("Agent created successfully", agent_of(agent))


async def show(asked: Asked[Nothing, Nothing]) -> Told:
    """Return one agent."""
    agent = await agents.get_agent(asked.exchange, asked.principal, asked.id)
    return Told("Agent retrieved successfully", agent_of(agent))


async def change(asked: Asked[ChangeAgent, Nothing]) -> Told:
    """Store the agent's next version."""
    agent = await agents.get_agent(asked.exchange, asked.principal, asked.id)
    spec = spec_of(asked.body, agent.spec)
    changed = await agents.update_agent(asked.exchange, asked.principal, agent.id, spec)
    return Told("Agent updated successfully", agent_of(changed))


async def delete(asked: Asked[Nothing, Nothing]) -> Told:
    """Forget an agent."""
    agent = await agents.delete_agent(asked.exchange, asked.principal, asked.id)
    data = AgentDeleted(organization_id=agent.org_id, agent_id=agent.id)
    return Told("Agent deleted successfully", data)


async def duplicate(asked: Asked[DuplicateAgent, Nothing]) -> Told:
    """Store a copy under another name."""
    agent = await agents.duplicate_agent(
        asked.exchange, asked.principal, asked.id, name=asked.body.agent_name
    )
    return Told("Agent duplicated successfully", agent_of(agent))

"""Agents: make, change, find."""

from __future__ import annotations

from dataclasses import dataclass

from switchhook.domain.agent import Agent, AgentSpec
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal
from switchhook.service.requests import AgentFilter


@dataclass(frozen=True, slots=True)
class AgentPage:
    """Some of the agents, and how many there are."""

    agents: tuple[Agent, ...]
    total: int


async def create_agent(exchange: Exchange, principal: Principal, spec: AgentSpec) -> Agent:
    """Store a new agent; a name that is taken is refused, because names find agents."""
    raise NotImplementedError


async def update_agent(
    exchange: Exchange, principal: Principal, reference: str, spec: AgentSpec
) -> Agent:
    """Store the agent's next version; calls keep the one they were created with."""
    raise NotImplementedError


async def get_agent(exchange: Exchange, principal: Principal, reference: str) -> Agent:
    """Return an agent by id or by name."""
    raise NotImplementedError


async def list_agents(exchange: Exchange, principal: Principal, wanted: AgentFilter) -> AgentPage:
    """Return a page of the account's agents."""
    raise NotImplementedError


async def duplicate_agent(
    exchange: Exchange, principal: Principal, reference: str, *, name: str | None = None
) -> Agent:
    """Store a copy of an agent under another name."""
    raise NotImplementedError


async def delete_agent(exchange: Exchange, principal: Principal, reference: str) -> Agent:
    """Forget an agent; its calls keep their copy."""
    raise NotImplementedError

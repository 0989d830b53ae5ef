"""Agents: make, change, find."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain import ids
from switchhook.domain.actions import CallApi
from switchhook.domain.agent import MAX_NAME, Agent, AgentSpec
from switchhook.domain.errors import AgentNotFound, Conflict, InvalidInput, NotAllowed
from switchhook.service import connections, intake
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.lookup import storable
from switchhook.service.permission import account
from switchhook.service.requests import AgentFilter

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class AgentPage:
    """Some of the agents, and how many there are."""

    agents: tuple[Agent, ...]
    total: int


async def create_agent(exchange: Exchange, principal: Principal, spec: AgentSpec) -> Agent:
    """Store a new agent; a name that is taken is refused, because names find agents."""
    principal.need(Scope.AGENTS_WRITE)
    _check(exchange, spec)
    return await exchange.database.write(
        lambda connection: _added(connection, exchange, principal, spec)
    )


async def update_agent(
    exchange: Exchange, principal: Principal, reference: str, spec: AgentSpec
) -> Agent:
    """Store the agent's next version; calls keep the one they were created with."""
    principal.need(Scope.AGENTS_WRITE)
    _check(exchange, spec)

    def work(connection: Connection) -> Agent:
        account(connection, principal.org_id, locked=True)
        connections.check(connection, principal.org_id, spec.connections)
        agent = _found(connection, principal, reference)
        if store.agents.folded(agent.spec.name) != store.agents.folded(spec.name):
            _check_name(connection, principal, spec.name)
        changes = {"spec": spec, "version": agent.version + 1, "updated_at": exchange.clock.now()}
        changed = agent.model_copy(update=changes)
        store.agents.replace(connection, changed)
        return changed

    return await exchange.database.write(work)


async def get_agent(exchange: Exchange, principal: Principal, reference: str) -> Agent:
    """Return an agent by id or by name."""
    _need_to_read(principal)
    return await exchange.database.read(lambda connection: _found(connection, principal, reference))


async def list_agents(exchange: Exchange, principal: Principal, wanted: AgentFilter) -> AgentPage:
    """Return a page of the account's agents."""
    _need_to_read(principal)

    def work(connection: Connection) -> AgentPage:
        sortable = store.agents.SORTABLE
        if wanted.sort_by not in sortable:
            raise InvalidInput(
                f"agents cannot be sorted by {wanted.sort_by[:40]!r}",
                field="sort_by",
                hint=f"use one of: {', '.join(sortable)}",
            )
        page, total = store.agents.page(connection, principal.org_id, wanted)
        return AgentPage(tuple(page), total)

    return await exchange.database.read(work)


async def duplicate_agent(
    exchange: Exchange, principal: Principal, reference: str, *, name: str | None = None
) -> Agent:
    """Store a copy of an agent under another name."""
    principal.need(Scope.AGENTS_WRITE)

    def work(connection: Connection) -> Agent:
        spec = _found(connection, principal, reference).spec
        free = _free_name(spec.name, _taken(connection, principal))
        copy = AgentSpec.model_validate(spec.model_dump() | {"name": name or free})
        intake.check_spec(copy)
        return _added(connection, exchange, principal, copy)

    return await exchange.database.write(work)


async def delete_agent(exchange: Exchange, principal: Principal, reference: str) -> Agent:
    """Forget an agent; its calls keep their copy."""
    principal.need(Scope.AGENTS_WRITE)

    def work(connection: Connection) -> Agent:
        account(connection, principal.org_id, locked=True)
        agent = _found(connection, principal, reference)
        store.agents.remove(connection, principal.org_id, agent.id)
        return agent

    return await exchange.database.write(work)


def signing_secrets(
    exchange: Exchange, agent: Agent, before: Agent | None = None
) -> dict[str, str]:
    """Return in base64 what signs the requests of an agent that it could not make before.

    They are for whoever has just stored the agent, and are shown to nobody else.
    """
    known = {action.url for action in _requests(before)}
    found = {
        action.name: exchange.secrets(agent.org_id, action.url)
        for action in _requests(agent)
        if action.url not in known
    }
    return {name: base64.b64encode(secret).decode() for name, secret in found.items() if secret}


def _requests(agent: Agent | None) -> list[CallApi]:
    actions = agent.spec.actions if agent is not None else ()
    return [action for action in actions if isinstance(action, CallApi)]


def _need_to_read(principal: Principal) -> None:
    """Let pass who may write agents, read calls or make them: each needs to know the agents."""
    good = {Scope.AGENTS_WRITE, Scope.CALLS_READ, Scope.CALLS_CREATE, Scope.ADMIN}
    if not good & principal.scopes:
        raise NotAllowed(
            "this key lacks a scope that shows agents",
            hint="create a key with it: switchhook keys create --scope agents:write",
        )


def _check(exchange: Exchange, spec: AgentSpec) -> None:
    intake.check_spec(spec)
    exchange.check_agent(spec)


def _added(
    connection: Connection, exchange: Exchange, principal: Principal, spec: AgentSpec
) -> Agent:
    account(connection, principal.org_id, locked=True)
    connections.check(connection, principal.org_id, spec.connections)
    _check_name(connection, principal, spec.name)
    now = exchange.clock.now()
    agent = Agent(
        id=ids.new("agent"), org_id=principal.org_id, spec=spec, created_at=now, updated_at=now
    )
    store.agents.add(connection, agent)
    return agent


def _check_name(connection: Connection, principal: Principal, name: str) -> None:
    if not store.agents.folded(name):
        raise InvalidInput("an agent needs a name", field="name", hint="write one")
    if _taken(connection, principal)(name):
        raise Conflict(
            f"there is an agent with the name {name!r} already",
            field="name",
            hint="choose another name, or change that agent with update_agent",
            next_action="update_agent",
        )


def _taken(connection: Connection, principal: Principal) -> Callable[[str], bool]:
    return lambda name: store.agents.find(connection, principal.org_id, name) is not None


def _free_name(name: str, taken: Callable[[str], bool]) -> str:
    number = 2
    while taken(candidate := f"{name[: MAX_NAME - 12]} (copy {number - 1})"):
        number += 1
    return candidate


def _found(connection: Connection, principal: Principal, reference: str) -> Agent:
    agent = store.agents.find(connection, principal.org_id, storable(reference))
    if agent is None:
        raise AgentNotFound(reference)
    return agent

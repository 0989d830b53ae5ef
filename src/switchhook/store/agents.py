"""Agents of an account, by id or by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from switchhook.domain.agent import Agent
from switchhook.domain.search import AgentFilter
from switchhook.store.tables import agents

SORTABLE: dict[str, ColumnElement[Any]] = {
    "updated_at": agents.c.updated_at,
    "created_at": agents.c.created_at,
    "name": agents.c.folded_name,
}


def folded(name: str) -> str:
    """Return what makes a name unique within an account."""
    return " ".join(name.split()).casefold()


def add(connection: Connection, agent: Agent) -> None:
    """Store a new agent."""
    connection.execute(insert(agents).values(id=agent.id, org_id=agent.org_id, **_written(agent)))


def replace(connection: Connection, agent: Agent) -> None:
    """Store an agent's next version."""
    connection.execute(update(agents).where(_is(agent.org_id, agent.id)).values(**_written(agent)))


def remove(connection: Connection, org_id: str, agent_id: str) -> None:
    """Forget an agent."""
    connection.execute(delete(agents).where(_is(org_id, agent_id)))


def find(
    connection: Connection, org_id: str, reference: str, *, locked: bool = False
) -> Agent | None:
    """Return the agent with that id, else the one with that name."""
    query = (
        select(agents)
        .where(agents.c.org_id == org_id)
        .where(or_(agents.c.id == reference, agents.c.folded_name == folded(reference)))
        .order_by((agents.c.id == reference).desc())
        .limit(1)
    )
    row = connection.execute(query.with_for_update() if locked else query).mappings().first()
    return _agent(row) if row else None


def page(connection: Connection, org_id: str, wanted: AgentFilter) -> tuple[list[Agent], int]:
    """Return the wanted agents and how many there are in all."""
    query = select(agents).where(agents.c.org_id == org_id)
    if wanted.name_contains:
        query = query.where(
            agents.c.folded_name.contains(folded(wanted.name_contains), autoescape=True)
        )
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    order = SORTABLE[wanted.sort_by]
    ordered = query.order_by(order.asc() if wanted.ascending else order.desc(), agents.c.id)
    rows = connection.execute(ordered.offset(wanted.offset).limit(wanted.limit)).mappings()
    return [_agent(row) for row in rows], total


def _is(org_id: str, agent_id: str) -> ColumnElement[bool]:
    return and_(agents.c.org_id == org_id, agents.c.id == agent_id)


def _written(agent: Agent) -> dict[str, Any]:
    return {
        "folded_name": folded(agent.spec.name),
        "version": agent.version,
        "spec": agent.spec.model_dump(mode="json"),
        "created_at": agent.created_at,
        "updated_at": agent.updated_at,
    }


def _agent(row: RowMapping) -> Agent:
    return Agent.model_validate({name: row[name] for name in Agent.model_fields})

"""The records of calls."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from switchhook.domain.happenings import Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.lifecycle import State
from switchhook.domain.search import CallFilter
from switchhook.store.tables import calls, happenings

_MOMENTS = {"created_at", "updated_at", "started_at", "answered_at", "ended_at"}
_COLUMNS = [calls.c[name] for name in Interaction.model_fields]

# Statements of the hot path are built once: building costs more than running them.
_ADD = insert(calls)
_SAVE = update(calls).where(calls.c.org_id == bindparam("of"), calls.c.id == bindparam("which"))
_FIND = (
    select(*_COLUMNS)
    .where(calls.c.org_id == bindparam("of"), calls.c.deleted_at.is_(None))
    .where(or_(calls.c.id == bindparam("which"), calls.c.external_id == bindparam("which")))
)
_FIND_AND_LOCK = _FIND.with_for_update()
_LOCK = (
    select(*_COLUMNS)
    .where(calls.c.id == bindparam("which"), calls.c.deleted_at.is_(None))
    .with_for_update()
)
_LEFT = select(*_COLUMNS).where(calls.c.id == bindparam("which"))
_HOLDER = select(calls.c.org_id).where(calls.c.id == bindparam("which"))

SORTABLE: dict[str, ColumnElement[Any]] = {
    "created_at": calls.c.created_at,
    "updated_at": calls.c.updated_at,
    "started_at": calls.c.started_at,
    "answered_at": calls.c.answered_at,
    "ended_at": calls.c.ended_at,
    "duration": calls.c.seconds,
}


def add(
    connection: Connection, call: Interaction, *, queued_at: datetime | None, callee: str | None
) -> None:
    """Store a new call; `queued_at` makes it count against the caps."""
    connection.execute(_ADD, _written(call) | {"queued_at": queued_at, "callee": callee})


def save(connection: Connection, before: Interaction, after: Interaction) -> None:
    """Store what is different now."""
    changed = {
        name
        for name in Interaction.model_fields
        if getattr(before, name) is not getattr(after, name)
    }
    if changed:
        connection.execute(_SAVE, _written(after, changed) | _which(after))


def bury(connection: Connection, call: Interaction, *, now: datetime) -> None:
    """Store what is left of a deleted call, which is found no more but still counts."""
    left = _written(call) | {"external_id": None, "deleted_at": now}
    connection.execute(_SAVE, left | _which(call))


def find(
    connection: Connection, org_id: str, reference: str, *, locked: bool = False
) -> Interaction | None:
    """Return the account's call by our id or by its own."""
    which = {"of": org_id, "which": reference}
    return _one(connection, _FIND_AND_LOCK if locked else _FIND, which)


def locked(connection: Connection, call_id: str) -> Interaction | None:
    """Return the call that the engine runs, which knows it by our unguessable id alone."""
    return _one(connection, _LOCK, {"which": call_id})


def left(connection: Connection, call_id: str) -> Interaction | None:
    """Return the call, or what is left of it where it was deleted."""
    return _one(connection, _LEFT, {"which": call_id})


def holder(connection: Connection, call_id: str) -> str | None:
    """Return the account of a call that the engine runs."""
    return connection.execute(_HOLDER, {"which": call_id}).scalar()


def in_states(connection: Connection, states: Collection[State]) -> list[str]:
    """Return the ids of all calls, of every account, in one of the states, oldest first."""
    query = (
        select(calls.c.id)
        .where(calls.c.state.in_([state.value for state in states]), calls.c.deleted_at.is_(None))
        .order_by(calls.c.created_at, calls.c.id)
    )
    return list(connection.execute(query).scalars())


def count(connection: Connection, org_id: str, states: Collection[State]) -> int:
    """Return how many calls of the account are in one of the states."""
    query = (
        select(func.count())
        .where(calls.c.org_id == org_id)
        .where(calls.c.state.in_([state.value for state in states]))
    )
    return connection.execute(query).scalar_one()


def page(connection: Connection, org_id: str, wanted: CallFilter) -> tuple[list[Interaction], int]:
    """Return the wanted calls and how many there are in all."""
    conditions = [calls.c.org_id == org_id, calls.c.deleted_at.is_(None), *_conditions(wanted)]
    total = connection.execute(select(func.count()).select_from(calls).where(*conditions))
    order = SORTABLE[wanted.sort_by]
    rows = connection.execute(
        select(*_COLUMNS)
        .where(*conditions)
        .order_by((order.asc() if wanted.ascending else order.desc()).nulls_last(), calls.c.id)
        .offset(wanted.offset)
        .limit(wanted.limit)
    )
    return [Interaction.model_validate(dict(row)) for row in rows.mappings()], total.scalar_one()


def _conditions(wanted: CallFilter) -> list[ColumnElement[bool]]:
    asked = {
        name: value for name, value in wanted if name in _MATCH and value not in (None, "", ())
    }
    return [_MATCH[name](value) for name, value in asked.items()]


def _by_agent(reference: str) -> ColumnElement[bool]:
    by_name = func.lower(calls.c.agent_name) == reference.strip().lower()
    return or_(calls.c.agent_id == reference, by_name)


def _containing(text: str) -> ColumnElement[bool]:
    return or_(calls.c.task.icontains(text, autoescape=True), _said(text))


_MATCH: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "status": lambda states: calls.c.state.in_([state.value for state in states]),
    "channel": lambda channel: calls.c.channel == channel.value,
    "direction": lambda direction: calls.c.direction == direction.value,
    "agent": _by_agent,
    "to_number": lambda number: calls.c.to_number == number,
    "created_after": lambda moment: calls.c.created_at > moment,
    "min_seconds": lambda seconds: calls.c.seconds >= seconds,
    "max_seconds": lambda seconds: calls.c.seconds <= seconds,
    "text": _containing,
}


def _said(text: str) -> ColumnElement[bool]:
    return exists(
        select(happenings.c.seq)
        .where(happenings.c.call_id == calls.c.id, happenings.c.kind == Kind.SPOKEN.value)
        .where(happenings.c.text.icontains(text, autoescape=True))
    )


def _which(call: Interaction) -> dict[str, Any]:
    return {"of": call.org_id, "which": call.id}


def _one(connection: Connection, query: Select[Any], which: dict[str, str]) -> Interaction | None:
    row = connection.execute(query, which).mappings().first()
    return Interaction.model_validate(dict(row)) if row else None


def _written(call: Interaction, only: set[str] | None = None) -> dict[str, Any]:
    """Plain values: psycopg would store an enum by its name."""
    names = only or set(Interaction.model_fields)
    written = call.model_dump(mode="json", include=names - _MOMENTS)
    written |= {name: getattr(call, name) for name in names & _MOMENTS}
    if "agent" in names:
        written |= {"agent_id": call.agent.id, "agent_name": call.agent.spec.name}
    if "ended_at" in names:
        written["seconds"] = call.duration_seconds
    return written

"""What is still to be done about calls that are over: one row for each step, gone when done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from switchhook.domain.interaction import Interaction
from switchhook.store.tables import calls, finishing


class Step(StrEnum):
    """Something that is done about a call once it is over."""

    RECORDING = "recording"
    ANALYSIS = "analysis"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Claim:
    """A step that somebody has taken on; `tries` counts this one."""

    call_id: str
    org_id: str
    step: Step
    tries: int


def owe(connection: Connection, call: Interaction, step: Step, *, now: datetime) -> None:
    """Note that the step is to be done, from now on."""
    row = {"call_id": call.id, "step": step.value, "org_id": call.org_id, "tries": 0, "due_at": now}
    connection.execute(insert(finishing).values(row))


def claim(connection: Connection, *, now: datetime, until: datetime, most: int) -> list[Claim]:
    """Take on what is due; who does not come back until then has lost it to somebody else."""
    due = (
        select(finishing)
        .where(finishing.c.due_at <= now)
        .order_by(finishing.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = [
        Claim(row.call_id, row.org_id, Step(row.step), row.tries + 1)
        for row in connection.execute(due).all()
    ]
    for taken in found:
        connection.execute(
            update(finishing)
            .where(finishing.c.call_id == taken.call_id, finishing.c.step == taken.step.value)
            .values(tries=taken.tries, due_at=until, problem=None)
        )
    return found


def next_due(connection: Connection) -> datetime | None:
    """Return when something will be due, or was."""
    return connection.execute(select(func.min(finishing.c.due_at))).scalar()


def settle(connection: Connection, taken: Claim) -> bool:
    """Strike a step off; tell whether it was still the taker's."""
    return connection.execute(delete(finishing).where(_held(taken))).rowcount > 0


def postpone(connection: Connection, taken: Claim, *, until: datetime, problem: str) -> None:
    """Put a step off, unless somebody else has it by now."""
    connection.execute(update(finishing).where(_held(taken)).values(due_at=until, problem=problem))


def hasten(connection: Connection, carrier_ref: str, step: Step, *, now: datetime) -> None:
    """Make a step due that waits for the carrier; one that is being done comes to its end first."""
    named = select(calls.c.id).where(calls.c.carrier_ref == carrier_ref)
    waiting = and_(finishing.c.step == step.value, finishing.c.problem.is_not(None))
    connection.execute(
        update(finishing).where(waiting, finishing.c.call_id.in_(named)).values(due_at=now)
    )


def forget(connection: Connection, call_id: str) -> None:
    """Strike everything off that was to be done about a call."""
    connection.execute(delete(finishing).where(finishing.c.call_id == call_id))


def _held(taken: Claim) -> ColumnElement[bool]:
    return and_(
        finishing.c.call_id == taken.call_id,
        finishing.c.step == taken.step.value,
        finishing.c.tries == taken.tries,
    )

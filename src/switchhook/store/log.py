"""What happened to a call: appended, never changed, numbered without a hole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from switchhook.domain.happenings import Fact, Happening, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.transcript import Speaker
from switchhook.store.tables import happenings


def append(
    connection: Connection, call: Interaction, facts: Iterable[Fact], *, now: datetime
) -> Interaction:
    """Store facts behind the last one and return the call that knows the new end.

    The caller holds the call's lock, and stores the call.
    """
    rows = [
        {
            "call_id": call.id,
            "org_id": call.org_id,
            "seq": seq,
            "at": now,
            "kind": fact.kind.value,
            "text": fact.text,
            "data": fact.data,
            "session_ms": fact.session_ms,
        }
        for seq, fact in enumerate(facts, call.last_seq + 1)
    ]
    if rows:
        connection.execute(insert(happenings), rows)
    return call.model_copy(update={"last_seq": call.last_seq + len(rows)})


def after(
    connection: Connection,
    call: Interaction,
    seq: int,
    *,
    limit: int,
    kinds: Sequence[Kind] = (),
) -> list[Happening]:
    """Return the facts behind a place in the log."""
    query = (
        select(happenings)
        .where(happenings.c.org_id == call.org_id, happenings.c.call_id == call.id)
        .where(happenings.c.seq > seq)
        .order_by(happenings.c.seq)
        .limit(limit)
    )
    if kinds:
        query = query.where(happenings.c.kind.in_([kind.value for kind in kinds]))
    rows = connection.execute(query).mappings()
    return [
        Happening.model_validate({name: row[name] for name in Happening.model_fields})
        for row in rows
    ]


def wipe(connection: Connection, call: Interaction) -> None:
    """Forget everything that happened."""
    connection.execute(
        delete(happenings).where(
            happenings.c.org_id == call.org_id, happenings.c.call_id == call.id
        )
    )


def said_by(connection: Connection, call: Interaction, speaker: Speaker) -> bool:
    """Tell whether this side said anything."""
    query = (
        select(happenings.c.seq)
        .where(happenings.c.call_id == call.id, happenings.c.kind == Kind.SPOKEN.value)
        .where(happenings.c.data["speaker"].as_string() == speaker)
        .limit(1)
    )
    return connection.execute(query).first() is not None

"""What is kept of a call: its recording, or nothing of its words."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.agent import AgentSnapshot, AgentSpec
from switchhook.domain.errors import Conflict, RecordingNotFound
from switchhook.domain.interaction import CallOptions, Interaction
from switchhook.domain.lifecycle import State
from switchhook.service import owing
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.lookup import found

if TYPE_CHECKING:
    from sqlalchemy import Connection

_AT_REST = frozenset({State.SCHEDULED, State.REGISTERED})


async def delete_call(exchange: Exchange, principal: Principal, call_id: str) -> Interaction:
    """Wipe a call with its transcript and recording; a live one is refused."""
    principal.need(Scope.CALLS_CREATE)

    def work(connection: Connection) -> Interaction:
        call = found(connection, principal, call_id, locked=True)
        if not call.terminal and call.state not in _AT_REST:
            raise Conflict(
                f"the call is {call.status} and cannot be deleted",
                field="call_id",
                hint="end it with end_call first",
                next_action="end_call",
            )
        store.log.wipe(connection, call)
        store.finishing.forget(connection, call.id)
        store.requests.release(connection, call.org_id, "call_id", call.id)
        left = _wiped(call)
        if call.answered_at and owing.discard(connection, exchange, call):
            # Only under this name does the carrier delete its recording.
            left = left.model_copy(update={"carrier_ref": call.carrier_ref})
        store.calls.bury(connection, left, now=exchange.clock.now())
        return call

    call = await exchange.database.write(work, then=lambda _: exchange.finish())
    path = _recorded(exchange, call)
    if path:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    return call


async def recording_of(exchange: Exchange, principal: Principal, call_id: str) -> bytes:
    """Return the call's recording as a WAV file."""
    principal.need(Scope.RECORDINGS_READ)
    call = await exchange.database.read(lambda connection: found(connection, principal, call_id))
    path = _recorded(exchange, call)
    if path is None:
        raise RecordingNotFound(
            "this call has no recording",
            field="call_id",
            hint="set options.record, and wait until the call is over",
        )
    try:
        return await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        raise RecordingNotFound(
            "the recording of this call is gone", field="call_id", hint="its transcript may be left"
        ) from None


def _recorded(exchange: Exchange, call: Interaction) -> Path | None:
    """Return where the recording lies; a path that leads out of our folder is none of ours."""
    if call.recording is None:
        return None
    root = exchange.recordings.resolve()
    path = (root / call.recording.path).resolve()
    return path if path.is_relative_to(root) and path != root else None


def _wiped(call: Interaction) -> Interaction:
    return call.model_copy(
        update={
            "agent": AgentSnapshot(spec=AgentSpec(name="deleted")),
            "task": None,
            "from_number": None,
            "to_number": None,
            "carrier_ref": None,
            "variables": {},
            "metadata": {},
            "options": CallOptions(),
            "outcome": None,
            "analysis": None,
            "recording": None,
            "latency": None,
            "open_question": None,
            "extra": {},
        }
    )

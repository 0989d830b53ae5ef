"""What a user asks for, after a face has parsed it and before anything is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from switchhook.domain.agent import AgentSpec
from switchhook.domain.interaction import CallOptions, Channel, Direction
from switchhook.domain.lifecycle import State
from switchhook.domain.values import Frozen


class CallRequest(Frozen):
    """A call to be made: a number and a task, or an agent by id, by name or inline.

    Without `to` the call stays registered: a record that somebody may dial later.
    """

    to: str | None = None
    task: str | None = None
    agent: str | AgentSpec | None = None
    variables: dict[str, str] = {}
    from_number: str | None = None
    channel: Channel = Channel.CALL
    direction: Direction = Direction.OUTBOUND
    result_schema: dict[str, Any] | None = None
    mind: str | None = None
    options: CallOptions = CallOptions()
    metadata: dict[str, Any] = {}
    call_id: str | None = Field(default=None, min_length=1, max_length=128)
    idempotency_key: str | None = Field(default=None, min_length=1, max_length=255)
    confirm_token: str | None = None
    created_via: str = "API"


class CallFilter(Frozen):
    """Which calls of the account to list; newest first unless asked otherwise."""

    status: tuple[State, ...] = ()
    channel: Channel | None = None
    direction: Direction | None = None
    agent: str | None = None
    to_number: str | None = None
    created_after: datetime | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    text: str | None = None
    sort_by: str = "created_at"
    ascending: bool = False
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=20, ge=1, le=100)


class AgentFilter(Frozen):
    """Which agents of the account to list; last changed first unless asked otherwise."""

    name_contains: str | None = None
    sort_by: str = "updated_at"
    ascending: bool = False
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=20, ge=1, le=100)

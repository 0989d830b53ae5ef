"""What a user asks for, after a face has parsed it and before anything is done."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from switchhook.domain.agent import AgentSpec
from switchhook.domain.interaction import CallOptions, Channel, Direction
from switchhook.domain.search import AgentFilter, CallFilter
from switchhook.domain.values import Frozen

__all__ = ["AgentFilter", "CallFilter", "CallRequest"]


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

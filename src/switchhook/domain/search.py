"""Which calls and agents somebody wants to see."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from switchhook.domain.interaction import Channel, Direction
from switchhook.domain.lifecycle import State
from switchhook.domain.values import Frozen


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

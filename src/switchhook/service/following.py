"""Following a call: what happened, and waiting for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from switchhook.domain.happenings import Happening, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.transcript import Line
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal

MAX_WAIT = 45.0


@dataclass(frozen=True, slots=True)
class News:
    """The call as it stands, what happened after the cursor, and the cursor for the next look."""

    call: Interaction
    happenings: tuple[Happening, ...]
    cursor: int
    more: bool


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """Some lines of the transcript; `cursor` is where the next page starts, nothing at the end."""

    lines: tuple[Line, ...]
    cursor: int | None


async def happenings(
    exchange: Exchange,
    principal: Principal,
    call_id: str,
    *,
    after: int = 0,
    limit: int = 100,
    kinds: Sequence[Kind] = (),
) -> News:
    """Return what happened after the cursor."""
    raise NotImplementedError


async def wait_for_news(
    exchange: Exchange, principal: Principal, call_id: str, *, after: int, max_wait: float
) -> News:
    """Return as soon as something happened after the cursor, the call is over, or time is up."""
    raise NotImplementedError


async def transcript(
    exchange: Exchange, principal: Principal, call_id: str, *, after: int = 0, limit: int = 200
) -> TranscriptPage:
    """Return what was said, a page at a time."""
    raise NotImplementedError

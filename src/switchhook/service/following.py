"""Following a call: what happened, and waiting for more."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.happenings import Happening, Kind
from switchhook.domain.interaction import Interaction
from switchhook.domain.transcript import Line, lines
from switchhook.runtime.hub import Changed
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal, Scope
from switchhook.service.lookup import found

if TYPE_CHECKING:
    from sqlalchemy import Connection

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
    principal.need(Scope.CALLS_READ)

    def work(connection: Connection) -> News:
        call = found(connection, principal, call_id)
        wanted = max(1, limit)
        read = store.log.after(connection, call, max(0, after), limit=wanted + 1, kinds=kinds)
        shown = tuple(read[:wanted])
        more = len(read) > wanted
        end = shown[-1].seq if more else max(call.last_seq, after)
        return News(call=call, happenings=shown, cursor=end, more=more)

    return await exchange.database.read(work)


async def wait_for_news(
    exchange: Exchange, principal: Principal, call_id: str, *, after: int, max_wait: float
) -> News:
    """Return as soon as something happened after the cursor, nothing more will, or time is up."""
    changed = asyncio.Event()
    news = await happenings(exchange, principal, call_id, after=after)

    def listen(change: Changed) -> None:
        if change.call_id == news.call.id and change.seq > after:
            changed.set()

    stop = exchange.hub.listen(listen)
    try:
        async with asyncio.timeout(min(max(max_wait, 0.0), MAX_WAIT)):
            # Read again first: something may have happened before we listened.
            news = await happenings(exchange, principal, call_id, after=after)
            while not news.happenings and not news.call.settled:
                await changed.wait()
                changed.clear()
                news = await happenings(exchange, principal, call_id, after=after)
    except TimeoutError:
        pass
    finally:
        stop()
    return news


async def transcript(
    exchange: Exchange, principal: Principal, call_id: str, *, after: int = 0, limit: int = 200
) -> TranscriptPage:
    """Return what was said, a page at a time."""
    principal.need(Scope.CALLS_READ)

    def work(connection: Connection) -> TranscriptPage:
        call = found(connection, principal, call_id)
        wanted = max(1, limit)
        spoken = store.log.after(
            connection, call, max(0, after), limit=wanted + 1, kinds=(Kind.SPOKEN,)
        )
        cursor = spoken[wanted - 1].seq if len(spoken) > wanted else None
        return TranscriptPage(lines=tuple(lines(spoken[:wanted])), cursor=cursor)

    return await exchange.database.read(work)

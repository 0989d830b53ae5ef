"""Tells followers of a call that something happened to it."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from switchhook.domain.errors import SwitchhookError
from switchhook.domain.happenings import Kind
from switchhook.faces.mcp import uris
from switchhook.faces.mcp.followers import Follower, Followers
from switchhook.runtime.hub import Changed
from switchhook.service import following
from switchhook.service.exchange import Exchange
from switchhook.service.following import News
from switchhook.service.identity import Principal

_log = logging.getLogger(__name__)

_REMEMBERED = 4096
"""For how many calls we know what was told."""

_PARTS: dict[Kind, uris.Part] = {Kind.SPOKEN: "transcript", Kind.RECORDING: "recording"}


CallKey = tuple[str, str]
"""Whose call, and which."""


@dataclass(slots=True)
class Announcer:
    """Reads what happened and tells those who follow it, in a task of its own.

    The hub's listener only notes that a call has news, so that publishing never waits; news of
    one call that pile up are told together.
    """

    exchange: Exchange
    followers: Followers
    patience: float = 2.0
    """How long one follower may take to accept a message before it is let go."""
    _news: dict[CallKey, int] = field(default_factory=dict[CallKey, int])
    """Calls with news, and the happening after which they begin."""
    _known: dict[CallKey, int] = field(default_factory=dict[CallKey, int])
    _wake: anyio.Event = field(default_factory=anyio.Event)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Announce for as long as the context lasts."""
        stop = self.exchange.hub.listen(self._note)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._announce_forever)
                yield
                tasks.cancel_scope.cancel()
        finally:
            stop()

    def _note(self, changed: Changed) -> None:
        key = (changed.org_id, changed.call_id)
        self._news.setdefault(key, self._known.pop(key, 0))
        self._known[key] = changed.seq
        if len(self._known) > _REMEMBERED:
            # The call that was quiet for longest; forgetting it costs a longer read.
            self._known.pop(next(iter(self._known)))
        self._wake.set()

    async def _announce_forever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake = anyio.Event()
            news, self._news = self._news, {}
            for (org_id, call_id), after in news.items():
                await self._announce(org_id, call_id, after)

    async def _announce(self, org_id: str, call_id: str, after: int) -> None:
        if not (listening := self.followers.of(org_id)):
            return
        try:
            news = await following.happenings(
                self.exchange, Principal(org_id), call_id, after=after
            )
            addresses = list(_addresses(news))
            for number, follower in listening:
                await self._tell(number, follower, addresses)
        except SwitchhookError:
            _log.info("a call with news was gone before they were told", exc_info=True)
        except Exception:  # noqa: BLE001 - a task's root: one call's trouble is not the others'
            _log.exception("followers were not told about a call")

    async def _tell(self, number: int, follower: Follower, addresses: Iterable[str]) -> None:
        with anyio.move_on_after(self.patience) as scope:
            for uri in addresses:
                await follower.tell(uri)
        if scope.cancelled_caught:
            _log.warning("a follower took too long and is let go")
            self.followers.drop(number)


def _addresses(news: News) -> Iterable[str]:
    names = dict.fromkeys((news.call.id, news.call.public_id))
    parts: dict[uris.Part, None] = dict.fromkeys(
        _PARTS[happening.kind] for happening in news.happenings if happening.kind in _PARTS
    )
    for name in names:
        yield uris.call(name)
        yield uris.call(name, "events")
        for part in parts:
            yield uris.call(name, part)
    yield uris.RECENT

"""Everybody who follows something, in both eras, each with the account it acts for."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from mcp.server.subscriptions import ResourceUpdated, ServerEvent

from switchhook.faces.mcp.identity import Desk
from switchhook.service.identity import Principal

Tell = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody to be told that the thing at an address has changed."""

    principal: Principal
    tell: Tell
    event: Callable[[ServerEvent], None] | None = None
    """Takes what concerns everybody, such as a changed list of tools."""


@dataclass(slots=True)
class Followers:
    """The followers of this process; for the SDK, a bus that knows whose listener is whose.

    The SDK's listen handler subscribes within the request, so the account is at hand; what is
    then told to one account never reaches the listeners of another.
    """

    desk: Desk
    _members: dict[int, Follower] = field(default_factory=dict[int, Follower])
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def add(self, follower: Follower) -> Callable[[], None]:
        """Take a follower in; the returned function lets it go, and may be called twice."""
        number = next(self._numbers)
        self._members[number] = follower

        def leave() -> None:
            self._members.pop(number, None)

        return leave

    def of(self, org_id: str) -> list[tuple[int, Follower]]:
        """Return the account's followers with the numbers to drop them by."""
        return [
            (number, follower)
            for number, follower in self._members.items()
            if follower.principal.org_id == org_id
        ]

    def drop(self, number: int) -> None:
        """Let a follower go."""
        self._members.pop(number, None)

    def subscribe(self, listener: Callable[[ServerEvent], None]) -> Callable[[], None]:
        """Take in a listener of 2026-07-28 for the account whose request this is."""

        async def tell(uri: str) -> None:
            listener(ResourceUpdated(uri=uri))

        return self.add(Follower(self.desk.caller(), tell, event=listener))

    async def publish(self, event: ServerEvent) -> None:
        """Tell everybody what belongs to nobody in particular."""
        for follower in list(self._members.values()):
            if follower.event is not None:
                follower.event(event)

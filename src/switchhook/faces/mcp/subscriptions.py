"""Following resources: `subscriptions/listen` of 2026-07-28, `resources/subscribe` before it.

Two things here are private to the SDK: the low-level server's handler table, since there is no
public way to serve `resources/subscribe`, and the connection behind a request's session, since
the session itself is another object for each request. A test fails when they move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mcp import MCPError
from mcp.server import MCPServer, ServerRequestContext
from mcp.server.connection import Connection
from mcp.server.context import CallNext, HandlerResult
from mcp.server.subscriptions import ListenHandler
from mcp.types import (
    INVALID_PARAMS,
    EmptyResult,
    SubscribeRequestParams,
    SubscriptionsListenRequestParams,
    UnsubscribeRequestParams,
)
from pydantic import ValidationError

from switchhook.domain.errors import SwitchhookError
from switchhook.faces.mcp import uris
from switchhook.faces.mcp.followers import Follower, Followers
from switchhook.faces.mcp.identity import Desk
from switchhook.service import calls
from switchhook.service.identity import Scope

_MAX_FOLLOWED = 256
"""How many addresses one connection may follow."""

_STATE = "switchhook.followed"

ServerContext = ServerRequestContext[Any, Any]
Followed = dict[str, Callable[[], None]]


@dataclass(slots=True)
class Subscriptions:
    """Who may follow what, in both eras."""

    desk: Desk
    followers: Followers
    listen: ListenHandler = field(init=False)
    server: MCPServer | None = None

    def __post_init__(self) -> None:
        self.listen = ListenHandler(self.followers)

    def serve(self, server: MCPServer) -> None:
        """Register the handlers of both eras."""
        self.server = server
        low = server._lowlevel_server  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - see above
        low.add_request_handler("resources/subscribe", SubscribeRequestParams, self.subscribe)
        low.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self.unsubscribe)
        low.add_request_handler(
            "subscriptions/listen", SubscriptionsListenRequestParams, self.listen
        )

    async def gate(self, ctx: ServerContext, call_next: CallNext) -> HandlerResult:
        """Refuse to let anybody listen to what is not theirs."""
        if ctx.method == "subscriptions/listen":
            try:
                wanted = SubscriptionsListenRequestParams.model_validate(ctx.params, by_name=False)
            except ValidationError:
                # The SDK refuses it in its own words.
                return await call_next(ctx)
            for uri in (wanted.notifications.resource_subscriptions or ())[: _MAX_FOLLOWED + 1]:
                await self._may_follow(str(uri))
            _not_too_many(len(wanted.notifications.resource_subscriptions or ()), "")
        return await call_next(ctx)

    async def subscribe(
        self, context: ServerContext, params: SubscribeRequestParams
    ) -> EmptyResult:
        """Follow an address until the connection ends."""
        uri, connection = str(params.uri), _connection(context)
        await self._may_follow(uri)
        followed: Followed = connection.state.setdefault(_STATE, {})
        if uri not in followed:
            _not_too_many(len(followed) + 1, uri)

            async def tell(changed: str) -> None:
                if changed == uri:
                    await connection.send_resource_updated(uri)

            followed[uri] = self.followers.add(Follower(self.desk.caller(), tell))
            connection.exit_stack.callback(followed[uri])
        return EmptyResult()

    async def unsubscribe(
        self, context: ServerContext, params: UnsubscribeRequestParams
    ) -> EmptyResult:
        """Follow an address no longer."""
        followed: Followed = _connection(context).state.get(_STATE, {})
        if leave := followed.pop(str(params.uri), None):
            leave()
        return EmptyResult()

    async def _may_follow(self, uri: str) -> None:
        try:
            caller = self.desk.caller()
            if (call_id := uris.call_id_in(uri)) is not None:
                await calls.get_call(self.desk.exchange, caller, call_id)
                return
            caller.need(Scope.CALLS_READ)
            if uri in await self._listed():
                return
        except SwitchhookError as error:
            raise MCPError(INVALID_PARAMS, error.message, {"uri": uri}) from None
        raise MCPError(INVALID_PARAMS, "there is nothing to follow at this address", {"uri": uri})

    async def _listed(self) -> set[str]:
        return (
            {str(each.uri) for each in await self.server.list_resources()} if self.server else set()
        )


def _connection(context: ServerContext) -> Connection:
    return context.session._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - see above


def _not_too_many(number: int, uri: str) -> None:
    if number > _MAX_FOLLOWED:
        raise MCPError(
            INVALID_PARAMS, f"more than {_MAX_FOLLOWED} addresses are followed", {"uri": uri}
        )

"""Who is asking over MCP: the SDK's idea of a user, and ours."""

from __future__ import annotations

from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mcp.server.auth.middleware.auth_context import auth_context_var
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken

from switchhook.domain.errors import NotAuthenticated
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal


@dataclass(frozen=True, slots=True)
class Desk:
    """What every tool works with: the exchange, and for whom it acts when nobody signed in."""

    exchange: Exchange
    local: Principal | None = None

    def caller(self) -> Principal:
        """Return the account behind the request in hand."""
        if isinstance(user := auth_context_var.get(), Caller):
            return user.principal
        if self.local is not None:
            return self.local
        raise NotAuthenticated(
            "this request carries no credential",
            hint="send the headers X-API-KEY and X-API-SECRET",
        )


class Caller(AuthenticatedUser):
    """The account as the SDK knows users; its token is the key's name, never a secret."""

    def __init__(self, principal: Principal) -> None:
        token = AccessToken(
            token=principal.key_id or "local",
            client_id=principal.org_id,
            subject=principal.key_id,
            scopes=sorted(principal.scopes),
        )
        super().__init__(token)
        self.principal = principal


@lru_cache(maxsize=1024)
def as_user(principal: Principal) -> Caller:
    """Return the account as the SDK knows users."""
    return Caller(principal)


@contextmanager
def install_user(scope: MutableMapping[str, Any], principal: Principal) -> Generator[None]:
    """Let an ASGI request act for the account, which then also owns the sessions it opens."""
    # The session manager binds what a client opens to this user: another one gets 404.
    scope["user"] = as_user(principal)
    with carrying(principal):
        yield


@contextmanager
def carrying(principal: Principal) -> Generator[None]:
    """Let everything inside act for the account."""
    user = as_user(principal)
    reset = auth_context_var.set(user)
    try:
        yield
    finally:
        auth_context_var.reset(reset)

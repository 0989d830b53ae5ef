"""Only requests that were meant for this server: DNS rebinding and foreign pages stay outside."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from switchhook.faces.http.answers import Problem, refusal

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

# A probe of a container platform calls by address, and these two paths tell nothing.
PROBES = frozenset({"/livez", "/readyz"})

CARRIERS = "/carriers/"
"""Below it carriers tell of their calls: in forms, and signed, so that no key is asked for."""


class OwnAddress:
    """Lets requests pass that name this server as host, and no other site as origin."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = LOOPBACK_NAMES | {_name(host) for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is meant for us, and refuse any other."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        problem = self._problem(Headers(scope=scope))
        if problem is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope["path"], problem)(scope, receive, send)

    def _problem(self, headers: Headers) -> Problem | None:
        if _name(headers.get("host", "")) not in self._hosts:
            return Problem(
                421,
                "misdirected_request",
                "this server does not answer under the host name of the request",
                hint="use the public URL that the server was started with",
            )
        origin = headers.get("origin")
        if origin and _name(urlsplit(origin).netloc) not in self._hosts:
            return Problem(
                403,
                "foreign_origin",
                "pages of other sites may not talk to this server",
                hint="leave the Origin header away, or call from the server's own origin",
            )
        return None


def host_of(url: str) -> str:
    """Return the host name of a URL, with the port if it has one."""
    return urlsplit(url).netloc


def _name(host: str) -> str:
    """Return the host without its port, in lower case."""
    lowered = host.strip().lower()
    if lowered.startswith("["):
        return lowered.partition("]")[0] + "]"
    return lowered.partition(":")[0]

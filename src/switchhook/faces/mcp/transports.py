"""The ways in over HTTP: streamable at `/mcp`, the older event stream at `/sse`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import BaseRoute

from switchhook.faces.mcp.server import Face

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - names of hosts to leave out, nothing is bound


@dataclass(frozen=True, slots=True)
class Doors:
    """The routes of both HTTP transports; the sessions run for as long as the app does."""

    routes: tuple[BaseRoute, ...]
    sessions: StreamableHTTPSessionManager


def asgi_routes(
    face: Face, *, public_url: str | None = None, bind_host: str = "127.0.0.1"
) -> Doors:
    """Return what an app mounts; it enters `sessions.run()` and `face.running()` itself."""
    security = host_check(public_url, bind_host)
    server: MCPServer = face.server
    http = server.streamable_http_app(transport_security=security)
    sse = server.sse_app(transport_security=security)
    return Doors((*http.routes, *sse.routes), server.session_manager)


def host_check(public_url: str | None, bind_host: str) -> TransportSecuritySettings:
    """Return which Host and Origin headers are ours; everything else is refused."""
    hosts = [*_LOOPBACK]
    origins = [f"http://{host}" for host in _LOOPBACK]
    if bind_host not in (*_EVERYWHERE, *_LOOPBACK, "::1"):
        named = f"[{bind_host}]" if ":" in bind_host else bind_host
        hosts.append(named)
        origins.append(f"http://{named}")
    if public_url:
        public = urlsplit(public_url)
        if public.hostname:
            named = f"[{public.hostname}]" if ":" in public.hostname else public.hostname
            hosts.append(named)
            origins.append(f"{public.scheme}://{named}")
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=_with_ports(hosts),
        allowed_origins=_with_ports(origins),
    )


def _with_ports(names: Sequence[str]) -> list[str]:
    return [*names, *(f"{name}:*" for name in names)]

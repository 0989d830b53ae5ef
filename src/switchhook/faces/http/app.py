"""The whole HTTP face in one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from switchhook.faces.http import health
from switchhook.faces.http.answers import JsonAnswer, Problem, refusal
from switchhook.faces.http.auth import InstallUser, KeyAuth, Streams, install_nobody, watched
from switchhook.faces.http.limits import BODY_SECONDS, BodyLimits, SafeHeaders
from switchhook.faces.http.native import operations
from switchhook.faces.http.native.table import OPERATIONS
from switchhook.faces.http.openapi import describe
from switchhook.faces.http.origin import OwnAddress, host_of
from switchhook.service.exchange import Exchange
from switchhook.service.identity import Principal

Lifespan = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Doors:
    """Under which names the server answers, and to whom.

    `open_to` gives requests without a credential to that principal; it is for testing tools that
    cannot send one, on a loopback address.
    """

    public_url: str | None = None
    hosts: tuple[str, ...] = ()
    open_to: Callable[[], Awaitable[Principal]] | None = None
    body_seconds: float = BODY_SECONDS


def build_asgi(
    exchange: Exchange,
    doors: Doors | None = None,
    *,
    mcp_routes: Sequence[BaseRoute] = (),
    carrier_routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
    install_user: InstallUser = install_nobody,
) -> ASGIApp:
    """Return the application: limits first, then the key, then the routes."""
    doors = doors or Doors()
    streams = Streams(exchange)

    @asynccontextmanager
    async def living(_app: Starlette) -> AsyncGenerator[None]:
        async with watched(streams):
            if lifespan is None:
                yield
            else:
                async with lifespan():
                    yield

    public = (host_of(doors.public_url),) if doors.public_url else ()
    app = Starlette(
        # Routes are tried in turn, and nobody is as impatient as an assistant.
        routes=[
            *mcp_routes,
            *carrier_routes,
            *routes(exchange, public_url=doors.public_url),
        ],
        lifespan=living,
        exception_handlers={HTTPException: _http_problem, Exception: _fault},
        middleware=[
            Middleware(OwnAddress, hosts=(*public, *doors.hosts)),
            Middleware(BodyLimits, seconds=doors.body_seconds),
            Middleware(
                KeyAuth,
                exchange=exchange,
                streams=streams,
                install_user=install_user,
                open_to=doors.open_to,
            ),
        ],
    )
    return SafeHeaders(app)


def routes(exchange: Exchange, *, public_url: str | None = None) -> list[Route]:
    """Return the native API, its description and the probes."""
    description = describe(OPERATIONS, public_url=public_url)

    async def openapi(_request: Request) -> Response:
        return JsonAnswer(description)

    return [
        *health.routes(exchange),
        Route("/openapi.json", openapi),
        *operations.routes(exchange, OPERATIONS, public_url=public_url),
    ]


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- the table of handlers says so
    problem = _PROBLEMS.get(error.status_code) or Problem(
        error.status_code, "http_error", error.detail, hint="GET /openapi.json shows what there is"
    )
    answer = refusal(request.url.path, problem)
    answer.headers.update(error.headers or {})
    return answer


async def _fault(request: Request, _error: Exception) -> Response:
    """Say that the fault is ours, and nothing else: the server logs what it was."""
    problem = Problem(500, "internal_error", "this is our fault", hint="try again later")
    return refusal(request.url.path, problem)


_PROBLEMS = {
    404: Problem(404, "not_found", "there is no such path", hint="GET /openapi.json lists them"),
    405: Problem(
        405,
        "method_not_allowed",
        "the path does not know this method",
        hint="the Allow header names those that it knows",
    ),
}

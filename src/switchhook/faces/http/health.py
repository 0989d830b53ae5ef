"""Whether the process lives, whether it should be given work, and what it is."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import switchhook
from switchhook.faces.http.answers import JsonAnswer
from switchhook.service.exchange import Exchange
from switchhook.service.readiness import Readiness, readiness


class Health(BaseModel):
    """The answer to a probe."""

    status: Literal["ok", "draining", "store unavailable"]


class Welcome(BaseModel):
    """What somebody finds who opens the address in a browser."""

    name: str
    version: str
    openapi: str
    mcp: str


def routes(exchange: Exchange) -> list[Route]:
    """Return the routes that need no key."""

    async def live(_request: Request) -> Response:
        return JsonAnswer({"status": "ok"})

    async def ready(_request: Request) -> Response:
        found = await readiness(exchange)
        status = 200 if found is Readiness.READY else 503
        return JsonAnswer(Health(status=found.value).model_dump(), status_code=status)

    async def welcome(_request: Request) -> Response:
        links = {"openapi": "/openapi.json", "mcp": "/mcp"}
        return JsonAnswer({"name": "switchhook", "version": switchhook.__version__} | links)

    return [Route("/livez", live), Route("/readyz", ready), Route("/", welcome)]

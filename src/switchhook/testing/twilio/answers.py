"""How the fake's REST API words lists and errors."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from switchhook.testing.twilio.ledger import Asked


def problem(status: int, code: int, message: str, **headers: str) -> Response:
    """Return an error as Twilio words it."""
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return JSONResponse(body, status_code=status, headers=headers)


def unknown(request: Request) -> Response:
    """Return that there is no such thing."""
    return problem(404, 20404, f"The requested resource {request.url.path} was not found")


def page(name: str, items: list[dict[str, Any]], asked: Asked) -> Response:
    """Return the first page of a list."""
    size = int(asked.value("PageSize", "50"))
    head = {"page": 0, "page_size": size, "uri": asked.path, "next_page_uri": None}
    return JSONResponse(head | {name: items[:size]})

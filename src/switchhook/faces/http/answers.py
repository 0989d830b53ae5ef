"""The envelope that every native answer wears, and the failures in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from switchhook.domain.errors import SwitchhookError

MCP_PATHS = ("/mcp", "/sse", "/messages")

_TITLES = {
    400: "Validation error",
    401: "Authentication required",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timeout",
    409: "Conflict",
    413: "Request too large",
    415: "Unsupported media type",
    421: "Misdirected request",
    429: "Limit reached",
    500: "Internal error",
    503: "Unavailable",
}
_TITLES_BY_CODE = {
    "agent_not_found": "Agent not found",
    "call_not_found": "Call not found",
    "recording_not_found": "Recording not found",
    "call_id_taken": "Call ID already used",
}


class Problem(SwitchhookError):
    """A failure of the HTTP exchange itself, with the status that HTTP has for it."""

    def __init__(
        self, status: int, code: str, message: str, *, hint: str, field: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, field=field)
        self.http_status = status
        self.problem = code

    def facts(self) -> dict[str, Any]:
        """Return the failure under the code of its problem."""
        return super().facts() | {"code": self.problem}


class JsonAnswer(Response):
    """JSON as UTF-8; a value that JSON has no word for is a fault of ours."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def failure(error: SwitchhookError) -> JsonAnswer:
    """Return the error in the envelope, with the headers that belong to its status."""
    status = status_of(error)
    return JsonAnswer(envelope_of(error), status_code=status, headers=_headers(error, status))


def envelope_of(error: SwitchhookError) -> dict[str, Any]:
    """Return the members of a failed answer; `error` starts with the code."""
    facts = error.facts()
    code: str = facts["code"]
    status = status_of(error)
    return {
        "message": _TITLES_BY_CODE.get(code) or _TITLES.get(status, "Error"),
        "status": "error",
        "error": f"{code}: {facts['message']}",
        "data": None,
        "details": facts,
    }


def status_of(error: SwitchhookError) -> int:
    """Return the HTTP status of an error."""
    return error.http_status if isinstance(error, Problem) else error.status


def refusal(path: str, error: SwitchhookError) -> JsonAnswer:
    """Return the error as the clients of this path expect it."""
    if not speaks_mcp(path):
        return failure(error)
    status = status_of(error)
    facts = error.facts()
    body = {"error": facts["code"], "message": facts["message"], "hint": facts["hint"]}
    return JsonAnswer(body, status_code=status, headers=_headers(error, status))


def speaks_mcp(path: str) -> bool:
    """Tell whether MCP clients talk to this path."""
    return any(path == root or path.startswith(f"{root}/") for root in MCP_PATHS)


def _headers(error: SwitchhookError, status: int) -> Mapping[str, str] | None:
    retry_after: int | None = getattr(error, "retry_after", None)
    if retry_after is not None:
        return {"retry-after": str(retry_after)}
    # RFC 9110 11.6.1: a 401 names a scheme that would do.
    return {"www-authenticate": 'Bearer realm="switchhook"'} if status == 401 else None  # noqa: PLR2004

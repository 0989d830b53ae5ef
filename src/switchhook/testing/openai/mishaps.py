"""What goes wrong with one request or one socket."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mishap:
    """Each member is one trouble; counts are of messages, events or chunks that were sent.

    `status` refuses the request; `wait` delays it by so many seconds; after `cut_after` the
    connection is cut (a socket with `close_code`), after `hang_after` nothing more comes, and
    `garbage_after` sends something that makes no sense, and goes on.
    """

    status: int | None = None
    code: str = ""
    wait: float = 0.0
    cut_after: int | None = None
    hang_after: int | None = None
    garbage_after: int | None = None
    close_code: int | None = None


NONE = Mishap()

_CODES = {
    401: "invalid_api_key",
    403: "unsupported_country_region_territory",
    404: "model_not_found",
    429: "rate_limit_exceeded",
}


def refusal(mishap: Mishap) -> dict[str, object]:
    """Return the body of a refused request."""
    code = mishap.code or _CODES.get(mishap.status or 0, "server_error")
    kind = "invalid_request_error" if mishap.status in (400, 401, 403, 404) else code
    return {"error": {"message": f"refused: {code}", "type": kind, "param": None, "code": code}}

"""What goes wrong at OpenAI, told apart by what can be done about it.

Only some codes are documented, so that the HTTP status and the situation decide where there is
one; an unknown code is taken for the vendor's own trouble, which passes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, cast

from switchhook.domain.errors import Misconfigured, Unavailable

LONGEST_DETAIL: Final = 300


class Kind(Enum):
    """What can be done about it."""

    PASSING = "it may work in a moment"
    BUSY = "it may work when others ask less"
    EXPIRED = "the session has reached its greatest age"
    WRONG = "it will never work like this"


@dataclass(frozen=True, slots=True)
class Failure:
    """What the vendor says about it."""

    kind: Kind
    detail: str

    def error(self) -> Unavailable:
        """Return it as it is raised."""
        if self.kind is Kind.WRONG:
            return Misconfigured(
                f"OpenAI does not accept this: {self.detail}",
                hint="look at the API key, the names of model and voice, and the account's credit",
            )
        return OpenAITrouble(f"OpenAI: {self.detail}", hint="try again in a moment", retry_after=1)


class OpenAITrouble(Unavailable):
    """OpenAI cannot be reached, is overloaded or broke off; the next request may fare better."""


_CODES: Final = {
    "rate_limit_exceeded": Kind.BUSY,
    "slow_down": Kind.BUSY,
    "session_expired": Kind.EXPIRED,
    "input_audio_buffer_commit_empty": Kind.PASSING,
    "invalid_api_key": Kind.WRONG,
    "insufficient_quota": Kind.WRONG,
    "model_not_found": Kind.WRONG,
    "cannot_update_voice": Kind.WRONG,
    "invalid_prompt": Kind.WRONG,
}
_BUSY: Final = 429
_OURS: Final = range(400, 500)
_PATIENT: Final = {408, 409, 425}


def failure(error: object, status: int | None = None) -> Failure:
    """Return what an error object of the vendor means, in a body, an event or a response."""
    told: Mapping[str, Any] = cast("dict[str, Any]", error) if isinstance(error, dict) else {}
    code = str(told.get("code") or told.get("type") or status or "unknown")
    detail = f"{told.get('message') or 'no reason given'} ({code})"[:LONGEST_DETAIL]
    ours = told.get("type") == "invalid_request_error" or status in _OURS
    return Failure(_CODES.get(code) or _kind(status, ours=ours), detail)


def broken_off(detail: str) -> OpenAITrouble:
    """Return the error for a connection that could not be made or did not last."""
    return OpenAITrouble(f"OpenAI: {detail}", hint="try again in a moment", retry_after=1)


def _kind(status: int | None, *, ours: bool) -> Kind:
    if status == _BUSY:
        return Kind.BUSY
    return Kind.WRONG if ours and status not in _PATIENT else Kind.PASSING

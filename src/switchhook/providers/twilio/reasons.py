"""What Twilio's error codes and statuses mean for a call."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from switchhook.domain.lifecycle import Reason
from switchhook.engine.screening import Verdict


def _table(codes: dict[Reason, tuple[int, ...]]) -> Mapping[int, Reason]:
    return MappingProxyType({code: reason for reason, some in codes.items() for code in some})


CALLER_ID: Final = frozenset({21210, 21212})
"""The number that calls may not be shown, so nothing was dialled."""

_CODES: Final = _table(
    {
        Reason.INVALID_DESTINATION: (13223, 13224, 13226, 21201, 21211, 21214, 21217),
        Reason.PROVIDER_DENIED: (
            *(10002, 20003, 20005, 20008),  # our own account
            *(13225, 13227, 21202, 21203),  # the destination, for this account
            *(21215, 21216, 21219, 21610, 573005),
            *(13214, 21213, 32017, *CALLER_ID),  # the caller id
        ),
        Reason.CONCURRENCY_LIMIT: (10004, 20429),
        Reason.PROVIDER_UNAVAILABLE: (20409, 20500, 20503),
    }
)

GONE: Final = frozenset({20404, 21220})
"""The call is over already, or was never there: nothing is left to hang up."""

TOO_MANY: Final = 429

_STATUSES: Final = MappingProxyType(
    {
        "busy": Reason.BUSY,
        "no-answer": Reason.NO_ANSWER,
        "failed": Reason.DIAL_FAILED,
        "canceled": Reason.CANCELED,
    }
)
TERMINAL: Final = frozenset({*_STATUSES, "completed"})

_SIP: Final = MappingProxyType(
    {
        ("busy", "603"): Reason.DECLINED,
        ("failed", "404"): Reason.INVALID_DESTINATION,
        ("failed", "484"): Reason.INVALID_DESTINATION,
        ("failed", "604"): Reason.INVALID_DESTINATION,
        ("failed", "603"): Reason.DECLINED,
    }
)

_ANSWERED_BY: Final = MappingProxyType(
    {
        "human": Verdict.HUMAN,
        "machine_end_beep": Verdict.VOICEMAIL,
        "machine_end_silence": Verdict.VOICEMAIL,
        "machine_end_other": Verdict.VOICEMAIL,
        "fax": Verdict.UNAVAILABLE,
    }
)


def of_code(code: int | None) -> Reason:
    """Return why a request to dial was refused; a code that nobody knows is a failed dial."""
    return _CODES.get(code or 0, Reason.DIAL_FAILED)


def of_status(status: str, sip: str = "") -> Reason:
    """Return why a call is over that was not connected to us."""
    known = _STATUSES.get(status)
    # It was answered and is over, but its audio never reached us.
    return _SIP.get((status, sip), known or Reason.ERROR_NO_AUDIO)


def of_ended(status: str) -> Reason | None:
    """Return why a call is over that was not connected to us; nothing while it goes on."""
    return of_status(status) if status in TERMINAL else None


def of_answer(answered_by: str) -> Verdict:
    """Return who answered; `machine_start` is wrong too often to be more than a doubt."""
    return _ANSWERED_BY.get(answered_by, Verdict.UNCERTAIN)

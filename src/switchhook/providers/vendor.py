"""A vendor by name, and what goes wrong with it, told apart by what can be done about it.

Unavailable
├── VendorTrouble ... it may fare better in a moment
│   └── Garbled ..... it said what its protocol does not know
└── Misconfigured ... it will never work like this
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar, cast

from switchhook.domain.errors import Misconfigured, Unavailable

LONGEST_DETAIL: Final = 300

Event = TypeVar("Event")

_UNAUTHORIZED: Final = frozenset({401, 403})
_UNPAID: Final = 402
_PATIENT: Final = frozenset({408, 409, 425, 429})
"""Statuses of the client's making that pass nevertheless."""
_CLIENT: Final = range(400, 500)

_UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading a message raises whose shape is not the promised one."""


class VendorTrouble(Unavailable):
    """A vendor cannot be reached, is busy or broke off; another attempt may fare better."""

    retryable: ClassVar[bool] = True


class Garbled(VendorTrouble):
    """A vendor said what its protocol does not know."""

    code = "protocol_broken"


@dataclass(frozen=True, slots=True)
class Vendor:
    """Whom we talk to, and the setting that holds our key."""

    name: str
    key_setting: str

    def broken_off(self, detail: str, retry_after: int = 0) -> VendorTrouble:
        """Return the error for something that may fare better in a moment."""
        message = f"{self.name}: {detail[:LONGEST_DETAIL]}"
        return VendorTrouble(message, hint="try again in a moment", retry_after=retry_after)

    def misconfigured(self, detail: str, hint: str) -> Misconfigured:
        """Return the error for something that will never work like this."""
        return Misconfigured(f"{self.name}: {detail[:LONGEST_DETAIL]}", hint=hint)

    def closed(self, code: int, reason: str) -> VendorTrouble:
        """Return the error for a connection that was closed."""
        return self.broken_off(f"the connection was closed with {code} {reason}".rstrip())

    def refused(self, status: int, detail: str, retry_after: int = 0) -> Unavailable:
        """Return the error for an HTTP status, or for a code that is used like one."""
        told = f"{detail or 'no reason given'} ({status})"
        if status in _UNAUTHORIZED:
            return self.misconfigured(
                f"{self.key_setting} is not accepted: {told}",
                hint=f"set {self.key_setting} to a key that is valid and allowed to do this",
            )
        if status == _UNPAID:
            return self.misconfigured(
                f"the account of {self.key_setting} has no credit left: {told}",
                hint=f"top up the account at {self.name}",
            )
        if status in _CLIENT and status not in _PATIENT:
            return self.misconfigured(
                f"the model, the voice or the language is not accepted: {told}",
                hint="change the voice, the language or the model of the agent",
            )
        return self.broken_off(told, retry_after)

    def understood(
        self, message: str | bytes, read: Callable[[dict[str, Any]], Iterable[Event]]
    ) -> list[Event | Garbled]:
        """Return what a JSON message means to its reader; what cannot be read is one error."""
        try:
            told: object = json.loads(message)
            if not isinstance(told, dict):
                raise TypeError("a message is no JSON object")
            return [*read(cast("dict[str, Any]", told))]
        except _UNREADABLE as problem:
            told = f"{self.name}: a message cannot be understood: {problem!r}"[:LONGEST_DETAIL]
            return [Garbled(told, hint="try again in a moment", retry_after=0)]

"""What the fake was asked, and what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def sid(prefix: str) -> str:
    """Return a fresh id as Twilio makes them."""
    return prefix + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the REST API, after authentication."""

    method: str
    path: str
    form: Mapping[str, list[str]]

    def value(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter."""
        return next(iter(self.form.get(name, ())), default)


@dataclass(frozen=True, slots=True)
class Posted:
    """A callback that was sent, and how it was answered; 0 where nobody answered."""

    url: str
    form: Mapping[str, str]
    status: int


@dataclass(slots=True)
class FakeCall:
    """One call as Twilio keeps it."""

    sid: str
    account_sid: str
    to: str
    from_number: str
    asked: Asked
    direction: str = "outbound-api"
    parent: str | None = None
    status: str = "queued"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: int = 0
    answered_by: str | None = None
    history: list[str] = field(default_factory=lambda: ["queued"])
    sequence: int = 0

    def move(self, status: str) -> None:
        """Enter another status."""
        self.status = status
        self.history.append(status)

    @property
    def over(self) -> bool:
        """Whether nobody is on the line any more."""
        return self.status in TERMINAL

    def resource(self) -> dict[str, Any]:
        """Return the call as the REST API shows it."""
        moment = format_datetime(self.created)
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Calls/{self.sid}"
        known = dict.fromkeys(_UNKNOWN)
        return known | {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "status": self.status,
            "direction": self.direction,
            "to": self.to,
            "to_formatted": self.to,
            "from": self.from_number,
            "from_formatted": self.from_number,
            "parent_call_sid": self.parent,
            "date_created": moment,
            "date_updated": moment,
            "start_time": moment if "in-progress" in self.history else None,
            "duration": str(self.seconds) if self.over else None,
            "price_unit": "USD",
            "answered_by": self.answered_by,
            "queue_time": "0",
            "api_version": "2010-04-01",
            "uri": f"{uri}.json",
            "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        }


_UNKNOWN = (
    *("phone_number_sid", "end_time", "price", "forwarded_from"),
    *("caller_name", "group_sid", "trunk_sid"),
)


@dataclass(slots=True)
class Ledger:
    """All that happened, in order."""

    asked: list[Asked] = field(default_factory=list[Asked])
    calls: dict[str, FakeCall] = field(default_factory=dict[str, FakeCall])
    posted: list[Posted] = field(default_factory=list[Posted])
    spoken: list[str] = field(default_factory=list[str])
    """What <Say> said to callees."""
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    recordings: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    media: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """The files of the recordings that are ready."""

    @property
    def dialled(self) -> list[FakeCall]:
        """The calls that the account's program asked for, oldest first."""
        return [call for call in self.calls.values() if call.direction == "outbound-api"]

    @property
    def live(self) -> list[FakeCall]:
        """The calls that cost money now."""
        return [call for call in self.calls.values() if not call.over]

    def posts(self, ending: str) -> list[Asked]:
        """Return what was posted to paths that end so."""
        return [a for a in self.asked if a.method == "POST" and a.path.endswith(ending)]

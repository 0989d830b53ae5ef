"""Telephone numbers that an account has, and those that it could have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from switchhook.domain.values import Frozen

Kind = Literal["local", "mobile", "toll_free"]
Capability = Literal["voice", "sms", "mms"]


class Number(Frozen):
    """A number of an account, and who answers there."""

    id: str
    org_id: str
    number: str
    carrier: str
    carrier_ref: str | None = None
    """What the carrier calls it; nothing while nobody knows whether it was bought."""
    label: str = ""
    agent_id: str | None = None
    context_endpoint: str | None = None
    """Asked for variables before the agent answers."""
    created_at: datetime


class NumberSearch(Frozen):
    """Which numbers are wanted."""

    country: Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}$")] = "US"
    kind: Kind = "local"
    area_code: str | None = Field(default=None, pattern=r"^[0-9]{2,5}$")
    contains: str | None = Field(default=None, pattern=r"^\+?[0-9A-Za-z*]{2,16}$")
    capabilities: tuple[Capability, ...] = ("voice",)
    limit: int = Field(default=10, ge=1, le=50)


class NumberOffer(Frozen):
    """A number that can be had."""

    number: str
    country: str
    kind: Kind
    locality: str | None = None
    capabilities: tuple[Capability, ...] = ("voice",)
    monthly_price: str | None = None
    """What it costs, with the currency, where the carrier says it."""

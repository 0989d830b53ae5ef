"""Telephone numbers as the API knows them: what is sent, and what is answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from switchhook.faces.http.native.members import WHOLE, AnyCase, Number, Reference
from switchhook.faces.http.native.operations import Form
from switchhook.faces.http.native.shapes import Shape
from switchhook.service.numbers import CALLER

Kind = Annotated[Literal["local", "mobile", "toll_free"], AnyCase()]
Token = Annotated[str, Field(min_length=1, max_length=200)]
Url = Annotated[
    str,
    Field(
        max_length=2048,
        pattern=r"^(https://[A-Za-z0-9.-]+(/[!-~]*)?)?$",
        examples=["https://crm.example.com/caller"],
    ),
]


class SearchNumbers(Form):
    """Which numbers are wanted; `contains` may have letters, as on a telephone's keys."""

    country: str = Field(default="US", pattern="^[A-Za-z]{2}$")
    kind: Kind = "local"
    area_code: str | None = Field(default=None, pattern="^[0-9]{2,5}$")
    contains: str | None = Field(default=None, pattern=r"^\+?[0-9A-Za-z*]{2,16}$")
    capability: Annotated[Literal["voice", "sms", "mms"], AnyCase()] = "voice"
    limit: Annotated[int, Field(ge=1, le=50), WHOLE] = 10


class BoundForm(Form):
    """What is set for a number; what is absent stays, an empty text takes it away."""

    label: str | None = Field(default=None, max_length=80)
    agent_id: Reference | Literal[""] | None = None
    context_endpoint: Url | None = None


class BuyNumber(BoundForm):
    """A number to be bought; without `confirm_token` only described."""

    number: Number
    confirm_token: Token | None = None


class ReleaseNumber(Form):
    """The token of the dry run; without it the number is only described."""

    confirm_token: Token | None = None


class RingNumber(Form):
    """Who seems to call in a trial."""

    from_number: Number = CALLER


class NumberShape(Shape):
    """A number of the account; `pending` while the carrier has not said that it is ours."""

    number_id: str
    number: str
    state: Literal["active", "pending"]
    carrier: str
    label: str
    agent_id: str | None
    context_endpoint: str | None
    created_at: str


class NumberAndSecret(NumberShape):
    """A number as whoever changed it sees it, with what signs requests to its endpoint."""

    signing_secret: str | None


class Numbers(Shape):
    """The numbers of the account, the newest first."""

    organization_id: str
    numbers: list[NumberShape]


class OfferShape(Shape):
    """A number that can be had; the price is null where the carrier does not say it."""

    number: str
    country: str
    kind: Literal["local", "mobile", "toll_free"]
    locality: str | None
    capabilities: list[Literal["voice", "sms", "mms"]]
    monthly_price: str | None


class Offers(Shape):
    """Numbers that can be had."""

    organization_id: str
    numbers: list[OfferShape]


class Purchase(Shape):
    """What was bought, or would be with the token; what the account has already costs nothing."""

    operation: Literal["dry_run", "bought"]
    organization_id: str
    number: NumberAndSecret | None
    offer: OfferShape | None
    already_owned: bool
    confirm_token: str | None
    confirm_within_seconds: int | None


class Release(Shape):
    """What was given back, or would be with the token."""

    operation: Literal["dry_run", "released"]
    organization_id: str
    number: str
    confirm_token: str | None
    confirm_within_seconds: int | None


class Rung(Shape):
    """A simulated person calls."""

    operation: Literal["ringing"]
    organization_id: str
    number: str
    from_number: str

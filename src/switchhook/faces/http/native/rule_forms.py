"""The rules of an account as the API knows them: what is sent, and what is answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from switchhook.faces.http.native.members import WHOLE, Number
from switchhook.faces.http.native.operations import Form
from switchhook.faces.http.native.shapes import Shape

Cap = Annotated[int, Field(ge=0, le=10**6), WHOLE]
Region = Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["US"])]


class CapsForm(Form):
    """How much may be called; null means no limit, what is absent stays."""

    concurrent: Cap | None = None
    per_second: Cap | None = None
    per_hour: Cap | None = None
    per_day: Cap | None = None
    per_callee_per_day: Cap | None = None


class ChangePolicy(Form):
    """The rules to be changed; what is absent stays.

    `allowed_regions` null means the region of the number that calls.
    """

    calls_enabled: bool = True
    allowed_regions: Annotated[list[Region], Field(max_length=300)] | None = None
    caps: CapsForm = CapsForm()
    simulated_caps: CapsForm = CapsForm()


class CapsShape(Shape):
    """How much may be called; null means no limit."""

    concurrent: int | None
    per_second: int | None
    per_hour: int | None
    per_day: int | None
    per_callee_per_day: int | None


class PolicyShape(Shape):
    """The rules that hold for the account."""

    organization_id: str
    calls_enabled: bool
    allowed_regions: list[str] | None
    caps: CapsShape
    simulated_caps: CapsShape


class AddNumber(Form):
    """A number that is not to be called."""

    number: Number
    source: str = Field(default="added by hand", min_length=1, max_length=200)


class WhichNumber(Form):
    """The number to take off the list, with its + written as %2B."""

    number: Number


class UnwantedShape(Shape):
    """Somebody who asked not to be called."""

    number: str
    source: str
    created_at: str


class DoNotCall(Shape):
    """Everybody who asked not to be called, the newest first."""

    organization_id: str
    numbers: list[UnwantedShape]


class NumberKept(Shape):
    """A number as it is kept."""

    operation: Literal["added", "removed"]
    organization_id: str
    number: str

"""The keys of an account to vendors, as the API knows them: what is sent, and what is answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from switchhook.domain.connection import Provider
from switchhook.faces.http.native.members import AnyCase
from switchhook.faces.http.native.operations import Form
from switchhook.faces.http.native.shapes import Shape


class CreateConnection(Form):
    """A key of the account's own; it is kept sealed, and shown to nobody any more."""

    provider: Annotated[Provider, AnyCase()]
    key: Annotated[str, Field(min_length=8, max_length=512, pattern="^[!-~]+$")]
    name: str = Field(default="", max_length=80)


class ConnectionShape(Shape):
    """A key of the account's own, of which only the last characters are told."""

    connection_id: str
    organization_id: str
    provider: Provider
    name: str
    ends_with: str
    created_at: str


class Connections(Shape):
    """All of them, the newest first."""

    organization_id: str
    connections: list[ConnectionShape]


class ConnectionDeleted(Shape):
    """What remains of a connection that was deleted."""

    operation: Literal["deleted"] = "deleted"
    organization_id: str
    connection_id: str

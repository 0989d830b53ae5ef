"""The account's call behind a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchhook import store
from switchhook.domain.errors import CallNotFound
from switchhook.domain.interaction import Interaction
from switchhook.service.identity import Principal

if TYPE_CHECKING:
    from sqlalchemy import Connection


def found(
    connection: Connection, principal: Principal, call_id: str, *, locked: bool = False
) -> Interaction:
    """Return the call by our id or by its own; somebody else's call is as absent as none."""
    call = store.calls.find(connection, principal.org_id, storable(call_id), locked=locked)
    if call is None:
        raise CallNotFound(call_id)
    return call


def storable(reference: str) -> str:
    """Return the reference as a database can compare it; broken characters match nothing."""
    return reference.replace("\0", "\ufffd").encode(errors="replace").decode()

"""Whether this process can take a new call."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import structlog

from switchhook.service.exchange import Exchange

if TYPE_CHECKING:
    from sqlalchemy import Connection

_log = structlog.get_logger(__name__)


class Readiness(Enum):
    """What a load balancer wants to know."""

    READY = "ok"
    DRAINING = "draining"
    NO_STORE = "store unavailable"


async def readiness(exchange: Exchange) -> Readiness:
    """Tell whether new work is welcome, and whether the store lets itself be written to."""
    if exchange.draining:
        return Readiness.DRAINING
    try:
        await exchange.database.write(_take_the_pen)
    except Exception as broken:  # noqa: BLE001 -- every way in which a store can fail means the same
        _log.warning("store.unavailable", error=type(broken).__name__)
        return Readiness.NO_STORE
    return Readiness.READY


def _take_the_pen(connection: Connection) -> None:
    """Ask for the right to write: a full, locked or read-only store refuses it."""
    from sqlalchemy import update  # noqa: PLC0415 -- SQLAlchemy is heavy to import

    from switchhook.store.tables import organizations  # noqa: PLC0415 -- so is what needs it

    nobody = organizations.c.id == ""
    connection.execute(update(organizations).where(nobody).values(name=""))

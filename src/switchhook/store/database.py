"""One door to SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class Database:
    """Runs a function with a connection, in one transaction, away from the loop."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run the work in a transaction that commits when it returns."""
        raise NotImplementedError

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run the work on a consistent view of the store."""
        raise NotImplementedError

"""Tables, queries and migrations, the same on SQLite and PostgreSQL.

SQLAlchemy is heavy, so the modules are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from switchhook.store import (
        accounts,
        agents,
        attempts,
        calls,
        connections,
        finishing,
        gate,
        log,
        numbers,
        requests,
        schema,
        tables,
    )

__all__ = [
    "accounts",
    "agents",
    "attempts",
    "calls",
    "connections",
    "finishing",
    "gate",
    "log",
    "numbers",
    "requests",
    "schema",
    "tables",
]


def __getattr__(name: str) -> Any:
    """Import a module of the store when somebody names it."""
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(name)

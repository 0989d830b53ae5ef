"""The live calls of this process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from switchhook.ports import LiveCall


class Switchboard:
    """Finds a live call by its id."""

    def __init__(self) -> None:
        self._calls: dict[str, LiveCall] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def find(self, call_id: str) -> LiveCall | None:
        """Return the call if this process runs it."""
        return self._calls.get(call_id)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all live calls."""
        return tuple(self._calls)

    @contextmanager
    def plugged(self, call_id: str, call: LiveCall) -> Generator[None]:
        """Keep the call findable for as long as the context lasts."""
        self._calls[call_id] = call
        try:
            yield
        finally:
            del self._calls[call_id]

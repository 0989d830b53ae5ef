"""Keeps every call away from a provider that fails all the time.

    closed ──5 failures in 60 s──► open ──30 s──► half open: one attempt is let through
       ▲                            ▲                 │ failed     │ worked
       │                            └─────────────────┘            │
       └───────────────────────────────────────────────────────────┘

Who asks meanwhile is refused at once, so that the stand-in answers without anybody waiting.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from switchhook.domain.errors import Unavailable
from switchhook.ports import Clock

FAILURES = 5
WITHIN = 60.0
OPEN_FOR = 30.0

Port = Literal["ears", "mind", "voice"]


class Stand(StrEnum):
    """Whether a provider is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class Breaker:
    """One provider's."""

    name: str
    clock: Clock
    _failures: deque[float] = field(default_factory=lambda: deque[float](maxlen=FAILURES))
    _opened_at: float | None = None
    _trying: bool = False

    @property
    def stand(self) -> Stand:
        """Whether the provider is asked now."""
        if self._opened_at is None:
            return Stand.CLOSED
        rested = self.clock.monotonic() - self._opened_at >= OPEN_FOR
        return Stand.HALF_OPEN if rested else Stand.OPEN

    @contextmanager
    def trying(self) -> Generator[None]:
        """Let an attempt through and learn from it, or raise Unavailable."""
        stand = self.stand
        if stand is Stand.OPEN or (stand is Stand.HALF_OPEN and self._trying):
            raise Unavailable(
                f"{self.name} has failed too often and is left alone for a while",
                hint="see get_status; it is tried again by itself",
                retry_after=round(OPEN_FOR),
            )
        self._trying = stand is Stand.HALF_OPEN
        try:
            yield
        except Exception:
            self._failed()
            raise
        else:
            self._worked(stand)
        finally:
            self._trying = False

    def _failed(self) -> None:
        now = self.clock.monotonic()
        self._failures.append(now)
        many = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN
        if many or self._opened_at is not None:
            self._opened_at = now

    def _worked(self, stand: Stand) -> None:
        if stand is Stand.HALF_OPEN:
            self._opened_at = None
            self._failures.clear()


@dataclass(slots=True)
class Breakers:
    """Those of all providers that were ever asked; every call of a process shares them."""

    clock: Clock
    _known: dict[tuple[Port, str], Breaker] = field(default_factory=dict[tuple[Port, str], Breaker])

    def of(self, port: Port, name: str) -> Breaker:
        """Return the one of a provider."""
        fresh = Breaker(f"the {port} {name!r}", self.clock)
        return self._known.setdefault((port, name), fresh)

    def stands(self) -> list[dict[str, str]]:
        """Return how every provider stands."""
        return [
            {"port": port, "name": name, "breaker": self._known[port, name].stand.value}
            for port, name in sorted(self._known)
        ]

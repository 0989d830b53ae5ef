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

Port = Literal["duplex", "ears", "mind", "voice"]


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
    _trying: Attempt | None = None

    @property
    def stand(self) -> Stand:
        """Whether the provider is asked now."""
        if self._opened_at is None:
            return Stand.CLOSED
        rested = self.clock.monotonic() - self._opened_at >= OPEN_FOR
        return Stand.HALF_OPEN if rested else Stand.OPEN

    @property
    def rests(self) -> bool:
        """Whether nobody should ask the provider now."""
        stand = self.stand
        return stand is Stand.OPEN or (stand is Stand.HALF_OPEN and self._trying is not None)

    @contextmanager
    def trying(self) -> Generator[None]:
        """Let an attempt through and learn from it, or raise Unavailable."""
        if self.rests:
            raise Unavailable(
                f"{self.name} has failed too often and is left alone for a while",
                hint="see get_status; it is tried again by itself",
                retry_after=round(OPEN_FOR),
            )
        attempt = self.attempt()
        try:
            yield
        except Exception:
            attempt.failed()
            raise
        else:
            attempt.worked()
        finally:
            attempt.over()

    def attempt(self) -> Attempt:
        """Return an attempt that begins now, whatever the stand, and lasts as long as it may."""
        attempt = Attempt(self)
        if self.stand is Stand.HALF_OPEN:
            self._trying = attempt
        return attempt

    def failed(self, attempt: Attempt) -> None:
        """Learn that an attempt has failed."""
        self.over(attempt)
        now = self.clock.monotonic()
        self._failures.append(now)
        many = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN
        if many or self._opened_at is not None:
            self._opened_at = now

    def worked(self, attempt: Attempt) -> None:
        """Learn that an attempt has worked; after a rest that forgives everything."""
        if self._trying is attempt:
            self._trying = self._opened_at = None
            self._failures.clear()

    def over(self, attempt: Attempt) -> None:
        """Learn that an attempt was given up, which tells nothing."""
        if self._trying is attempt:
            self._trying = None


@dataclass(eq=False, slots=True)
class Attempt:
    """One attempt at a provider, which fails once at the most."""

    breaker: Breaker
    _failed: bool = False

    def failed(self) -> None:
        """Tell that it has failed."""
        if not self._failed:
            self._failed = True
            self.breaker.failed(self)

    def worked(self) -> None:
        """Tell that it has worked, so far."""
        self.breaker.worked(self)

    def over(self) -> None:
        """Tell that it is over, whatever came of it."""
        self.breaker.over(self)


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

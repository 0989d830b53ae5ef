"""Who is asking, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from switchhook.domain.errors import NotAllowed


class Scope(StrEnum):
    """What a key may be good for."""

    CALLS_CREATE = "calls:create"
    CALLS_READ = "calls:read"
    AGENTS_WRITE = "agents:write"
    RECORDINGS_READ = "recordings:read"
    NUMBERS_WRITE = "numbers:write"
    ADMIN = "admin"


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Principal:
    """The account behind a request; without a key it is the owner of this machine."""

    org_id: str
    key_id: str | None = None
    scopes: frozenset[Scope] = ALL_SCOPES

    def need(self, scope: Scope) -> None:
        """Let the holder of the scope pass; `admin` includes every other scope."""
        if scope not in self.scopes and Scope.ADMIN not in self.scopes:
            raise NotAllowed(
                f"this key lacks the scope {scope.value!r}",
                hint=f"create a key with it: switchhook keys create --scope {scope.value}",
            )


class Recent:
    """Who was recognised a moment ago, by key and hash of the secret; a revocation clears it.

    Another process's revocation is noticed when the moment is over.
    """

    def __init__(self, seconds: float = 0.5, size: int = 1024) -> None:
        self._seconds = seconds
        self._size = size
        self._known: dict[tuple[str, str], tuple[Principal, float]] = {}

    def find(self, pair: tuple[str, str], moment: float) -> Principal | None:
        """Return whom the pair belonged to a moment ago."""
        principal, until = self._known.get(pair, (None, 0.0))
        return principal if moment < until else None

    def keep(self, pair: tuple[str, str], principal: Principal, moment: float) -> None:
        """Remember a pair that is good now."""
        if len(self._known) >= self._size:
            self._known.clear()
        self._known[pair] = (principal, moment + self._seconds)

    def clear(self) -> None:
        """Forget everybody."""
        self._known.clear()

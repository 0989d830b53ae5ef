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

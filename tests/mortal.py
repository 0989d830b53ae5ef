"""A process that dies: before or after any step, and whatever it still tries is in vain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from switchhook.store.database import Database

T = TypeVar("T")


@dataclass
class Death:
    """Comes at the given moment; there is one before and one after each step."""

    at: int
    moments: int = 0
    happened: bool = False

    def passes(self) -> bool:
        """Tell whether the process still lives, one moment later."""
        self.moments += 1
        self.happened = self.happened or self.moments > self.at
        return not self.happened

    async def around(self, step: Callable[[], Awaitable[T]], failure: Exception) -> T:
        if not self.passes():
            raise failure
        result = await step()
        if not self.passes():
            raise failure
        return result


class MortalStore(Database):
    """A store that a dead process cannot write to."""

    death = Death(at=10_000)

    async def write(
        self, work: Callable[[Connection], T], *, then: Callable[[T], None] | None = None
    ) -> T:
        step = super().write
        return await self.death.around(lambda: step(work, then=then), OSError("dead"))

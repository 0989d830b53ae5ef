"""Work for a store that has one writer: what has gathered meanwhile is committed together.

A commit waits for the disk, so under load one commit carries many pieces of work. Each piece
still succeeds or fails alone, and is told done only after the commit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")
Work = Callable[["Connection"], Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a piece of work."""

    result: Any = None
    error: Exception | None = None


class Batches:
    """Hands whatever waits to the writer's thread, a batch at a time."""

    def __init__(
        self, writer: Executor, run: Callable[[Sequence[Work]], list[Done]], *, most: int
    ) -> None:
        self._writer = writer
        self._run = run
        self._most = most
        self._waiting: deque[tuple[Work, Future[Any]]] = deque()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """Queue a piece of work and return its future."""
        future: Future[T] = Future()
        self._waiting.append((work, future))
        self._writer.submit(self._drain)
        return future

    def _drain(self) -> None:
        """Run one batch; of a submission whose work went with an earlier batch nothing is left."""
        batch: list[tuple[Work, Future[Any]]] = []
        while self._waiting and len(batch) < self._most:
            work, future = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                batch.append((work, future))
        if not batch:
            return
        try:
            outcomes = self._run([work for work, _ in batch])
        except Exception as failed:  # noqa: BLE001 - it belongs to whoever waits for the work
            outcomes = [Done(error=failed)] * len(batch)
        for (_, future), done in zip(batch, outcomes, strict=True):
            if done.error is None:
                future.set_result(done.result)
            else:
                future.set_exception(done.error)

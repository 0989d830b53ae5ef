"""The thread in which batches are judged."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np
import structlog

from switchhook.audio.activity import Patience
from switchhook.providers.silero.batch import Batch, Listener, Seat, Work
from switchhook.providers.silero.model import Floats, Scorer

log = structlog.get_logger(__name__)


class Detector:
    """Listens to all calls of an event loop; `tick` it every 10 or 20 ms, close it at the end.

    All methods belong to the loop's thread, and so do the listeners' calls. While a batch is being
    judged, windows gather for the next one, which begins as soon as the first is done.
    """

    def __init__(self, scorer: Scorer, patience: Patience | None = None) -> None:
        self._scorer = scorer
        self._batch = Batch(patience)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="silero")
        self._busy = self._closed = False

    def __enter__(self) -> Self:
        """Return the detector itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the thread, once the batch under way is done; nobody is told of it."""
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)

    def attach(self, listener: Listener) -> Seat:
        """Begin to listen to a call."""
        return self._batch.attach(listener)

    def detach(self, seat: Seat) -> None:
        """Cease to listen to a call, at once."""
        self._batch.detach(seat)

    def feed(self, seat: Seat, ulaw: bytes) -> None:
        """Take mu-law of a call."""
        self._batch.feed(seat, ulaw)

    def tick(self) -> None:
        """Have the windows judged that wait, unless a batch is under way."""
        if self._busy or self._closed:
            return
        work = self._batch.collect()
        if work is None:
            return
        self._busy = True
        loop = asyncio.get_running_loop()
        judged = self._thread.submit(lambda: self._scorer.score(work.inputs(), work.state))
        # Called in the thread, or at once where the batch is done already.
        judged.add_done_callback(lambda _: loop.call_soon_threadsafe(self._finish, work, judged))

    def _finish(self, work: Work, judged: Future[tuple[Floats, Floats]]) -> None:
        self._busy = False
        if self._closed:
            return
        self._batch.finish(work, *self._found(work, judged))
        if self._batch.behind:
            self.tick()

    def _found(self, work: Work, judged: Future[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
        """Return what the batch found, or that nobody speaks where the model failed."""
        error = judged.exception()
        if error is None:
            return judged.result()
        log.error("the speech model failed", exc_info=error)
        return np.zeros(len(work.seats), np.float32), np.zeros_like(work.state)

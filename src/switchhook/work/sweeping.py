"""Sweeping: what a carrier has on the line although the call is over for us is hung up.

A process may die between any two steps of a call, and a request to hang up may fail. So the
carrier's own books are compared with ours, at the start, once a minute, and when a callback tells
of a call that nobody runs. Calls that are not ours are left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress

import structlog

from switchhook.ports import Books
from switchhook.service import reconciling
from switchhook.service.exchange import Exchange

PAUSE = 60.0
"""Seconds between two sweeps."""
BREATH = 2.0
"""Seconds after a sweep in which no other one begins, whoever asks for it."""

_log = structlog.get_logger(__name__)


class Sweeping:
    """Compares the books of carriers with ours, again and again."""

    def __init__(self, exchange: Exchange, books: Mapping[str, Books]) -> None:
        self._exchange = exchange
        self._books = books
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        """Sweep soon; never blocks."""
        self._wanted.set()

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Sweeping]:
        """Sweep for as long as the context lasts."""
        async with asyncio.TaskGroup() as group:
            sweeping = group.create_task(self._run())
            yield self
            sweeping.cancel()

    async def sweep(self) -> None:
        """Compare the books of all carriers, once."""
        for carrier, books in self._books.items():
            try:
                await self._compare(carrier, books)
            except Exception:  # noqa: BLE001 - whatever one carrier does, the next sweep comes
                _log.exception("sweep_failed", carrier=carrier)

    async def _run(self) -> None:
        while True:
            self._wanted.clear()
            await self.sweep()
            await asyncio.sleep(BREATH)
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await self._wanted.wait()

    async def _compare(self, carrier: str, books: Books) -> None:
        unwanted: set[str] = set()
        for doubt in await reconciling.doubts(self._exchange, carrier):
            booked = await books.find(doubt.to_number, doubt.from_number)
            unwanted |= await reconciling.settle(self._exchange, carrier, doubt, booked)
        live = await books.live()
        unwanted |= await reconciling.left_over(self._exchange, carrier, live)
        for ref in sorted(unwanted):
            _log.warning("orphan_call", carrier=carrier, carrier_ref=ref)
            await books.end(ref)

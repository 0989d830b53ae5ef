"""Our whole engine behind a media socket, with services that cost nothing: `python -m
tests.bench.load_server --port 9160 [--vad silero] [--record DIRECTORY]`.

Each connection to `/ws` is a call: the turns, the ledger, the transcript, the latency book and the
pacing are the real ones. The ears have a transcript 50 ms after the detector says that the caller
stopped, the mind answers with ten words at once, and the voice has two seconds of speech at once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from switchhook.domain.interaction import CallOptions
from switchhook.faces.http.sockets import WebSocket
from switchhook.providers.twilio.line import MediaLine
from switchhook.providers.twilio.media import LONGEST
from switchhook.providers.twilio.routes import Asgi, greeted
from switchhook.runtime.booth import booth
from switchhook.runtime.breaker import Breakers
from switchhook.runtime.call import RunningCall
from switchhook.runtime.casting import Troupe
from switchhook.runtime.clock import SystemClock
from switchhook.runtime.studio import Studio
from switchhook.runtime.ticker import Ticker
from tests.bench import load_fakes


@dataclass(frozen=True, slots=True)
class Door:
    """Lets everybody in, without a token: this server is nobody's but the generator's."""

    studio: Studio
    troupe: Troupe
    journals: load_fakes.Journals
    record: bool
    numbers: itertools.count[int]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        socket = Asgi(receive, send)
        start = await greeted(socket)
        if start is None:
            return
        line = MediaLine(start, socket)
        call = load_fakes.call(next(self.numbers), CallOptions(record=self.record))
        ear = load_fakes.Ear(self.studio.clock, self.studio.detector)
        studio = replace(self.studio, casting=replace(self.troupe, ears=ear), detector=ear.detect)
        with self.journals.kept(call):
            async with booth(call, studio) as own, asyncio.TaskGroup() as group:
                group.create_task(_held(RunningCall(line, own), line))
                await line.serve()


async def _held(running: RunningCall, line: MediaLine) -> None:
    try:
        await running.run()
    finally:
        line.close()


async def serve(port: int, vad: str, recordings: Path | None) -> None:
    """Serve until the process is told to end."""
    clock = SystemClock()
    ticker = Ticker(clock)
    with ExitStack() as stack:
        detector = load_fakes.detector(stack, vad, ticker)
        nobody = load_fakes.Ear(clock, detector)
        journals = load_fakes.Journals()
        folder = recordings or Path("recordings")
        troupe = Troupe(nobody, load_fakes.ReplyVoice(), {"assistant": load_fakes.TenWords()})
        studio = Studio(
            clock,
            ticker,
            troupe,
            journals,
            folder,
            detector,
            breakers=Breakers(clock),
        )
        door = Door(studio, troupe, journals, recordings is not None, itertools.count(1))
        async with asyncio.TaskGroup() as group:
            beating = group.create_task(ticker.run())
            await _serve(port, door)
            beating.cancel()


async def _serve(port: int, door: Callable[..., object]) -> None:
    config = uvicorn.Config(
        Starlette(routes=[WebSocketRoute("/ws", door)]),
        port=port,
        ws=WebSocket,
        ws_per_message_deflate=False,
        ws_max_size=LONGEST,
        log_level="warning",
        lifespan="off",
        loop="none",
        timeout_graceful_shutdown=2,
    )
    gc.collect()
    gc.freeze()
    await uvicorn.Server(config).serve()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9160)
    parser.add_argument("--vad", choices=["built-in", "silero"], default="built-in")
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    uvloop.run(serve(given.port, given.vad, given.record))


if __name__ == "__main__":
    main()

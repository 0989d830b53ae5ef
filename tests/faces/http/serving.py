"""A server process for tests that need a real socket or a real signal."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from switchhook.faces.http.limits import BodyLimits
from switchhook.faces.http.server import Listening, Moments, serve


@dataclass
class Telling:
    """An application that tells on stdout what happens to it; `/end` ends its only call."""

    live: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    draining: bool = False

    def drain(self) -> None:
        self.draining = True
        tell("draining")

    async def drained(self) -> None:
        await self.live.wait()
        tell("drained")

    def close(self) -> None:
        self.closing.set()
        tell("closing")

    async def ready(self, _request: Request) -> Response:
        return PlainTextResponse("draining" if self.draining else "ok")

    async def end(self, request: Request) -> Response:
        await request.body()
        self.live.set()
        return PlainTextResponse("ended")

    async def stream(self, _request: Request) -> Response:
        async def pings() -> AsyncGenerator[bytes]:
            yield b": ping\n\n"
            await self.closing.wait()

        return StreamingResponse(pings(), media_type="text/event-stream")


def tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(arguments: argparse.Namespace) -> None:
    telling = Telling()
    app = Starlette(
        routes=[
            Route("/ready", telling.ready),
            Route("/end", telling.end, methods=["POST"]),
            Route("/stream", telling.stream),
        ]
    )
    listening = Listening(
        port=0, header_seconds=arguments.header, drain_seconds=arguments.drain, connections=8
    )
    moments = Moments(
        bound=lambda port: tell(f"bound {port}"),
        draining=telling.drain,
        drained=telling.drained,
        closing=telling.close,
    )
    try:
        await serve(BodyLimits(app), listening, moments)
    finally:
        tell("left")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--header", type=float, default=10.0)
    parser.add_argument("--drain", type=float, default=30.0)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(main(parser.parse_args()))

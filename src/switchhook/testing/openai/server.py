"""OpenAI on 127.0.0.1: minds, ears, a voice and conversations by speech, all of them scripted.

    fake = FakeOpenAI(brain=when({"table": "For how many?", "four": [Acts("book", "{}")]}))
    async with fake.serving() as base_url:
        ...

What was asked is kept in `requests` and `received`, what was answered in `sent`. Things go wrong
as the `mishaps` say: the first request or socket meets the first of them, and so on.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from switchhook.testing.doors import local_door
from switchhook.testing.faults import FOREVER
from switchhook.testing.openai import chat, responses, speech
from switchhook.testing.openai.brain import Brain, when
from switchhook.testing.openai.chat import Quirk
from switchhook.testing.openai.listening import DETECTIONS, Scribe
from switchhook.testing.openai.mishaps import NONE, Mishap, refusal
from switchhook.testing.openai.realtime import Conversation
from switchhook.testing.openai.responses import Broken, Json

CHUNK = 4001
"""Bytes of speech in a piece: odd, so that samples are cut."""

_EPOCH = 1795000000
_CLOSING_SECONDS = 0.5


@dataclass(slots=True)
class FakeOpenAI:
    """The vendor, for tests; it knows one key, or wants none, and every model."""

    brain: Brain = field(default_factory=lambda: when({}))
    scribe: Scribe = field(default_factory=Scribe)
    key: str = "sk-test"
    models: dict[str, str | None] = field(default_factory=lambda: {"gpt-6-luna": None})
    """Those it lists, with the day on which each ends; it knows all others as well."""
    mishaps: list[Mishap] = field(default_factory=list[Mishap])
    quirks: frozenset[Quirk] = frozenset()
    pace: float = 0.0
    """Seconds between pieces of speech."""
    finds_turns_by: Collection[str] = DETECTIONS
    lingers: float = 0.0
    """Seconds for which an answer that was cancelled still comes."""
    lasts: float = 3600.0
    """Seconds after which a session is closed."""
    refuses: str = ""
    """A kind of message that a session does not accept."""
    requests: list[tuple[str, Json]] = field(default_factory=list[tuple[str, Json]])
    connections: set[int] = field(default_factory=set[int])
    """The ports that requests came from, one for every connection."""
    received: list[Json] = field(default_factory=list[Json])
    sent: list[Json] = field(default_factory=list[Json])
    live: int = 0
    """Streams and sockets that are open now."""

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str]:
        """Serve on a free port, and return the base URL."""
        with local_door() as door:
            config = uvicorn.Config(
                self.app(),
                ws="websockets-sansio",
                lifespan="off",
                log_level="critical",
                timeout_keep_alive=600,
            )
            config.load()
            server = uvicorn.Server(config)
            server.lifespan = config.lifespan_class(config)
            await server.startup(sockets=[door])
            try:
                yield f"http://127.0.0.1:{door.getsockname()[1]}/v1"
            finally:
                config.timeout_graceful_shutdown = 0
                await server.shutdown(sockets=[door])
                # What hung was cancelled, and takes a moment to end.
                await asyncio.sleep(0)

    def app(self) -> Starlette:
        """Return the vendor as an application."""
        return Starlette(
            routes=[
                Route("/v1/models", self._models),
                Route("/v1/models/{model}", self._model),
                Route("/v1/responses", self._responses, methods=["POST"]),
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/audio/speech", self._speech, methods=["POST"]),
                WebSocketRoute("/v1/realtime", self._realtime),
            ]
        )

    # ---- requests -------------------------------------------------------------------------------

    async def _models(self, request: Request) -> Response:
        mishap = await self._met(request.headers.get("authorization"))
        if mishap.status:
            return JSONResponse(refusal(mishap), mishap.status)
        facts = {"object": "model", "created": 1, "owned_by": "openai"}
        models = [{"id": name, "shutdown_date": day, **facts} for name, day in self.models.items()]
        return JSONResponse({"object": "list", "data": models})

    async def _model(self, request: Request) -> Response:
        mishap = await self._met(request.headers.get("authorization"))
        if mishap.status:
            return JSONResponse(refusal(mishap), mishap.status)
        model = request.path_params["model"]
        return JSONResponse({"id": model, "object": "model", "created": 1, "owned_by": "openai"})

    async def _responses(self, request: Request) -> Response:
        body, mishap = await self._asked(request)
        if mishap.status:
            return JSONResponse(refusal(mishap), mishap.status)
        stream = responses.Stream(body, len(self.requests))
        reply = self.brain(responses.asked(body))
        if not body.get("stream"):
            events = [event async for event in stream.events(reply)]
            return JSONResponse(events[-1]["response"])
        return _Streamed(self, self._lines(stream.events(reply), named=True), mishap)

    async def _chat(self, request: Request) -> Response:
        body, mishap = await self._asked(request)
        if mishap.status:
            return JSONResponse(refusal(mishap), mishap.status)
        stream = chat.Stream(body, len(self.requests), self.quirks)
        chunks = stream.chunks(self.brain(chat.asked(body)))
        return _Streamed(self, self._lines(chunks, named=False), mishap)

    async def _speech(self, request: Request) -> Response:
        body, mishap = await self._asked(request)
        if mishap.status:
            return JSONResponse(refusal(mishap), mishap.status)
        return _Streamed(self, self._spoken(body), mishap, "audio/pcm")

    async def _asked(self, request: Request) -> tuple[Json, Mishap]:
        body: Json = await request.json()
        if request.client is not None:
            self.connections.add(request.client.port)
        self.requests.append((request.url.path.removeprefix("/v1"), body))
        return body, await self._met(request.headers.get("authorization"))

    async def _met(self, authorization: str | None) -> Mishap:
        if authorization != (f"Bearer {self.key}" if self.key else None):
            return Mishap(status=401)
        mishap = self.mishaps.pop(0) if self.mishaps else NONE
        await asyncio.sleep(mishap.wait)
        return mishap

    async def _lines(self, events: AsyncIterator[Json], *, named: bool) -> AsyncIterator[bytes]:
        async for event in events:
            self.sent.append(event)
            name = f"event: {event['type']}\n" if named else ""
            if Quirk.COMMENTS in self.quirks:
                name = f": keepalive\n\n{name}"
            yield f"{name}data: {json.dumps(event)}\n\n".encode()
        if not named and Quirk.NO_DONE not in self.quirks:
            yield b"data: [DONE]\n\n"

    async def _spoken(self, body: Json) -> AsyncIterator[bytes]:
        audio = speech.pcm(body["input"], float(body.get("speed", 1.0)))
        for at in range(0, len(audio), CHUNK):
            yield audio[at : at + CHUNK]
            await asyncio.sleep(self.pace)

    # ---- sockets --------------------------------------------------------------------------------

    async def _realtime(self, websocket: WebSocket) -> None:
        mishap = await self._met(websocket.headers.get("authorization"))
        if mishap.status:
            answer = JSONResponse(refusal(mishap), mishap.status)
            await websocket.send_denial_response(answer)
            return
        await websocket.accept()
        self.live += 1
        try:
            await _Socket(self, websocket, mishap).run()
        finally:
            self.live -= 1


class _Streamed(Response):
    """A body that comes piece by piece, as far as the mishap lets it."""

    def __init__(
        self,
        fake: FakeOpenAI,
        pieces: AsyncIterator[bytes],
        mishap: Mishap,
        media_type: str = "text/event-stream",
    ) -> None:
        super().__init__(media_type=media_type)
        del self.headers["content-length"]
        self._fake, self._pieces, self._mishap = fake, pieces, mishap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end, the mishap, or until nobody listens any more."""
        del scope
        self._fake.live += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._send(send))
                leaving = tasks.create_task(_left(receive, sending.cancel))
                sending.add_done_callback(lambda _: leaving.cancel())
        finally:
            self._fake.live -= 1

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        count = 0
        with suppress(Broken):
            async for piece in self._pieces:
                if count == self._mishap.cut_after:
                    return
                if count == self._mishap.hang_after:
                    await asyncio.sleep(FOREVER)
                if count == self._mishap.garbage_after:
                    piece = b'data: {"type": "resp\n\n' + piece  # noqa: PLW2901 - the garbage goes first
                count += 1
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive, then: Callable[[], object]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    then()


class _Socket:
    """One realtime session over its socket."""

    def __init__(self, fake: FakeOpenAI, websocket: WebSocket, mishap: Mishap) -> None:
        self._fake, self._websocket, self._mishap = fake, websocket, mishap
        self._out: asyncio.Queue[Json] = asyncio.Queue()
        self._count = 0

    async def run(self) -> None:
        """Serve until either side closes, the mishap strikes or the session is too old."""
        transcription = self._websocket.query_params.get("intent") == "transcription"
        with suppress(ExceptionGroup, WebSocketDisconnect, Broken):
            async with asyncio.TaskGroup() as tasks:
                conversation = Conversation(
                    self._fake.brain,
                    self._fake.scribe,
                    self._out.put_nowait,
                    tasks,
                    pace=self._fake.pace,
                    transcription=transcription,
                )
                conversation.lingers = self._fake.lingers
                conversation.ear.finds_turns_by = self._fake.finds_turns_by
                conversation.open(_EPOCH + int(self._fake.lasts))
                tasks.create_task(self._send())
                try:
                    async with asyncio.timeout(self._fake.lasts):
                        await self._receive(conversation)
                except TimeoutError:
                    conversation.expire()
                    await asyncio.sleep(_CLOSING_SECONDS)
                    await self._websocket.close(1001, "maximum duration of 60 minutes")
                    raise Broken from None

    async def _receive(self, conversation: Conversation) -> None:
        while True:
            message: Json = json.loads(await self._websocket.receive_text())
            self._fake.received.append(message)
            if message["type"] == self._fake.refuses:
                conversation.refuse(message)
            else:
                conversation.feed(message)

    async def _send(self) -> None:
        while True:
            event = await self._out.get()
            if self._count == self._mishap.cut_after:
                await self._websocket.close(self._mishap.close_code or 1011)
                raise Broken
            if self._count == self._mishap.hang_after:
                await asyncio.sleep(FOREVER)
            if self._count == self._mishap.garbage_after:
                await self._websocket.send_text('{"type": "response.outp')
            self._count += 1
            self._fake.sent.append(event)
            await self._websocket.send_text(json.dumps(event, separators=(",", ":")))

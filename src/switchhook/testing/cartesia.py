"""Cartesia on 127.0.0.1: a context for every utterance, and the time of every word.

    fake = FakeCartesia()
    async with fake.reception.serving() as url:
        voice = CartesiaVoice(fake.key, clock, Random(1), url=url)

It murmurs as the plain voice does, so that what is said when is known exactly.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import NoReturn

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from switchhook.testing.vendors import Json, Left, Reception, Visit
from switchhook.testing.voices import murmured

OUTPUT = {"container": "raw", "encoding": "pcm_mulaw", "sample_rate": 8000}

_PATH = "/tts/websocket"


@dataclass(slots=True)
class FakeCartesia:
    """The vendor, for tests; it knows one key, and every voice but the `missing` ones."""

    key: str = "sk_car_test"
    missing: frozenset[str] = frozenset()
    contexts: int = 5
    """How many utterances it makes at the same time."""
    chunk: int = 4001
    """Bytes of audio in a message: odd, so that frames are cut."""
    pace: float = 0.0
    """Seconds between one message of an utterance and the next."""
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        self.reception = Reception(self._serve, self._refuses, "/voices")

    def _refuses(self, request: Request) -> tuple[int, str] | None:
        if request.path.startswith(self.reception.page):
            known = request.headers.get("Authorization") == f"Bearer {self.key}"
            return None if known else (401, "Invalid API key")
        if request.headers.get("X-API-Key") != self.key:
            return 401, "Invalid API key"
        if request.path != _PATH or "Cartesia-Version" not in request.headers:
            return 400, "a version is required"
        return None

    async def _serve(self, visit: Visit) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                await self._attend(visit, group)
        except* (Left, ConnectionClosed):
            pass

    async def _attend(self, visit: Visit, group: asyncio.TaskGroup) -> NoReturn:
        making: dict[str, asyncio.Task[None]] = {}
        while not isinstance(message := await visit.receive(), bytes):
            name: str = message["context_id"]
            if message.get("cancel"):
                if name in making:
                    making[name].cancel()
            elif (error := self._error(message, making)) is not None:
                await visit.send(error | {"context_id": name})
            else:
                making[name] = group.create_task(self._make(visit, message))
        raise Left

    def _error(self, message: Json, making: dict[str, asyncio.Task[None]]) -> Json | None:
        if message["output_format"] != OUTPUT:
            return _failed(400, "invalid_output_format", "Invalid output format")
        if message["voice"]["id"] in self.missing:
            return _failed(404, "voice_not_found", "Voice not found")
        if sum(not task.done() for task in making.values()) >= self.contexts:
            return _failed(429, "concurrency_limited", "Too many concurrent requests")
        return None

    async def _make(self, visit: Visit, message: Json) -> None:
        name = {"context_id": message["context_id"], "status_code": 206}
        speech = murmured(message["transcript"])
        audio = b"".join(frame.audio for frame in speech.frames)
        for at in range(0, len(audio), self.chunk):
            await asyncio.sleep(self.pace)
            encoded = base64.b64encode(audio[at : at + self.chunk]).decode()
            await visit.send({"type": "chunk", "data": encoded, "done": False, **name})
            begin, end = at // 8, (at + self.chunk) // 8
            inside = [word for word in speech.words if begin <= word.start_ms < end]
            if inside:
                # They come after the audio that they are about.
                told = {
                    "words": [word.text for word in inside],
                    "start": [word.start_ms / 1000 for word in inside],
                    "end": [word.end_ms / 1000 for word in inside],
                }
                kind = {"type": "timestamps", "done": False}
                await visit.send({**kind, "word_timestamps": told, **name})
        await visit.send({"type": "done", "done": True, **name})


def _failed(status: int, code: str, title: str) -> Json:
    told = {"error_code": code, "title": title, "message": f"{title}.", "request_id": "r1"}
    return {"type": "error", "done": True, "status_code": status, **told}

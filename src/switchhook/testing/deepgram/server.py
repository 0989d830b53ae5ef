"""Deepgram on 127.0.0.1: ears by segments or turns, and a voice that does not time its words.

    fake = FakeDeepgram(texts=["I need to move my appointment.", "Tuesday."])
    async with fake.reception.serving() as url:
        ears = DeepgramEars(fake.key, clock, url=url)

The first sound between silences is the first of the texts, and so on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from switchhook.testing.deepgram.listening import Segments, Turns
from switchhook.testing.vendors import Json, Left, Reception, Visit
from switchhook.testing.voices import murmured

PATIENCE_SECONDS = 10.0

_MODELS = {
    "/v1/listen": ("nova-2", "nova-3"),
    "/v2/listen": ("flux-general-en", "flux-general-multi"),
    "/v1/speak": ("aura-2-",),
}
_GOODBYES: tuple[Json | bytes, ...] = (b"", {"type": "CloseStream"}, {"type": "Close"})
_LANGUAGES = frozenset({"en", "es", "de", "hi", "pt", "fr", "nl", "id", "it", "ja", "ko", "multi"})
_SPOKEN = frozenset({"en", "es", "de", "fr", "nl", "it", "ja"})


@dataclass(slots=True)
class FakeDeepgram:
    """The vendor, for tests; it knows one key."""

    texts: list[str] = field(default_factory=list[str])
    key: str = "dg-test"
    chunk: int = 4001
    """Bytes of audio in a message of the voice: odd, so that frames are cut."""
    pace: float = 0.0
    """Seconds between one such message and the next."""
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        self.reception = Reception(self._serve, self._refuses, "/v1/auth/token")

    def _refuses(self, request: Request) -> tuple[int, str] | None:
        if request.headers.get("Authorization") != f"Token {self.key}":
            return 401, "Invalid credentials."
        parts = urlsplit(request.path)
        known = parts.path == self.reception.page
        return None if known else self._mistake(parts.path, parse_qs(parts.query))

    def _mistake(self, path: str, query: dict[str, list[str]]) -> tuple[int, str] | None:
        model = query["model"][0]
        if not model.startswith(_MODELS.get(path, ())):
            return 400, "No such model/language/tier combination found."
        if path == "/v1/speak" and model.rpartition("-")[2] not in _SPOKEN:
            return 400, "No such model/language/version combination found."
        if query.get("language", ["en"])[0] not in _LANGUAGES:
            return 400, "No such model/language/tier combination found."
        if (query["encoding"], query["sample_rate"]) != (["mulaw"], ["8000"]):
            return 400, "Unsupported audio encoding."
        return None

    async def _serve(self, visit: Visit) -> None:
        match visit.path:
            case "/v1/listen":
                pause_ms = int(visit.query.get("endpointing", ["10"])[0])
                await self._hear(visit, Segments(self.texts, pause_ms))
            case "/v2/listen":
                eager = "eager_eot_threshold" in visit.query
                turns = Turns(self.texts, eager=eager)
                await visit.send(turns.connected())
                await self._hear(visit, turns)
            case _:
                await _Mouth(visit, self.chunk, self.pace).run()

    async def _hear(self, visit: Visit, ear: Segments | Turns) -> None:
        try:
            while (message := await visit.receive(PATIENCE_SECONDS)) not in _GOODBYES:
                for news in _news(ear, message):
                    await visit.send(news)
        except TimeoutError:
            told = "Deepgram did not receive audio data or a text message within the timeout window"
            await visit.close(1011, f"{told}. NET-0001")
        if isinstance(ear, Segments):
            await visit.send(ear.metadata())
        await visit.close()


class _Mouth:
    """One connection of the voice: texts are made on a flush, and forgotten on a clear."""

    def __init__(self, visit: Visit, chunk: int, pace: float) -> None:
        self._visit, self._chunk, self._pace = visit, chunk, pace
        self._sequence = 0

    async def run(self) -> None:
        """Serve until either side closes."""
        try:
            async with asyncio.TaskGroup() as group:
                await self._attend(group)
        except* (Left, ConnectionClosed):
            pass

    async def _attend(self, group: asyncio.TaskGroup) -> NoReturn:
        flushes: asyncio.Queue[str] = asyncio.Queue()
        making = group.create_task(self._make(flushes))
        text = ""
        while (message := await self._visit.receive()) not in _GOODBYES:
            match message:
                case {"type": "Speak", "text": str(more)}:
                    text += more
                case {"type": "Flush"}:
                    flushes.put_nowait(text)
                    text = ""
                case {"type": "Clear"}:
                    making.cancel()
                    flushes = asyncio.Queue()
                    await self._say("Cleared")
                    making = group.create_task(self._make(flushes))
                case _:
                    await self._visit.close(1008, "DATA-0000")
        await self._visit.close()
        raise Left

    async def _make(self, flushes: asyncio.Queue[str]) -> None:
        while True:
            speech = murmured(await flushes.get())
            audio = b"".join(frame.audio for frame in speech.frames)
            for at in range(0, len(audio), self._chunk):
                await asyncio.sleep(self._pace)
                await self._visit.send(audio[at : at + self._chunk])
            await self._say("Flushed")

    async def _say(self, kind: str) -> None:
        self._sequence += 1
        await self._visit.send({"type": kind, "sequence_id": self._sequence})


def _news(ear: Segments | Turns, message: Json | bytes) -> Iterator[Json]:
    if isinstance(message, bytes):
        yield from ear.feed(message)
    elif message == {"type": "Finalize"} and isinstance(ear, Segments):
        yield ear.finalize()

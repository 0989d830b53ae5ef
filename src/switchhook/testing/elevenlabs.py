"""ElevenLabs on 127.0.0.1: many contexts over one socket, and the time of every character.

    fake = FakeElevenLabs()
    async with fake.reception.serving() as url:
        voice = ElevenLabsVoice(fake.key, clock, Random(1), url=url)

It murmurs as the plain voice does, so that what is said when is known exactly, and it is as
strict as the vendor: about first messages, about the number of contexts, about silence.
"""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass, field
from typing import NoReturn

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from switchhook.ports import Speech
from switchhook.testing.vendors import Json, Left, Reception, Visit
from switchhook.testing.voices import murmured

CONTEXTS = 5
PATIENCE_SECONDS = 20.0

_PATH = re.compile(r"/v1/text-to-speech/([^/]+)/multi-stream-input")


@dataclass(slots=True)
class FakeElevenLabs:
    """The vendor, for tests; it knows one key, and every voice but the `missing` ones."""

    key: str = "xi-test"
    missing: frozenset[str] = frozenset()
    chunk: int = 4001
    """Bytes of audio in a message: odd, so that frames are cut."""
    pace: float = 0.0
    """Seconds between one message of an utterance and the next."""
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        self.reception = Reception(self._serve, self._refuses, "/v1/voices")

    def _refuses(self, request: Request) -> tuple[int, str] | None:
        """Let everybody in but to the list of voices: what is wrong is told on the socket."""
        if request.path != self.reception.page:
            return None
        known = request.headers.get("xi-api-key") == self.key
        return None if known else (401, "invalid_api_key")

    async def _serve(self, visit: Visit) -> None:
        match = _PATH.fullmatch(visit.path)
        if visit.headers.get("xi-api-key") != self.key:
            await _end(visit, "invalid_api_key", "Invalid API key")
        elif match is None or match[1] in self.missing:
            await _end(visit, "voice_not_found", "A voice with this voice_id does not exist.")
        else:
            await _Stream(visit, self.chunk, self.pace).run()


class _Stream:
    """One connection and its contexts."""

    def __init__(self, visit: Visit, chunk: int, pace: float) -> None:
        self._visit, self._chunk, self._pace = visit, chunk, pace
        self._contexts: dict[str, asyncio.Queue[str | None]] = {}

    async def run(self) -> None:
        """Serve until either side closes."""
        try:
            async with asyncio.TaskGroup() as group:
                await self._attend(group)
        except* (Left, ConnectionClosed):
            pass

    async def _attend(self, group: asyncio.TaskGroup) -> NoReturn:
        try:
            while True:
                message = await self._visit.receive(PATIENCE_SECONDS)
                if isinstance(message, bytes) or message.get("close_socket"):
                    break
                await self._take(message, group)
        except TimeoutError:
            seconds = f"{PATIENCE_SECONDS:g} seconds"
            told = f"Have not received a new text input within the timeout of {seconds}."
            await _end(self._visit, "input_timeout_exceeded", told)
        await self._visit.close()
        raise Left

    async def _take(self, message: Json, group: asyncio.TaskGroup) -> None:
        name = message.get("context_id")
        if name is None:
            return
        context = self._contexts.get(name)
        if context is None:
            await self._begin(name, message, group)
        elif message.get("close_context"):
            context.put_nowait(None)
        elif message.get("text"):
            context.put_nowait(message["text"])

    async def _begin(self, name: str, message: Json, group: asyncio.TaskGroup) -> None:
        if message.get("text") != " " or "voice_settings" not in message:
            await _end(self._visit, "invalid_input_message", f"{name} was not initialized")
        elif len(self._contexts) == CONTEXTS:
            told = f"Maximum simultaneous contexts per WebSocket connection exceeded ({CONTEXTS})."
            await _end(self._visit, "max_active_conversations", told)
        else:
            self._contexts[name] = asyncio.Queue()
            group.create_task(self._make(name, self._contexts[name]))

    async def _make(self, name: str, texts: asyncio.Queue[str | None]) -> None:
        while (text := await texts.get()) is not None:
            for message in messages(murmured(text), self._chunk):
                await asyncio.sleep(self._pace)
                await self._visit.send(message | {"contextId": name})
        del self._contexts[name]
        await self._visit.send({"isFinal": True, "contextId": name})


def messages(speech: Speech, chunk: int) -> list[Json]:
    """Return an utterance as the vendor sends it; the times of every message begin at zero."""
    audio = b"".join(frame.audio for frame in speech.frames)
    timed = _characters(speech)
    made: list[Json] = []
    for at in range(0, len(audio), chunk):
        begin, end = at // 8, (at + chunk) // 8
        inside = [(c, start, length) for c, start, length in timed if begin <= start < end]
        alignment = {
            "chars": [c for c, _, _ in inside],
            "charStartTimesMs": [start - begin for _, start, _ in inside],
            "charDurationsMs": [length for _, _, length in inside],
        }
        encoded = base64.b64encode(audio[at : at + chunk]).decode()
        told = alignment if inside else None
        made.append({"audio": encoded, "alignment": told, "normalizedAlignment": told})
    return made


def _characters(speech: Speech) -> list[tuple[str, int, int]]:
    timed: list[tuple[str, int, int]] = []
    for word in speech.words:
        each = (word.end_ms - word.start_ms) // len(word.text)
        timed += [(c, word.start_ms + n * each, each) for n, c in enumerate(word.text)]
        timed.append((" ", word.end_ms, 0))
    return timed


async def _end(visit: Visit, error: str, message: str) -> None:
    await visit.send({"message": message, "error": error, "code": 1008})
    await visit.close(1008, message)

"""The carrier's side of a media stream: a socket, a playout clock, and a callee at its end."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from switchhook.audio import g711
from switchhook.audio.tones import KeyEar
from switchhook.ports import FRAME_BYTES, DigitPressed, Frame, LineClosed, LineEvent
from switchhook.testing.inscribed import inscribed
from switchhook.testing.phone_ends import PhoneEnd
from switchhook.testing.twilio.ledger import sid
from switchhook.testing.twilio.signing import signature
from switchhook.testing.twilio.tapes import Tape

_FRAME_S = 0.02
_INTRUDED = 100
"""After how many frames of audio the intrusion comes."""


@dataclass(slots=True)
class FakeStream:
    """One <Stream>: tells the customer what the callee sounds like, plays what comes back."""

    url: str
    call_sid: str
    account_sid: str
    token: str
    parameters: Mapping[str, str]
    end: PhoneEnd
    sid: str = field(default_factory=lambda: sid("MZ"))
    problem: str = ""
    """What went wrong, in Twilio's words."""
    keys: str = ""
    """The tones that the customer sent as audio."""
    intrusion: str = ""
    """What is said once in between, whatever the customer makes of it."""
    tape: Tape | None = None
    """What records the call, where that was asked for."""
    _ear: KeyEar = field(default_factory=KeyEar)
    _sequence: int = 0
    _chunk: int = 0

    async def run(self) -> bool:
        """Stream until one side ends it; tell whether the callee hung up."""
        headers = {"X-Twilio-Signature": signature(self.token, self.url, {})}
        try:
            async with connect(
                self.url, additional_headers=headers, compression=None, proxy=None
            ) as socket:
                await socket.send(_compact({"event": "connected", "protocol": "Call"}))
                await self._say(socket, "start", self._start())
                return await self._both_ways(socket)
        except (OSError, InvalidHandshake) as refused:
            self.problem = f"31920: {refused}"
            return False

    async def _both_ways(self, socket: ClientConnection) -> bool:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(self._read(socket))
            try:
                return await self._play(socket)
            except ConnectionClosed:
                return False
            finally:
                reading.cancel()

    async def _play(self, socket: ClientConnection) -> bool:
        """Give the callee what arrived and the customer what the callee does, 50 times a second."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            while True:
                due += _FRAME_S
                await asyncio.sleep(max(0.0, due - loop.time()))
                heard = len(self.end.record)
                events = self.end.beat(due)
                if self.tape is not None:
                    self.tape.beat(events, self.end.record[heard:])
                for event in events:
                    if isinstance(event, LineClosed):
                        return True
                    await self._tell(socket, event)
        finally:
            ids = {"accountSid": self.account_sid, "callSid": self.call_sid}
            if socket.close_code is None:
                await self._say(socket, "stop", ids)

    async def _tell(self, socket: ClientConnection, event: LineEvent) -> None:
        match event:
            case Frame():
                self._chunk += 1
                media = {
                    "track": "inbound",
                    "chunk": str(self._chunk),
                    "timestamp": str(self._chunk * 20),
                    "payload": base64.b64encode(inscribed(event)).decode(),
                }
                await self._say(socket, "media", media)
                if self.intrusion and self._chunk == _INTRUDED:
                    await socket.send(self.intrusion)
            case DigitPressed(digit):
                await self._say(socket, "dtmf", {"track": "inbound_track", "digit": digit})
            case _:
                await self._say(socket, "mark", {"name": getattr(event, "name", "")})

    async def _read(self, socket: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        try:
            async for text in socket:
                message = json.loads(text)
                match message["event"]:
                    case "media":
                        self._arrived(loop.time(), base64.b64decode(message["media"]["payload"]))
                    case "mark":
                        self.end.mark(loop.time(), message["mark"]["name"])
                    case _:
                        self.end.clear(loop.time())
        except ConnectionClosed:
            return

    def _arrived(self, now: float, audio: bytes) -> None:
        for at in range(0, len(audio), FRAME_BYTES):
            piece = audio[at : at + FRAME_BYTES]
            self.keys += self._ear.push(g711.decode(piece)) or ""
            self.end.send(now, Frame(piece))

    async def _say(self, socket: ClientConnection, event: str, inner: Mapping[str, Any]) -> None:
        self._sequence += 1
        head = {"event": event, "sequenceNumber": str(self._sequence)}
        await socket.send(_compact(head | {event: inner, "streamSid": self.sid}))

    def _start(self) -> dict[str, Any]:
        return {
            "accountSid": self.account_sid,
            "streamSid": self.sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(self.parameters),
        }


def _compact(message: Mapping[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))

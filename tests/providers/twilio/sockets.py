"""The far end of a media socket, played by hand, without a network."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import Any

SID = "MZ0123456789abcdef0123456789abcdef"
FRAME = bytes(range(96, 256))
CONNECTED: dict[str, Any] = {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def start(token: str = "T", **parameters: str) -> dict[str, Any]:
    return {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": SID,
        "start": {
            "accountSid": "AC1",
            "streamSid": SID,
            "callSid": "CA1",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"token": token} | parameters,
        },
    }


def media(ulaw: bytes = FRAME) -> dict[str, Any]:
    payload = base64.b64encode(ulaw).decode()
    inner = {"track": "inbound", "chunk": "1", "timestamp": "5", "payload": payload}
    return {"event": "media", "sequenceNumber": "3", "media": inner, "streamSid": SID}


def mark(name: str) -> dict[str, Any]:
    return {"event": "mark", "sequenceNumber": "4", "streamSid": SID, "mark": {"name": name}}


def dtmf(digit: str) -> dict[str, Any]:
    inner = {"track": "inbound_track", "digit": digit}
    return {"event": "dtmf", "sequenceNumber": "5", "streamSid": SID, "dtmf": inner}


def stop() -> dict[str, Any]:
    inner = {"accountSid": "AC1", "callSid": "CA1"}
    return {"event": "stop", "sequenceNumber": "9", "streamSid": SID, "stop": inner}


def compact(message: Any) -> str:
    return json.dumps(message, separators=(",", ":"))


@dataclass
class FakeSocket:
    """An ASGI server's half of a WebSocket; `gone` makes sending fail, as it does in uvicorn."""

    arriving: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue[dict[str, Any]])
    sent: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    gone: bool = False

    async def receive(self) -> dict[str, Any]:
        return await self.arriving.get()

    async def send(self, message: Any) -> None:
        if self.gone:
            raise ConnectionResetError
        self.sent.append(dict(message))

    def says(self, *messages: Any) -> None:
        for message in messages:
            text = message if isinstance(message, str) else compact(message)
            self.arriving.put_nowait({"type": "websocket.receive", "text": text})

    def connects(self) -> None:
        self.arriving.put_nowait({"type": "websocket.connect"})

    def leaves(self, code: int = 1005) -> None:
        self.gone = True
        self.arriving.put_nowait({"type": "websocket.disconnect", "code": code})

    @property
    def texts(self) -> list[Any]:
        """What was sent, understood."""
        return [json.loads(m["text"]) for m in self.sent if m["type"] == "websocket.send"]

    @property
    def closed_with(self) -> int | None:
        codes = [m.get("code", 1000) for m in self.sent if m["type"] == "websocket.close"]
        return codes[0] if codes else None

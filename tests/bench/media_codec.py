"""What 20 ms cost on the media socket, beside the standard library, and for those who find keys."""

from __future__ import annotations

import base64
import json
import timeit
from collections.abc import Callable
from pathlib import Path

from switchhook.audio.tones import KeyEar
from switchhook.providers.twilio import media
from tests.bench.figures import Table

RUNS = 50_000
SID = "MZ0123456789abcdef0123456789abcdef"
FRAME = bytes(range(96, 256))
VOICED = b"".join((1000 * (n % 40 - 20)).to_bytes(2, "little", signed=True) for n in range(160))
TEXT = (
    '{"event":"media","sequenceNumber":"343","media":{"track":"inbound","chunk":"341",'
    f'"timestamp":"6820","payload":"{base64.b64encode(FRAME).decode()}"}},"streamSid":"{SID}"}}'
)


def with_json_in() -> bytes:
    return base64.b64decode(json.loads(TEXT)["media"]["payload"])


def with_json_out() -> str:
    payload = base64.b64encode(FRAME).decode()
    return json.dumps({"event": "media", "streamSid": SID, "media": {"payload": payload}})


def microseconds(task: Callable[[], object]) -> float:
    return min(timeit.repeat(task, number=RUNS, repeat=5)) / RUNS * 1e6


async def measure(_scratch: Path) -> Table:
    """Return the cost of each way to read and to write a message."""
    outgoing, ear = media.Outgoing(SID), KeyEar()
    ways: dict[str, Callable[[], object]] = {
        "in: json.loads and b64decode": with_json_in,
        "in: ours": lambda: media.decode(TEXT),
        "in: ours, with an unusual blank": lambda: media.decode(" " + TEXT),
        "out: json.dumps and b64encode": with_json_out,
        "out: ours": lambda: outgoing.media(FRAME),
        "keys in the audio: a quiet frame": lambda: ear.push(bytes(320)),
        "keys in the audio: a loud frame": lambda: ear.push(VOICED),
    }
    rows = tuple((name, f"{microseconds(way):.2f} us") for name, way in ways.items())
    return Table(
        "20 ms: one message on the media socket, and the search for keys", ("way", "cost"), rows
    )

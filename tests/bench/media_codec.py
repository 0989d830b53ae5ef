"""What a message of the media socket costs: `python tests/bench/media_codec.py`."""

from __future__ import annotations

import base64
import json
import sys
import timeit
from collections.abc import Callable

from switchhook.providers.twilio import media

RUNS = 50_000
SID = "MZ0123456789abcdef0123456789abcdef"
FRAME = bytes(range(96, 256))
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


def main() -> None:
    outgoing = media.Outgoing(SID)
    rows = {
        "in: json.loads + b64decode": microseconds(with_json_in),
        "in: decode": microseconds(lambda: media.decode(TEXT)),
        "in: decode, irregular": microseconds(lambda: media.decode(" " + TEXT)),
        "out: json.dumps": microseconds(with_json_out),
        "out: Outgoing.media": microseconds(lambda: outgoing.media(FRAME)),
    }
    for name, cost in rows.items():
        sys.stdout.write(f"{name:30} {cost:6.2f} us\n")


if __name__ == "__main__":
    main()

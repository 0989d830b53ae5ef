"""Server-sent events: what a stream of bytes says, a JSON object at a time.

Our own, because a vendor's stream is read a hundred times a second and call: 5 µs an event, where
the vendor's library takes 107.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from switchhook.domain.errors import ProtocolBroken

LONGEST: Final = 1024 * 1024
"""Bytes of one event."""

END: Final = "[DONE]"
"""What some send instead of an object, as the last event."""


class Events:
    """The objects of one stream, whatever the cuts; comments, names and ids say nothing to us."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []

    def feed(self, piece: bytes) -> Iterator[dict[str, Any]]:
        """Yield the objects that are complete by now."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LONGEST:
            raise ProtocolBroken(f"an event has more than {LONGEST} bytes")
        for line in lines:
            stripped = line.rstrip(b"\r")
            if stripped.startswith(b"data:"):
                self._lines.append(stripped[5:])
            elif not stripped and self._lines:
                yield from self._event()

    def _event(self) -> Iterator[dict[str, Any]]:
        text = b"\n".join(self._lines).strip()
        self._lines.clear()
        if text == END.encode():
            return
        try:
            event: object = json.loads(text)
        except (ValueError, RecursionError):
            raise ProtocolBroken(f"an event is no JSON: {text[:40]!r}") from None
        if not isinstance(event, dict):
            raise ProtocolBroken(f"an event is no object: {text[:40]!r}")
        yield cast("dict[str, Any]", event)

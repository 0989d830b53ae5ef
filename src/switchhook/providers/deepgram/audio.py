"""The audio of a call as Deepgram counts it: from zero, on every connection anew."""

from __future__ import annotations

from bisect import bisect_right

from switchhook.audio import g711

BYTES_PER_MS = 8

JITTER_MS = 60
"""The call's clock and its frames may differ by so much before anything is missing between."""


class Audio:
    """Collects pieces of one size, and knows when in the call each moment of them was."""

    def __init__(self, piece_ms: int) -> None:
        self._size = piece_ms * BYTES_PER_MS
        self._rest = bytearray()
        self._length_ms = 0
        self._came_ms = 0
        self._flowing_ms = 0
        self._flowed_at = 0.0
        self._since: list[int] = [0]  # where in the audio ...
        self._ahead: list[int] = [0]  # ... call time is so far ahead of it

    def push(self, ulaw: bytes, at_ms: int) -> None:
        """Add what begins at this moment of the call."""
        ahead = at_ms - self._length_ms
        if abs(ahead - self._ahead[-1]) > JITTER_MS or not self._length_ms:
            self._since.append(self._length_ms)
            self._ahead.append(ahead)
        self._came_ms += len(ulaw) // BYTES_PER_MS
        self._add(ulaw)

    def pad(self, milliseconds: int) -> None:
        """Add silence that no call time belongs to."""
        self._add(g711.SILENCE * (milliseconds * BYTES_PER_MS))

    def opened(self, now: float) -> None:
        """Begin to count how long no audio of the call has come."""
        self._flowed_at = now

    def quiet_seconds(self, now: float) -> float:
        """Return for how long no audio of the call has come, as far as anybody asked."""
        if self._came_ms > self._flowing_ms:
            self._flowing_ms, self._flowed_at = self._came_ms, now
        return now - self._flowed_at

    def pieces(self) -> list[bytes]:
        """Return what is complete, once."""
        whole = len(self._rest) - len(self._rest) % self._size
        pieces = [bytes(self._rest[at : at + self._size]) for at in range(0, whole, self._size)]
        del self._rest[:whole]
        return pieces

    def call_ms(self, seconds: float) -> int:
        """Return when in the call a moment of the audio was."""
        audio_ms = round(1000 * seconds)
        return audio_ms + self._ahead[bisect_right(self._since, audio_ms) - 1]

    def _add(self, ulaw: bytes) -> None:
        self._rest += ulaw
        self._length_ms += len(ulaw) // BYTES_PER_MS

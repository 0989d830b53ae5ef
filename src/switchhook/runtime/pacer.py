"""Lets audio go at the pace at which it is heard, with a small lead."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from switchhook.ports import FRAME_MS, Frame, Line

LEAD = 0.1
"""Seconds of audio that may wait at the carrier: little, so that stopping is immediate."""

_FRAME = FRAME_MS / 1000


class Pacer:
    """Holds one utterance's frames until they are due."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._frames: deque[Frame] = deque()
        self._ahead = 0.0
        self.utterance = 0

    def load(self, utterance: int, frames: Sequence[Frame]) -> None:
        """Hold an utterance."""
        self.utterance = utterance
        self._frames = deque(frames)

    def clear(self, now: float) -> None:
        """Forget what was not sent; the carrier has nothing left either."""
        self._frames.clear()
        self._ahead = now

    def send_due(self, now: float) -> list[Frame]:
        """Send what is due, however late it is never more than the lead; return what was sent."""
        if not self._frames:
            return []
        sent: list[Frame] = []
        self._ahead = max(self._ahead, now)
        # Half a frame of grace keeps rounding from moving a frame to the next beat.
        while self._frames and self._ahead + _FRAME / 2 < now + LEAD:
            frame = self._frames.popleft()
            self._line.send(frame)
            sent.append(frame)
            self._ahead += _FRAME
        return sent

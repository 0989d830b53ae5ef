"""Frames that come as a network brings them, taken one every 20 ms."""

from __future__ import annotations

from collections import deque

from switchhook.ports import Frame
from switchhook.runtime.framing import QUIET

CUSHION = 2
"""Frames that wait before playing begins, so that a late one leaves no hole."""
MOST = 10
"""Frames that wait at the most: what is heard later than that is worse than a hole."""


class Jitter:
    """A short queue of frames that fills up before it plays, and again when it has run dry."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._playing = False

    def put(self, frame: Frame) -> None:
        """Take a frame; where too many wait the oldest is lost, but for the words on it."""
        if len(self._frames) >= MOST:
            lost, following = self._frames.popleft(), self._frames.popleft()
            self._frames.appendleft(Frame(following.audio, lost.words + following.words))
        self._frames.append(frame)

    def take(self) -> Frame:
        """Return the next frame, or silence."""
        self._playing = len(self._frames) >= (1 if self._playing else CUSHION)
        return self._frames.popleft() if self._playing else QUIET

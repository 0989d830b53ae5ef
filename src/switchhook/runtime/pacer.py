"""Lets audio go at the pace at which it is heard, with a small lead.

The pacer owns what was not sent, so that speech can be lowered, paused and continued at the exact
frame. Loudness and the room behind the agent are made when a frame leaves; where neither is
wanted a frame leaves as it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from switchhook.audio import g711
from switchhook.audio.mixing import DUCKED, UNCHANGED, Fader, mix
from switchhook.audio.samples import WIDTH, audioop
from switchhook.ports import FRAME_BYTES, FRAME_MS, Frame, Line

LEAD = 0.1
"""Seconds of audio that may wait at the carrier: little, so that stopping is immediate."""

_FRAME = FRAME_MS / 1000
_NOTHING: Sequence[Frame] = ()


class Room(Protocol):
    """What sounds behind the agent all the time."""

    def feed(self, samples: int, *, speaking: bool) -> bytes:
        """Return so many samples of it."""
        ...


class Pacer:
    """Holds the frames of utterances, and sends those of one of them when they are due."""

    def __init__(self, line: Line, room: Room | None = None) -> None:
        self._line = line
        self._held: dict[int, list[Frame]] = {}
        self._frames: Sequence[Frame] = _NOTHING
        self._at = 0
        self._ahead = 0.0
        self._fader = Fader()
        self._gain = UNCHANGED
        self._plain = True
        self.room = room
        self._playing = 0
        self.utterance = 0
        """To what the frames belong that left last; 0 is the room."""
        self.level = 0
        """How loud the last frame was that left, as a root mean square."""

    def hold(self, utterance: int, frames: Sequence[Frame]) -> None:
        """Keep more of an utterance until it is played or forgotten."""
        self._held.setdefault(utterance, []).extend(frames)

    def play(self, utterance: int, from_ms: int = 0) -> None:
        """Send an utterance that is held, from this place in it."""
        self._playing = utterance
        self._frames = self._held.get(utterance, _NOTHING)
        self._at = from_ms // FRAME_MS

    def forget(self, utterance: int) -> None:
        """Let go of an utterance; if it is being played nothing more of it is."""
        if self._held.pop(utterance, None) is self._frames:
            self._frames = _NOTHING

    def clear(self, now: float) -> None:
        """Send no more of the present utterance; the carrier has nothing left either."""
        self._frames = _NOTHING
        self._ahead = now
        self.level = 0

    def duck(self, *, low: bool) -> None:
        """Speak low, or in full voice again."""
        self._gain = DUCKED if low else UNCHANGED
        self._plain = False

    def send_due(self, now: float) -> list[Frame]:
        """Send what is due, however late it is never more than the lead; return what was sent.

        All of it belongs to the present utterance, or to none.
        """
        sent: list[Frame] = []
        speaking = self._at < len(self._frames)
        if not speaking and self.room is None:
            self.level = 0
            return sent
        self._ahead = max(self._ahead, now)
        # Half a frame of grace keeps rounding from moving a frame to the next beat.
        while self._ahead + _FRAME / 2 < now + LEAD and (self._at < len(self._frames)) is speaking:
            frame = self._next(speaking=speaking)
            if frame is None:
                break
            self._line.send(frame)
            sent.append(frame)
            self._ahead += _FRAME
        self.utterance = self._playing if speaking else 0
        if sent:
            self.level = audioop.rms(g711.decode(sent[-1].audio), WIDTH)
        return sent

    def _next(self, *, speaking: bool) -> Frame | None:
        if not speaking:
            if self.room is None:
                return None
            return Frame(g711.encode(self.room.feed(FRAME_BYTES, speaking=False)))
        frame = self._frames[self._at]
        self._at += 1
        if self._plain and self.room is None:
            return frame
        return Frame(g711.encode(self._shaped(frame)), frame.words)

    def _shaped(self, frame: Frame) -> bytes:
        pcm = self._fader.feed(g711.decode(frame.audio), self._gain)
        # The ramp back to full voice is over with this frame; the next ones leave as they are.
        self._plain = self._gain == UNCHANGED
        if self.room is None:
            return pcm
        return mix(pcm, self.room.feed(FRAME_BYTES, speaking=True))

"""The callee's end of a line that somebody else carries: a playout clock and a script."""

from __future__ import annotations

from collections.abc import Sequence

from switchhook.ports import Frame, LineEvent, MarkEchoed
from switchhook.runtime.framing import QUIET
from switchhook.testing.playout import Conditions, Played, Playout
from switchhook.testing.scripted import ScriptedCallee, Step
from switchhook.testing.wires import Transit, chance


class PhoneEnd:
    """Plays what arrives to a scripted callee; gives what the callee does, 20 ms at a time."""

    def __init__(self, script: Sequence[Step], conditions: Conditions) -> None:
        self.callee = ScriptedCallee(script)
        self._playout = Playout(conditions)
        self._back: Transit[LineEvent] = Transit(conditions.back, chance(conditions.seed + 1))
        self._sounding: Sequence[Played] = ()
        self.uttered: list[float] = []
        """When the callee made a sound."""

    def send(self, now: float, frame: Frame) -> None:
        """Take 20 ms for the callee."""
        self._playout.send(now, frame)

    def mark(self, now: float, name: str) -> None:
        """Take a mark, to be echoed when everything before it was played."""
        self._playout.mark(now, name)

    def clear(self, now: float) -> None:
        """Throw away what was not played."""
        self._playout.clear(now)

    @property
    def record(self) -> list[Played]:
        """What was played, and when."""
        return self._playout.record

    def beat(self, now: float) -> list[LineEvent]:
        """Let 20 ms pass and return what comes back in them."""
        played = self._playout.advance(now)
        # What begins to sound now has been heard at the next beat.
        heard, self._sounding = self._sounding, played
        for event in self.callee.hear(p.frame for p in heard):
            if isinstance(event, Frame) and event.audio != QUIET.audio:
                self.uttered.append(now)
            if not self.callee.vanished:
                self._back.put(now, event)
        echoes = [MarkEchoed(name) for name in self._playout.echoed(now)]
        return [*echoes, *(event for _, event in self._back.take(now))]

"""A line without a telephone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from switchhook.ports import Clock, Frame, LineClosed, LineEvent, MarkEchoed
from switchhook.runtime.framing import QUIET
from switchhook.testing.playout import Conditions, Played, Playout, Sent
from switchhook.testing.scripted import ScriptedCallee, Step
from switchhook.testing.wires import Transit, chance

_FRAME_S = 0.02

PERFECT = Conditions()


class FakeLine:
    """Plays what it is sent to a scripted callee, under the conditions it is told.

    `record` is exactly what the callee heard and when, `outgoing` what left and when, `uttered`
    when the callee made sound.
    """

    carries_words = True
    reports_keys = True

    def __init__(
        self, script: Sequence[Step], clock: Clock, conditions: Conditions = PERFECT
    ) -> None:
        self.callee = ScriptedCallee(script)
        self._clock = clock
        self._playout = Playout(conditions)
        self._back: Transit[LineEvent] = Transit(conditions.back, chance(conditions.seed + 1))
        self._closed = asyncio.Event()
        self._sounding: Sequence[Played] = ()
        self.marks: list[str] = []
        self.digits = ""
        self.cleared: list[float] = []
        self.uttered: list[float] = []
        self.answered_at = clock.monotonic()

    async def events(self) -> AsyncIterator[LineEvent]:
        """Yield a frame of the callee every 20 ms, and whatever else comes back."""
        due = self.answered_at = self._clock.monotonic()
        while not self._closed.is_set():
            due += _FRAME_S
            while (echo := self._playout.next_echo) is not None and echo < due:
                await self._clock.sleep_until(echo)
                for event in self._echoed(echo):
                    yield event
            await self._clock.sleep_until(due)
            for event in self._beat(due):
                yield event
                if isinstance(event, LineClosed):
                    return
        yield LineClosed()

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of audio."""
        self._playout.send(self._clock.monotonic(), frame)

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        self.marks.append(name)
        self._playout.mark(self._clock.monotonic(), name)

    def clear(self) -> None:
        """Throw away what has not been played yet; its marks come back at once."""
        now = self._clock.monotonic()
        self.cleared.append(now)
        self._playout.clear(now)
        self._playout.advance(now)

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        self.digits += digits

    def report(self, event: LineEvent) -> None:
        """Let the far end report something."""
        self._back.put(self._clock.monotonic(), event)

    def hang_up(self) -> None:
        """Let the callee hang up."""
        self._closed.set()

    def heard_ms(self, generation: int, at: float) -> int:
        """Return how much of what was sent between two clears the callee had heard: the truth."""
        return self._playout.heard_ms(generation, at)

    @property
    def clears(self) -> int:
        """How often what was not played was thrown away."""
        return len(self.cleared)

    @property
    def record(self) -> list[Played]:
        """What was played, and when."""
        return self._playout.record

    @property
    def outgoing(self) -> list[Sent]:
        """What was sent, and when."""
        return self._playout.sent

    @property
    def sent(self) -> list[Frame]:
        """The frames that were sent."""
        return [sent.frame for sent in self.outgoing]

    @property
    def played(self) -> list[Frame]:
        """The frames that the callee heard."""
        return [played.frame for played in self.record]

    def _beat(self, now: float) -> list[LineEvent]:
        played = self._playout.advance(now)
        # What begins to sound now has been heard at the next beat.
        heard, self._sounding = self._sounding, played
        for event in self.callee.hear(p.frame for p in heard):
            if isinstance(event, Frame) and event.audio != QUIET.audio:
                self.uttered.append(now)
            if not self.callee.vanished:
                self._back.put(now, event)
        return [*self._echoed(now), *(event for _, event in self._back.take(now))]

    def _echoed(self, now: float) -> list[LineEvent]:
        return [MarkEchoed(name) for name in self._playout.echoed(now)]

"""A line without a telephone, and a journal without a store."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Interaction
from switchhook.ports import Clock, Entry, Frame, LineClosed, LineEvent, MarkEchoed
from switchhook.testing.scripted import ScriptedCallee, Step

_FRAME_S = 0.02


class FakeLine:
    """Plays what it is sent, 20 ms at a time, to a scripted callee; marks come back when played.

    `echo_marks=False` is a carrier that knows no marks.
    """

    carries_words = True

    def __init__(self, script: Sequence[Step], clock: Clock, *, echo_marks: bool = True) -> None:
        self._callee = ScriptedCallee(script)
        self._clock = clock
        self._echo_marks = echo_marks
        self._buffer: deque[Frame | str] = deque()
        self._arrived: asyncio.Queue[LineEvent] = asyncio.Queue()
        self._closed = False
        self.sent: list[Frame] = []
        self.played: list[Frame] = []
        self.marks: list[str] = []
        self.digits = ""
        self.clears = 0

    async def events(self) -> AsyncIterator[LineEvent]:
        """Yield a frame of the callee every 20 ms, and whatever else comes back."""
        due = self._clock.monotonic()
        while not self._closed:
            due += _FRAME_S
            await self._clock.sleep_until(due)
            words = self._play()
            while not self._arrived.empty():
                yield self._arrived.get_nowait()
            yield self._callee.hear(words)
        yield LineClosed()

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of audio."""
        self.sent.append(frame)
        self._buffer.append(frame)

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        self.marks.append(name)
        self._buffer.append(name)

    def clear(self) -> None:
        """Throw away what has not been played yet; its marks come back at once."""
        self.clears += 1
        for item in self._buffer:
            if isinstance(item, str):
                self._echo(item)
        self._buffer.clear()

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        self.digits += digits

    def report(self, event: LineEvent) -> None:
        """Let the far end report something."""
        self._arrived.put_nowait(event)

    def hang_up(self) -> None:
        """Let the callee hang up."""
        self._closed = True

    def _play(self) -> tuple[str, ...]:
        words: tuple[str, ...] = ()
        if self._buffer and isinstance(self._buffer[0], Frame):
            frame = self._buffer.popleft()
            if isinstance(frame, Frame):
                self.played.append(frame)
                words = frame.words
        while self._buffer and isinstance(self._buffer[0], str):
            self._echo(str(self._buffer.popleft()))
        return words

    def _echo(self, name: str) -> None:
        if self._echo_marks:
            self._arrived.put_nowait(MarkEchoed(name))


class NotedJournal:
    """Keeps every entry in memory."""

    def __init__(self, call: Interaction) -> None:
        self._call = call
        self.entries: list[Entry] = []

    async def write(self, call_id: str, entry: Entry) -> Interaction:
        """Keep the entry."""
        if call_id != self._call.id:
            raise AssertionError(f"{call_id} is not the call of this journal")
        self.entries.append(entry)
        return self._call

    @property
    def facts(self) -> list[Fact]:
        """Every fact in order."""
        return [fact for entry in self.entries for fact in entry.facts]

    @property
    def spoken(self) -> list[str]:
        """The transcript, a line each, as `agent: …` and `callee: …`; ` -` marks a cut."""
        return [
            f"{fact.data['speaker']}: {fact.text}{' -' if fact.data['interrupted'] else ''}"
            for fact in self.facts
            if fact.kind is Kind.SPOKEN
        ]

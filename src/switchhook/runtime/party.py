"""The callee's line, with a seat beside it for a guest.

    callee ◄── agent + guest        callee, aside ◄── music
    guest  ◄── agent + callee       guest         ◄── agent
    agent  ◄── callee + guest       agent         ◄── guest

Without a guest everything goes straight through. With one the callee's frames are the clock: for
each of them one of the agent's leaves, mixed for whoever hears it, and the marks behind it follow
on the line of whom the agent speaks to. Neither line ever waits for the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from switchhook.audio import g711
from switchhook.audio.mixing import mix
from switchhook.audio.samples import WIDTH, audioop
from switchhook.audio.tune import Tune
from switchhook.ports import FRAME_BYTES, Clock, Frame, Line, LineEvent, MarkEchoed
from switchhook.runtime.framing import QUIET
from switchhook.runtime.jitter import Jitter

REMEMBERED = 60 * 50
"""Frames of which it is known who was louder: the longest turn."""


@dataclass(slots=True)
class Seat:
    """The guest's place in the call."""

    line: Line
    aside: bool
    """Whether the callee hears music meanwhile, and the agent only the guest."""
    heard: Jitter = field(default_factory=Jitter)
    echoes: deque[MarkEchoed] = field(default_factory=deque[MarkEchoed])

    async def listen(self) -> None:
        """Hear the guest until they have hung up; their keys are nobody's."""
        async for event in self.line.events():
            match event:
                case Frame():
                    self.heard.put(event)
                case MarkEchoed():
                    self.echoes.append(event)
                case _:
                    pass


class Party:
    """The line of a callee who may not be alone; it is used as that line is."""

    def __init__(self, line: Line, clock: Clock) -> None:
        self.carries_words = line.carries_words
        self.reports_keys = line.reports_keys
        self._line = line
        self._clock = clock
        self._seat: Seat | None = None
        self._own: deque[Frame | str] = deque()
        self._tune = Tune()
        self._louder: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)

    async def events(self) -> AsyncIterator[LineEvent]:
        """Yield what comes from the callee, with the guest in it, until their line is closed."""
        async for event in self._line.events():
            seat = self._seat
            if seat is None:
                yield event
                continue
            while seat.echoes:
                yield seat.echoes.popleft()
            yield self._together(seat, event) if isinstance(event, Frame) else event

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of the agent."""
        if self._seat is None:
            self._line.send(frame)
        else:
            self._own.append(frame)

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        if self._own:
            self._own.append(name)
        else:
            self._spoken_to.mark(name)

    def clear(self) -> None:
        """Throw away what has not been played yet; its marks come back at once."""
        for name in self._own:
            if isinstance(name, str):
                self._spoken_to.mark(name)
        self._own.clear()
        self._line.clear()
        if self._seat is not None:
            self._seat.line.clear()

    def send_digits(self, digits: str) -> None:
        """Press keys, for the callee."""
        self._line.send_digits(digits)

    @contextmanager
    def seated(self, line: Line, *, aside: bool) -> Generator[Seat]:
        """Let somebody take part over their own line for as long as the context lasts."""
        seat = self._seat = Seat(line, aside)
        try:
            yield seat
        finally:
            if self._seat is seat:
                self._seat = None
                self._catch_up()

    def set_aside(self, *, on: bool) -> None:
        """Let the callee hear music, and the agent only the guest; or all hear each other."""
        if self._seat is not None:
            self._seat.aside = on

    def was_guest(self, since: float, until: float) -> bool:
        """Tell whether it was the guest who was louder between two moments."""
        return sum(by for at, by in self._louder if since <= at <= until) > 0

    @property
    def _spoken_to(self) -> Line:
        """The line of whom the agent speaks to."""
        return self._seat.line if self._seat is not None and self._seat.aside else self._line

    def _together(self, seat: Seat, callee: Frame) -> Frame:
        """Send 20 ms to everybody and return what the agent hears in them."""
        own, guest = self._next(), seat.heard.take()
        if seat.aside:
            self._line.send(Frame(g711.encode(self._tune.feed(FRAME_BYTES, speaking=False))))
            seat.line.send(own)
            callee = QUIET
        else:
            self._line.send(_mixed(own, guest))
            seat.line.send(_mixed(own, callee))
        self._louder.append((self._clock.monotonic(), _loudness(guest) - _loudness(callee)))
        while self._own and isinstance(name := self._own[0], str):
            self._own.popleft()
            self._spoken_to.mark(name)
        return _mixed(callee, guest)

    def _next(self) -> Frame:
        """Return the agent's next frame; no mark is ever first."""
        own = self._own.popleft() if self._own else QUIET
        return own if isinstance(own, Frame) else QUIET

    def _catch_up(self) -> None:
        """Let the callee hear what was to be mixed with a guest who has left."""
        while self._own:
            own = self._own.popleft()
            if isinstance(own, Frame):
                self._line.send(own)
            else:
                self._line.mark(own)


def _mixed(one: Frame, other: Frame) -> Frame:
    if other.audio == QUIET.audio:
        return Frame(one.audio, one.words + other.words) if other.words else one
    if one.audio == QUIET.audio:
        return Frame(other.audio, one.words + other.words) if one.words else other
    audio = g711.encode(mix(g711.decode(one.audio), g711.decode(other.audio)))
    return Frame(audio, one.words + other.words)


def _loudness(frame: Frame) -> int:
    return audioop.rms(g711.decode(frame.audio), WIDTH)

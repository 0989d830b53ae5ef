"""The loopback line: a carrier's playout, with the callee's ear at its end.

What is sent waits in a jitter buffer, is played 20 ms at a time, and is heard by the callee; marks
come back when they are played, a little later for the way back; `clear` empties the buffer and
echoes all its marks at once, as real carriers do.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from switchhook.audio import g711, tones
from switchhook.ports import (
    FRAME_MS,
    Clock,
    Frame,
    LineClosed,
    LineEvent,
    MarkEchoed,
    Speaking,
)
from switchhook.providers.loopback.acts import Beep, Counterpart, Leave, Press, Talk
from switchhook.providers.loopback.sound import ORDINARY, Room, Sound
from switchhook.runtime.framing import QUIET, wordless
from switchhook.runtime.ticker import Ticker

JITTER_FRAMES = 3
WAY_BACK = 0.03
_BEEP = tones.sine(1000.0, 400)
_FRAME = FRAME_MS / 1000


class LoopbackLine:
    """The media of one call to a simulated callee."""

    carries_words = True
    reports_keys = False

    def __init__(
        self,
        callee: Counterpart,
        voice: Speaking,
        clock: Clock,
        sound: Sound = ORDINARY,
    ) -> None:
        self._callee = callee
        self._voice = voice
        self._clock = clock
        self._room = Room(sound)
        self._buffer: deque[Frame | str] = deque()
        self._buffering = 0
        self._playing = False
        self._echoes: deque[tuple[float, str]] = deque()
        self._mouth: deque[Frame] = deque()
        self._events: asyncio.Queue[LineEvent | Talk | Beep | Press] = asyncio.Queue()
        self._to_say = 0
        self._keys = tones.KeyEar()
        self._played_until: float | None = None
        self._stop_ticking = _nothing
        self._closed = False

    def start(self, ticker: Ticker) -> None:
        """Begin to play and to listen."""
        self._stop_ticking = ticker.subscribe(self._tick)

    async def events(self) -> AsyncIterator[LineEvent]:
        """Yield what comes from the far end until the line is closed."""
        while True:
            event = await self._events.get()
            match event:
                case Talk(text):
                    await self._talk(text)
                case Beep():
                    self._utter(_BEEP)
                case Press(digit):
                    self._utter(tones.dtmf(digit))
                case LineClosed():
                    yield event
                    return
                case _:
                    yield event

    def send(self, frame: Frame) -> None:
        """Queue 20 ms of audio."""
        if not self._closed:
            self._buffer.append(frame)

    def mark(self, name: str) -> None:
        """Ask to be told when everything sent so far has been played."""
        if not self._closed:
            self._buffer.append(name)

    def clear(self) -> None:
        """Throw away what has not been played yet; its marks come back at once."""
        for item in self._buffer:
            if isinstance(item, str):
                self._events.put_nowait(MarkEchoed(item))
        self._buffer.clear()
        self._playing = False

    def send_digits(self, digits: str) -> None:
        """Press keys, as tones in the audio."""
        for frame in wordless(g711.encode(tones.dtmf(digits))):
            self.send(frame)

    def close(self) -> None:
        """End it; nothing is played after this, and nothing comes back."""
        if self._closed:
            return
        self._closed = True
        self._stop_ticking()
        self._buffer.clear()
        self._voice.close()
        self._events.put_nowait(LineClosed())

    async def _talk(self, text: str) -> None:
        try:
            async for speech in self._voice.say(text):
                self._mouth.extend(speech.frames)
        finally:
            self._to_say -= 1

    def _utter(self, pcm: bytes) -> None:
        self._mouth.extend(wordless(g711.encode(pcm)))
        self._to_say -= 1

    def _tick(self, now: float) -> None:
        if self._played_until is None:
            self._played_until = now - _FRAME
        while self._played_until + _FRAME / 2 < now and not self._closed:
            self._played_until += _FRAME
            self._play(self._played_until)
        while self._echoes and self._echoes[0][0] <= now and not self._closed:
            self._events.put_nowait(MarkEchoed(self._echoes.popleft()[1]))

    def _play(self, now: float) -> None:
        frame = self._next_frame(now)
        key = self._keys.push(g711.decode(frame.audio)) if frame is not QUIET else None
        if key is not None:
            self._callee.press(key)
        talking = bool(self._to_say or self._mouth)
        for act in self._callee.hear(frame.words, now, talking=talking):
            match act:
                case Leave():
                    self.close()
                    return
                case Talk() | Beep() | Press():
                    self._to_say += 1
                    self._events.put_nowait(act)
        spoken = self._mouth.popleft() if self._mouth else QUIET
        self._events.put_nowait(self._room.heard(spoken))

    def _next_frame(self, now: float) -> Frame:
        """Return what the callee hears now; a dry buffer fills up before it plays again."""
        if not self._playing and not self._filled():
            return QUIET
        self._playing = True
        frame = QUIET
        if self._buffer and isinstance(self._buffer[0], Frame):
            frame = self._buffer.popleft()
        while self._buffer and isinstance(self._buffer[0], str):
            self._echoes.append((now + _FRAME + WAY_BACK, str(self._buffer.popleft())))
        if not self._buffer:
            self._playing = False
            self._buffering = 0
        return frame if isinstance(frame, Frame) else QUIET

    def _filled(self) -> bool:
        """Tell whether enough waits to be played without holes, or has waited long enough."""
        self._buffering += bool(self._buffer)
        return len(self._buffer) >= JITTER_FRAMES or self._buffering >= JITTER_FRAMES


def _nothing() -> None: ...

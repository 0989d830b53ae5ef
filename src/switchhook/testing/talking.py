"""A line that hears and speaks by itself, with a scripted callee at its end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from switchhook.ports import (
    AgentCutOff,
    AgentSounds,
    CalleeSaid,
    CalleeSounds,
    Clock,
    DigitPressed,
    Frame,
    LineClosed,
    LineEvent,
    TalkingLineEvent,
)
from switchhook.runtime.framing import QUIET
from switchhook.testing import sounds
from switchhook.testing.scripted import ScriptedCallee, Step

_FRAME_S = 0.02
_LETTER_MS = 60
_HUMS = frozenset({"mhm", "uh-huh", "yeah", "okay", "right"})
_MUSIC = tuple(map(Frame, sounds.tone(440, 400)))
_TURN_OVER_S = 0.6
"""How much silence ends what the callee says."""


@dataclass(frozen=True, slots=True)
class Manner:
    """At what pace it speaks, whether it tells of its own speech, and what silences it."""

    letter_ms: int = _LETTER_MS
    tells: bool = True
    lets_listeners_hum: bool = True
    """Whether somebody who only shows that they listen does not silence it."""


ORDINARY = Manner()


class TalkingEnd:
    """Says words to a callee, and understands what the callee says, 20 ms at a time."""

    def __init__(self, callee: ScriptedCallee, manner: Manner = ORDINARY) -> None:
        self.callee = callee
        self.heard: list[str] = []
        """The words that the callee has heard, in order."""
        self._manner = manner
        self._frames: deque[Frame] = deque()
        self._sounding: Sequence[Frame] = ()
        self._loop: Sequence[Frame] = ()
        self._interruptible = False
        self._keys_interrupt = False
        self._speaks = False
        self._cut_short = False
        self._saying: list[str] = []
        self._words: list[str] = []
        self._quiet = _TURN_OVER_S
        self._callee_speaks = False

    @property
    def speaks(self) -> bool:
        """Whether there is anything left to be said."""
        return bool(self._frames)

    def say(self, text: str, *, interruptible: bool, by_keys: bool | None = None) -> None:
        """Say this now, instead of what is being said; keys cut it off as words do, or not."""
        self._become((), interruptible=interruptible, by_keys=by_keys)
        for word in text.split():
            audio = sounds.syllables((len(word) + 1) * self._manner.letter_ms // 20 * 20)
            self._frames.append(Frame(audio[0], (word,)))
            self._frames.extend(map(Frame, audio[1:]))

    def play(self, frames: Sequence[Frame], *, interruptible: bool, by_keys: bool) -> None:
        """Play this now, again and again, instead of what is being said."""
        self._become(frames, interruptible=interruptible, by_keys=by_keys)
        self._loop = frames

    def beat(self) -> list[TalkingLineEvent]:
        """Let 20 ms pass and return what the line tells of them."""
        told = self._speak()
        heard, self._sounding = self._sounding, self._spoken()
        for event in self.callee.hear(heard):
            told += self._understand(event)
        return told

    def _become(
        self, frames: Iterable[Frame], *, interruptible: bool, by_keys: bool | None
    ) -> None:
        self._cut_short = self._speaks
        self._frames, self._loop = deque(frames), ()
        self._saying.clear()
        self._interruptible = interruptible
        self._keys_interrupt = interruptible if by_keys is None else by_keys

    def _speak(self) -> list[TalkingLineEvent]:
        """Return what changed; what takes the place of something else has ended that first."""
        told = list[TalkingLineEvent]()
        for speaks in [False] * self._cut_short + [bool(self._frames)]:
            if speaks is not self._speaks:
                self._speaks = speaks
                told.append(AgentSounds(speaks))
        self._cut_short = False
        return told if self._manner.tells else []

    def _spoken(self) -> Sequence[Frame]:
        if not self._frames:
            return ()
        frame = self._frames.popleft()
        if not self._frames:
            self._frames.extend(self._loop)
        self._saying += frame.words
        self.heard += frame.words
        return (frame,)

    def _understand(self, event: LineEvent) -> list[TalkingLineEvent]:
        match event:
            case Frame(audio, words):
                return self._hear(words, sounds=audio != QUIET.audio)
            case DigitPressed():
                return [*self._cut_off(may=self._keys_interrupt), event]
            case LineClosed():
                return [event]
            case _:
                return []

    def _hear(self, words: Sequence[str], *, sounds: bool) -> list[TalkingLineEvent]:
        told = list[TalkingLineEvent]()
        if sounds and not self._callee_speaks:
            self._callee_speaks = True
            told.append(CalleeSounds(begins=True))
        if words:
            self._words += words
            if not (self._manner.lets_listeners_hum and _hums(words)):
                told += self._cut_off(may=self._interruptible)
        self._quiet = 0.0 if sounds else self._quiet + _FRAME_S
        if self._callee_speaks and self._quiet >= _TURN_OVER_S:
            self._callee_speaks = False
            told.append(CalleeSounds(begins=False))
            if self._words:
                told.append(CalleeSaid(" ".join(self._words), final=True))
                self._words.clear()
        return told

    def _cut_off(self, *, may: bool) -> list[TalkingLineEvent]:
        """Fall silent for a callee who speaks or presses a key, where that is allowed."""
        if not (self._frames and may):
            return []
        self._frames.clear()
        self._loop = ()
        return [AgentCutOff(" ".join(self._saying))]


def _hums(words: Sequence[str]) -> bool:
    return all(word.strip(".,").casefold() in _HUMS for word in words)


class FakeTalkingLine:
    """A line of words without a telephone; `said` is what was asked of it."""

    def __init__(self, script: Sequence[Step], clock: Clock, manner: Manner = ORDINARY) -> None:
        self.end = TalkingEnd(ScriptedCallee(script), manner)
        self.said: list[tuple[str, bool]] = []
        self.hushed = 0
        self.music = 0
        """How often music was asked for."""
        self.digits = ""
        self._clock = clock
        self._closed = asyncio.Event()

    async def events(self) -> AsyncIterator[TalkingLineEvent]:
        """Yield what the line tells, every 20 ms, until it is closed."""
        due = self._clock.monotonic()
        while not self._closed.is_set():
            due += _FRAME_S
            await self._clock.sleep_until(due)
            for event in self.end.beat():
                yield event
                if isinstance(event, LineClosed):
                    return
        yield LineClosed()

    def say(self, text: str, *, interruptible: bool) -> None:
        """Speak this now, instead of what is being said."""
        self.said.append((text, interruptible))
        self.end.say(text, interruptible=interruptible)

    def play_music(self) -> None:
        """Let music play."""
        self.music += 1
        self.end.play(_MUSIC, interruptible=False, by_keys=False)

    def hush(self) -> None:
        """Fall silent."""
        self.hushed += 1
        self.end.say("", interruptible=False)

    def send_digits(self, digits: str) -> None:
        """Press keys."""
        self.digits += digits

    def hang_up(self) -> None:
        """Let the callee hang up."""
        self._closed.set()

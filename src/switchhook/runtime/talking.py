"""Speaks and hears by a line that does both itself.

It is given an utterance when that is to be heard, and a clock stands for its playing. What the
line tells of its own speech sets the clock right; a line that tells nothing is given a moment
more than the words should take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from switchhook.domain.transcript import Word, evenly
from switchhook.engine import events
from switchhook.engine.effects import (
    Forget,
    Hold,
    PauseSpeech,
    Play,
    PlayMusic,
    PressDigits,
    Speak,
    StopSpeech,
)
from switchhook.engine.heard import CHARACTER_MS
from switchhook.ports import (
    FRAME_MS,
    AgentCutOff,
    AgentSounds,
    CalleeSaid,
    CalleeSounds,
    Clock,
    Talk,
    TalkingLine,
)
from switchhook.runtime.framing import key_presses
from switchhook.runtime.mouth import Feed, Made, Sounded
from switchhook.runtime.recorder import Recorder

START_SECONDS = 0.4
"""How long a line is believed to take until words sound."""
GRACE_SECONDS = 1.0
"""How much longer than they should words may take, where the line does not say that it is done."""
EARLIEST_END = 0.5
"""Which part of the words must be over when the line ends; else it was cut off and will say so."""
WORD_MS = 300
"""How long a word of the callee's is believed to take."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is to be said, or pressed."""

    milliseconds: int
    words: tuple[Word, ...] = ()
    digits: str = ""
    interruptible: bool = False


@dataclass(slots=True)
class Playing:
    """What is being said now; `began` is when its first word sounds."""

    utterance: int
    prompt: Prompt
    began: float
    at_ms: int
    """How far it was reported."""
    sounds: bool = False
    """Whether the line has said that it began."""

    def place(self, now: float) -> float:
        """Return how many milliseconds of it are over, by the clock."""
        return (now - self.began) * 1000


class Talker:
    """One call's mouth, and what the line has heard."""

    level = 0
    """How loud the agent is at our end, where it makes no sound."""

    def __init__(self, line: TalkingLine, clock: Clock, *, interruptible: bool) -> None:
        self._line = line
        self._clock = clock
        self._interruptible = interruptible
        self._prompts: dict[int, Prompt] = {}
        self._playing: Playing | None = None
        self._sound_ms: int | None = None
        self.recorder: Recorder | None = None

    def open(self, group: asyncio.TaskGroup, feed: Feed) -> None:
        """Begin to tell what is ready."""
        del group
        self._feed = feed

    def keep(self, text: str) -> None:
        """Make nothing in advance: the line needs no time for it."""

    def close(self) -> None:
        """Say nothing more."""
        self._playing = None

    def beat(self, now: float) -> events.FramesSent | None:
        """Return how much was said since the last beat, by the clock."""
        playing = self._playing
        if playing is None:
            return None
        length, place = playing.prompt.milliseconds, playing.place(now)
        if playing.prompt.digits and place >= length:
            self._playing = None
            self._feed(events.SaidAll())
            return None
        # The last of it is the line's to tell, so that nothing new is said too soon.
        reached = min(int(place) // FRAME_MS * FRAME_MS, length - FRAME_MS)
        if place >= length + GRACE_SECONDS * 1000:
            self._playing = None
            reached = length
        if reached <= playing.at_ms:
            return None
        sent = events.FramesSent(playing.utterance, reached - playing.at_ms)
        playing.at_ms = reached
        return sent

    def make(self, effect: Made) -> None:
        """Have something ready to be said, or let go of it."""
        match effect:
            case Speak(utterance, text, interruptible):
                length = -(-len(text) * CHARACTER_MS // FRAME_MS) * FRAME_MS
                prompt = Prompt(
                    length,
                    evenly(text, length),
                    interruptible=interruptible and self._interruptible,
                )
                self._hold(utterance, prompt)
            case PressDigits(utterance, digits):
                length = len(key_presses(digits)) * FRAME_MS
                self._hold(utterance, Prompt(length, digits=digits))
            case Forget(utterance):
                self._prompts.pop(utterance, None)
                if self._playing is not None and self._playing.utterance == utterance:
                    self._hush()
            case Hold():
                # A model's own sound is of no use to a line of words.
                pass
            case _:
                assert_never(effect)

    def sound(self, effect: Sounded) -> None:
        """Say or stop what was made, or let music play; a line of words knows no low voice."""
        match effect:
            case Play(utterance, from_ms):
                self._play(utterance, from_ms)
            case StopSpeech() | PauseSpeech():
                self._hush()
            case PlayMusic(on):
                (self._line.play_music if on else self._line.hush)()
            case _:
                pass

    def take(self, talk: Talk, at_ms: int) -> Sequence[events.Event]:
        """Return what it means that the line says so now."""
        match talk:
            case CalleeSaid(text, final):
                return self._said(text, at_ms, final=final)
            case CalleeSounds(begins):
                return self._callee_sounds(at_ms, begins=begins)
            case AgentSounds(begins):
                return self._began() if begins else self._ended()
            case AgentCutOff(heard):
                self._playing = None
                return [events.CutOff(heard)]

    def _hold(self, utterance: int, prompt: Prompt) -> None:
        self._prompts[utterance] = prompt
        self._feed(events.SpeechReady(utterance, prompt.milliseconds, prompt.words))

    def _play(self, utterance: int, from_ms: int) -> None:
        prompt = self._prompts[utterance]
        began = self._clock.monotonic() - from_ms / 1000
        if prompt.digits:
            self._line.send_digits(prompt.digits)
        else:
            began += START_SECONDS
            text = " ".join(word.text for word in prompt.words if word.start_ms >= from_ms)
            self._line.say(text, interruptible=prompt.interruptible)
        self._playing = Playing(utterance, prompt, began, from_ms)

    def _hush(self) -> None:
        if self._playing is not None:
            self._playing = None
            self._line.hush()

    def _said(self, text: str, at_ms: int, *, final: bool) -> Sequence[events.Event]:
        start = self._sound_ms
        if start is None:
            start = max(0, at_ms - WORD_MS * len(text.split()))
        sound = self._callee_sounds(at_ms if final else start, begins=not final)
        return [*sound, events.CalleeHeard(text, final, start, at_ms)]

    def _callee_sounds(self, at_ms: int, *, begins: bool) -> Sequence[events.Event]:
        if begins is (self._sound_ms is not None):
            return []
        self._sound_ms = at_ms if begins else None
        return [events.SpeechStarted(at_ms) if begins else events.SpeechStopped(at_ms)]

    def _began(self) -> Sequence[events.Event]:
        playing = self._playing
        if playing is not None and not playing.sounds:
            playing.sounds = True
            playing.began = self._clock.monotonic() - playing.at_ms / 1000
        return []

    def _ended(self) -> Sequence[events.Event]:
        """Believe it, unless it speaks of words that were said before these, or cut off."""
        playing = self._playing
        if playing is None or not playing.sounds:
            return []
        if playing.place(self._clock.monotonic()) < EARLIEST_END * playing.prompt.milliseconds:
            return []
        self._playing = None
        return [events.SaidAll()]

"""A small shell for sessions: its voice is instant, its line plays at once, time is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from switchhook.engine import events, session
from switchhook.engine.effects import (
    Effect,
    PauseSpeech,
    PlaceMark,
    Play,
    PressDigits,
    Speak,
    StopSpeech,
)
from tests.engine.conversation import WORD_MS, Conversation, timed, told

TICK = 0.02


@dataclass
class Mouth:
    """What is being played."""

    utterance: int = 0
    left: int = 0
    lengths: dict[int, int] = field(default_factory=dict[int, int])


class Shell(Conversation):
    """A conversation whose speech plays by itself while the time passes."""

    def __init__(self, **known: Any) -> None:
        super().__init__(told(**known))
        self.mouth = Mouth()
        self.marks = True
        self.slow = False
        """Whether the voice never makes anything."""
        self.plays: list[Play] = []

    def step(self, event: events.Event) -> list[Effect]:
        effects = super().step(event)
        for effect in effects:
            self._perform(effect)
        return effects

    def go(self, seconds: float) -> None:
        """Let the time pass in beats, as a ticker does."""
        for _ in range(round(seconds / TICK)):
            self.now = round(self.now + TICK, 6)
            if self.mouth.left > 0:
                self.mouth.left -= 20
                self.step(events.FramesSent(self.mouth.utterance, 20))
            moment = session.deadline(self.session)
            if moment is not None and moment <= self.now:
                self.step(events.DeadlineReached())

    def picked_up(self, seconds: float = 0.0) -> Self:
        """Answer, and let some time pass."""
        self.step(events.Answered())
        self.go(seconds)
        return self

    def greeted(self) -> Self:
        """Answer, and hear the greeting to its end."""
        self.picked_up()
        while not self.session.mute or self.session.waiting:
            self.go(TICK)
        return self

    def into_opening(self) -> Self:
        """Answer, and hear a second of what may be interrupted."""
        self.picked_up()
        while self.session.current is None or not self.session.current.interruptible:
            self.go(TICK)
        self.go(1.0)
        return self

    def starts(self) -> None:
        """Let the callee make sound; it is sure after 120 ms."""
        start = self.ms
        self.go(0.12)
        self.step(events.SpeechStarted(start))

    def stops(self) -> None:
        """Let the callee be quiet; it is sure after 200 ms."""
        end = self.ms
        self.go(0.06)
        self.step(events.SpeechFades(quiet=True))
        self.go(0.14)
        self.step(events.SpeechStopped(end))

    def says(self, text: str, seconds: float = 0.6) -> None:
        """Let the callee say something with sound and words, and be quiet."""
        start = self.ms
        self.starts()
        self.go(max(0.0, seconds - 0.12))
        self.step(events.CalleeHeard(text, False, start, self.ms))  # noqa: FBT003 - the ears' words
        self.stops()

    def did(self, kind: type[Effect]) -> int:
        return sum(isinstance(effect, kind) for effect in self.effects)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Speak(utterance, text) if not self.slow:
                words = timed(text)
                self._ready(utterance, len(words) * WORD_MS, words)
            case PressDigits(utterance, digits):
                self._ready(utterance, 600 * len(digits), ())
            case Play(utterance, from_ms):
                self.plays.append(effect)
                self.mouth.utterance = utterance
                self.mouth.left = self.mouth.lengths[utterance] - from_ms
            case PauseSpeech() | StopSpeech():
                self.mouth.left = 0
            case PlaceMark(name) if self.marks:
                self.later = name
                self.step(events.MarkEchoed(name))
            case _:
                pass

    def _ready(self, utterance: int, length: int, words: Any) -> None:
        self.unmade = type(self.unmade)(w for w in self.unmade if w.utterance != utterance)
        self.mouth.lengths[utterance] = length
        self.step(events.SpeechReady(utterance, length, words))

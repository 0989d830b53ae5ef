"""Drives a session by hand: a voice of 300 ms a word, and a line that plays at once."""

from __future__ import annotations

from collections import deque
from datetime import date
from typing import Any, Self

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.transcript import Word
from switchhook.engine import events, session
from switchhook.engine.brief import Brief
from switchhook.engine.effects import (
    CloseQuestion,
    Effect,
    Forget,
    HangUp,
    OpenQuestion,
    PlaceMark,
    PressDigits,
    Publish,
    Settle,
    Speak,
)

WORD_MS = 300
TODAY = date(2026, 11, 21)


def told(**known: Any) -> Brief:
    ordinary: dict[str, Any] = {"today": TODAY, "name": "Rosa", "task": "a table for four"}
    return Brief(**ordinary | known)


def timed(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, start_ms=n * WORD_MS, end_ms=(n + 1) * WORD_MS)
        for n, word in enumerate(text.split())
    )


class Conversation:
    """A call in which the test is the shell, the voice and the callee."""

    def __init__(self, brief: Brief | None = None) -> None:
        self.session = session.start(brief or told())
        self.now = 100.0
        self.effects: list[Effect] = []
        self.unmade: deque[Speak | PressDigits] = deque()
        self.utterance = 0

    @property
    def speaking(self) -> Speak | None:
        """What is to be said next and has no audio yet."""
        return next((wanted for wanted in self.unmade if isinstance(wanted, Speak)), None)

    def step(self, event: events.Event) -> list[Effect]:
        effects = session.step(self.session, event, self.now)
        self.effects += effects
        for effect in effects:
            match effect:
                case Speak() | PressDigits():
                    self.unmade.append(effect)
                case Forget(utterance):
                    kept = [w for w in self.unmade if w.utterance != utterance]
                    self.unmade = deque(kept)
                case _:
                    pass
        return effects

    def wait(self, seconds: float) -> None:
        """Let the time pass, and step at every deadline in it."""
        end = self.now + seconds
        while (moment := session.deadline(self.session)) is not None and moment <= end:
            self.now = max(self.now, moment)
            self.step(events.DeadlineReached())
        self.now = end

    def voice(self) -> int:
        """Make the audio of what is to be said; return its length."""
        assert self.unmade, "nothing is to be said"
        wanted = self.unmade.popleft()
        words = timed(wanted.text) if isinstance(wanted, Speak) else ()
        length = len(words) * WORD_MS if isinstance(wanted, Speak) else 600 * len(wanted.digits)
        self.utterance = wanted.utterance
        self.step(events.SpeechReady(wanted.utterance, length, words))
        return length

    def play(self, milliseconds: int) -> None:
        """Send and hear so much of the utterance."""
        for _ in range(milliseconds // 20):
            marks = [
                e.name
                for e in self.step(events.FramesSent(self.utterance, 20))
                if isinstance(e, PlaceMark)
            ]
            self.now += 0.02
            for mark in marks:
                self.step(events.MarkEchoed(mark))

    def hear_out(self) -> str:
        """Let everything that is to be said be heard; return the last of it."""
        last = ""
        while self.unmade:
            last = self.speaking.text if self.speaking else last
            self.play(self.voice())
        return last

    def live(self, seconds: float) -> list[str]:
        """Let the time pass, hear out whatever is said meanwhile, and return it."""
        end, said = self.now + seconds, list[str]()
        while self.now < end:
            self.wait(min(0.1, end - self.now))
            if self.unmade:
                said.append(self.hear_out())
        return said

    def sound(self, seconds: float, text: str = "") -> None:
        """Let the callee make sound for so long, with these words at its end."""
        start = self.ms
        self.wait(0.12)
        self.step(events.SpeechStarted(start))
        self.wait(seconds - 0.12)
        if text:
            self.words(text, start_ms=start)
        self.wait(0.2)
        self.step(events.SpeechStopped(self.ms - 200))

    def words(self, text: str, *, start_ms: int | None = None, certain: bool = False) -> None:
        """Let words of the callee be heard that began just now, or then."""
        start = self.ms if start_ms is None else start_ms
        self.step(
            events.CalleeHeard(text, final=False, start_ms=start, end_ms=self.ms, certain=certain)
        )

    def callee(self, text: str) -> str:
        """Let the callee say something and hear the agent out."""
        start = self.ms
        self.now += 0.6
        self.step(events.CalleeHeard(text, final=False, start_ms=start, end_ms=self.ms))
        end = self.ms
        self.now += 0.6
        self.step(events.CalleeHeard(text, final=True, start_ms=start, end_ms=end))
        return self.hear_out()

    def answered(self) -> Self:
        """Pick up and hear the greeting."""
        for effect in self.step(events.Answered()):
            if isinstance(effect, PlaceMark):
                self.step(events.MarkEchoed(effect.name))
        self.hear_out()
        return self

    @property
    def ms(self) -> int:
        return round((self.now - 100.0) * 1000)

    @property
    def facts(self) -> list[Fact]:
        return [
            e.fact for e in self.effects if isinstance(e, Publish | OpenQuestion | CloseQuestion)
        ]

    @property
    def transcript(self) -> list[str]:
        return [
            f"{f.data['speaker']}: {f.text}{' -' if f.data['interrupted'] else ''}"
            for f in self.facts
            if f.kind is Kind.SPOKEN
        ]

    @property
    def end(self) -> HangUp | None:
        ends = [effect for effect in self.effects if isinstance(effect, HangUp)]
        assert len(ends) <= 1
        return ends[0] if ends else None

    @property
    def receipts(self) -> list[Settle]:
        return [effect for effect in self.effects if isinstance(effect, Settle)]

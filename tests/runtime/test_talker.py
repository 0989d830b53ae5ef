"""What a line that talks by itself is asked, and what is made of what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from switchhook.engine import events
from switchhook.engine.effects import Duck, Forget, Play, PlayMusic, Speak, StopSpeech
from switchhook.ports import AgentCutOff, AgentSounds, CalleeSaid, CalleeSounds, Talk
from switchhook.runtime.talking import GRACE_SECONDS, START_SECONDS, Talker
from switchhook.testing import FakeTalkingLine
from switchhook.testing.virtual import EPOCH

TEXT = "We have a table at eight."
LENGTH = 1760
"""Milliseconds that the text should take."""


@dataclass
class Watch:
    """A clock that is set by hand."""

    at: float = 100.0

    def now(self) -> datetime:
        return EPOCH

    def monotonic(self) -> float:
        return self.at

    async def sleep_until(self, moment: float) -> None:
        self.at = max(self.at, moment)


@dataclass
class Rig:
    """A talker, and all that it says of its own accord."""

    clock: Watch = field(default_factory=Watch)
    fed: list[events.Event] = field(default_factory=list[events.Event])

    def __post_init__(self) -> None:
        self.line = FakeTalkingLine([], self.clock)
        self.talker = Talker(self.line, self.clock, interruptible=True)

    def feed(self, event: events.Event) -> None:
        self.fed.append(event)

    def speaking(self, text: str = TEXT) -> Rig:
        """Say something, and let the line begin."""
        self.talker.make(Speak(1, text))
        self.talker.sound(Play(1))
        self.tells(AgentSounds(begins=True))
        return self

    def tells(self, talk: Talk, at_ms: int = 0) -> list[events.Event]:
        return list(self.talker.take(talk, at_ms))

    def after(self, seconds: float) -> int:
        """Let the time pass and return how much was said in it, in milliseconds."""
        self.clock.at += seconds
        sent = self.talker.beat(self.clock.at)
        return sent.milliseconds if sent else 0


def rigged(check: Callable[[Rig], None]) -> None:
    """Check something where tasks can be owned."""

    async def main() -> None:
        rig = Rig()
        async with asyncio.TaskGroup() as group:
            rig.talker.open(group, rig.feed)
            check(rig)

    asyncio.run(main())


def test_words_are_ready_as_soon_as_they_are_known() -> None:
    def check(rig: Rig) -> None:
        rig.talker.make(Speak(1, TEXT))

        (ready,) = rig.fed
        assert isinstance(ready, events.SpeechReady)
        assert (ready.milliseconds, ready.last) == (LENGTH, True)
        assert [word.text for word in ready.words] == TEXT.split()
        assert rig.line.said == []

    rigged(check)


def test_the_clock_runs_from_the_moment_at_which_the_line_begins() -> None:
    def check(rig: Rig) -> None:
        rig.talker.make(Speak(1, TEXT))
        rig.talker.sound(Play(1))
        assert rig.after(START_SECONDS / 2) == 0

        rig.tells(AgentSounds(begins=True))

        assert rig.after(0.5) == 500

    rigged(check)


def test_what_was_paused_is_said_from_the_word_at_that_place() -> None:
    def check(rig: Rig) -> None:
        rig.talker.make(Speak(1, TEXT))
        rig.talker.sound(Play(1, 700))

        assert rig.line.said == [("table at eight.", True)]
        assert rig.after(START_SECONDS + 0.11) == 100

    rigged(check)


def test_the_last_of_it_is_the_lines_to_tell() -> None:
    def check(rig: Rig) -> None:
        rig.speaking()
        assert rig.after(LENGTH / 1000 + GRACE_SECONDS / 2) == LENGTH - 20

        assert rig.tells(AgentSounds(begins=False)) == [events.SaidAll()]
        assert rig.after(10) == 0

    rigged(check)


def test_a_line_that_never_says_that_it_is_done_is_given_a_moment_more() -> None:
    def check(rig: Rig) -> None:
        rig.speaking()
        assert rig.after(LENGTH / 1000 + GRACE_SECONDS - 0.1) == LENGTH - 20
        assert rig.after(0.2) == 20
        assert rig.tells(AgentSounds(begins=False)) == []

    rigged(check)


def test_an_end_that_comes_too_soon_is_not_believed() -> None:
    def check(rig: Rig) -> None:
        rig.speaking()
        rig.after(0.3)

        assert rig.tells(AgentSounds(begins=False)) == []
        assert rig.tells(AgentCutOff("We have")) == [events.CutOff("We have")]
        assert rig.after(10) == 0

    rigged(check)


def test_the_end_of_the_words_before_is_not_the_end_of_these() -> None:
    def check(rig: Rig) -> None:
        rig.talker.make(Speak(1, TEXT))
        rig.talker.sound(Play(1))
        rig.after(START_SECONDS + LENGTH / 1000)

        assert rig.tells(AgentSounds(begins=False)) == []

    rigged(check)


def test_a_second_beginning_does_not_set_the_clock_back() -> None:
    def check(rig: Rig) -> None:
        rig.speaking()
        rig.after(0.5)

        rig.tells(AgentSounds(begins=True))

        assert rig.after(0.5) == 500

    rigged(check)


def test_what_is_taken_back_while_it_is_said_is_hushed() -> None:
    def check(rig: Rig) -> None:
        rig.speaking()
        rig.talker.make(Forget(1))

        assert rig.line.hushed == 1
        assert rig.after(1.0) == 0

    rigged(check)


def test_a_line_that_says_nothing_is_not_hushed() -> None:
    def check(rig: Rig) -> None:
        rig.speaking()
        rig.tells(AgentCutOff("We"))
        rig.talker.sound(StopSpeech(0))
        rig.talker.sound(Duck())
        rig.talker.make(Forget(1))

        assert rig.line.hushed == 0

    rigged(check)


def test_words_that_come_piece_by_piece_begin_where_their_sound_did() -> None:
    def check(rig: Rig) -> None:
        assert rig.tells(CalleeSounds(begins=True), 1000) == [events.SpeechStarted(1000)]
        (piece,) = rig.tells(CalleeSaid("Yes, we", final=False), 1600)
        silence, whole = rig.tells(CalleeSaid("Yes, we are.", final=True), 2200)

        assert piece == events.CalleeHeard("Yes, we", final=False, start_ms=1000, end_ms=1600)
        assert silence == events.SpeechStopped(2200)
        assert whole == events.CalleeHeard("Yes, we are.", final=True, start_ms=1000, end_ms=2200)
        assert rig.tells(CalleeSounds(begins=False), 2300) == []

    rigged(check)


def test_words_without_a_sound_are_the_sound() -> None:
    def check(rig: Rig) -> None:
        begins, piece = rig.tells(CalleeSaid("Yes, we", final=False), 1600)

        assert begins == events.SpeechStarted(1000)
        assert piece == events.CalleeHeard("Yes, we", final=False, start_ms=1000, end_ms=1600)

    rigged(check)


def test_words_that_come_as_a_whole_began_a_while_ago() -> None:
    def check(rig: Rig) -> None:
        assert rig.tells(CalleeSaid("Yes.", final=True), 100) == [
            events.CalleeHeard("Yes.", final=True, start_ms=0, end_ms=100)
        ]

    rigged(check)


def test_music_plays_until_it_is_wanted_no_more() -> None:
    rig = Rig()
    rig.talker.sound(PlayMusic(on=True))
    rig.line.end.beat()
    assert (rig.line.music, rig.line.end.speaks) == (1, True)
    rig.talker.sound(PlayMusic(on=False))
    assert not rig.line.end.speaks

"""Any events in any order: the promises hold for the conversation core alone as well."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switchhook.domain.lifecycle import Reason
from switchhook.domain.transcript import Word
from switchhook.engine import events, session
from switchhook.engine.brief import Brief, Thinker
from switchhook.engine.effects import Effect, PauseSpeech, PlaceMark, Play, Speak, StopSpeech
from switchhook.engine.events import Event
from switchhook.engine.screening import Tone, Verdict
from switchhook.engine.state import Phase
from tests.simulation.bugs import (
    Bug,
    deadline_in_the_past,
    sent_counted_as_heard,
    settled_twice,
    speech_after_hang_up,
    spoken_twice,
    terminal_state_left,
    unheard_text_written,
)
from tests.simulation.plans import LINES
from tests.simulation.watch import Watch

WORD_MS = 300
_TEXT = st.sampled_from(LINES)
_SMALL = st.integers(0, 40)
MOVES = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 400)),
    st.tuples(st.just("voice"), st.booleans()),
    st.tuples(st.just("send"), _SMALL),
    st.tuples(st.just("echo"), _SMALL),
    st.tuples(st.just("words"), st.tuples(_TEXT, st.booleans(), st.booleans())),
    st.tuples(st.just("sound"), st.booleans()),
    st.tuples(st.just("tone"), st.sampled_from(list(Tone))),
    st.tuples(st.just("verdict"), st.sampled_from(list(Verdict))),
    st.tuples(st.just("command"), st.sampled_from(["say", "cut in", "keys", "answer", "end"])),
    st.tuples(st.just("digit"), st.sampled_from("19#")),
    st.tuples(st.just("answered"), st.none()),
    st.tuples(st.just("gone"), st.none()),
)
Move = tuple[str, object]


class Stage:
    """A call in which a script is the shell, the voice, the line and the callee."""

    def __init__(self, thinker: Thinker) -> None:
        brief = Brief(today=date(2026, 11, 21), name="Rosa", task="a table", thinker=thinker)
        self.watch = Watch(answers_within=3600.0, quiet_at_most=3600.0)
        self.watch.inner = session.step
        self.session = session.start(brief)
        self.now = 10.0
        self.commands = 0
        self.wanted: list[Speak] = []
        self.marks: list[str] = []
        self.playing: int | None = None
        self.left: dict[int, int] = {}

    def step(self, event: Event) -> None:
        for effect in self.watch.step(self.session, event, self.now):
            self.take(effect)

    def take(self, effect: Effect) -> None:
        match effect:
            case Speak():
                self.wanted.append(effect)
            case Play(number):
                self.playing = number
            case StopSpeech() | PauseSpeech():
                self.playing = None
            case PlaceMark(name):
                self.marks.append(name)
            case _:
                pass

    def happen(self, move: Move) -> None:
        match move:
            case ("wait", int(hundredths)):
                self.now += hundredths / 100
                self.step(events.DeadlineReached(self.now))
            case ("voice", bool(works)) if self.wanted:
                self.speak(works=works)
            case ("send", int(frames)):
                self.send(frames)
            case ("echo", int(which)) if self.marks:
                self.step(events.MarkEchoed(self.marks[which % len(self.marks)]))
            case _:
                self.step(self.event(move))

    def speak(self, *, works: bool) -> None:
        speak = self.wanted.pop(0)
        if not works:
            self.step(events.SpeechFailed(speak.utterance))
            return
        words = tuple(
            Word(text=word, start_ms=n * WORD_MS, end_ms=(n + 1) * WORD_MS)
            for n, word in enumerate(speak.text.split())
        )
        self.left[speak.utterance] = len(words) * WORD_MS
        self.step(events.SpeechReady(speak.utterance, len(words) * WORD_MS, words))

    def send(self, frames: int) -> None:
        for _ in range(frames):
            number = self.playing
            if number is None or self.left.get(number, 0) <= 0:
                return
            self.left[number] -= 20
            self.step(events.FramesSent(number, 20))
            self.now += 0.02

    def event(self, move: Move) -> Event:
        at = round(self.now * 1000) - 10_000
        match move:
            case ("words", (str(text), bool(final), bool(certain))):
                return events.CalleeHeard(text, final, max(0, at - 500), at, certain)
            case ("digit", str(digit)):
                return events.DigitPressed(digit)
            case ("gone", _):
                return events.LineGone()
            case ("command", str(what)):
                return self.command(what)
            case _:
                return self.sensed(move, at)

    def sensed(self, move: Move, at: int) -> Event:
        match move:
            case ("sound", begins):
                return events.SpeechStarted(at) if begins else events.SpeechStopped(at)
            case ("tone", Tone() as tone):
                return events.ToneHeard(tone, at)
            case ("verdict", Verdict() as verdict):
                return events.MachineVerdict(verdict)
            case _:
                return events.Answered()

    def command(self, what: str) -> Event:
        self.commands += 1
        match what:
            case "say" | "cut in":
                return events.SayAsked(self.commands, "One more thing.", what == "cut in")
            case "keys":
                return events.KeysAsked(self.commands, "12#")
            case "answer":
                return events.AnswerGiven(self.commands, "q1", "Ten.")
            case _:
                return events.HangUpAsked(self.commands, Reason.API_HANGUP)

    def end(self) -> None:
        """Wait until the call is over: every call has an end."""
        for _ in range(400):
            moment = session.deadline(self.session)
            if moment is None:
                break
            self.now = max(self.now, moment)
            self.step(events.DeadlineReached(self.now))
        over = self.session.phase is Phase.OVER
        assert over, "the call never ends"
        # What comes late changes nothing.
        self.step(events.Answered())
        self.step(events.LineGone())


def perform(thinker: Thinker, moves: list[Move]) -> None:
    stage = Stage(thinker)
    stage.step(events.Answered())
    for move in moves:
        stage.happen(move)
    stage.end()
    assert stage.watch.broken == []


@settings(max_examples=200, deadline=None)
@given(thinker=st.sampled_from(list(Thinker)), moves=st.lists(MOVES, max_size=50))
def test_whatever_happens_in_whatever_order_every_promise_is_kept(
    thinker: Thinker, moves: list[Move]
) -> None:
    perform(thinker, moves)


BUSY: list[Move] = [
    ("voice", True),
    ("send", 40),
    ("echo", 0),
    ("words", ("Who is this?", True, False)),
    ("voice", True),
    ("send", 40),
    ("wait", 100),
    ("voice", True),
    ("send", 40),
    ("gone", None),
]


@pytest.mark.parametrize(
    "bug",
    [
        settled_twice,
        speech_after_hang_up,
        deadline_in_the_past,
        unheard_text_written,
        terminal_state_left,
        sent_counted_as_heard,
        spoken_twice,
    ],
    ids=str,
)
def test_a_bug_breaks_a_promise_in_an_ordinary_script(
    bug: Bug, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform(Thinker.INTERVIEW, BUSY)
    bug.plant(monkeypatch)

    with pytest.raises(AssertionError):
        perform(Thinker.INTERVIEW, BUSY)

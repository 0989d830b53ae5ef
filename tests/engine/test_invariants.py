"""What must hold whatever happens, in whatever order."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from switchhook.domain.happenings import Kind
from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, session
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import (
    BeginEnding,
    CloseQuestion,
    Effect,
    HangUp,
    OpenQuestion,
    PlaceMark,
    Publish,
    Settle,
    Speak,
    StopSpeech,
)
from switchhook.engine.state import Phase
from tests.engine.conversation import WORD_MS, timed, told

_WORDS = st.sampled_from(
    [
        "Yes.",
        "No.",
        "Hello?",
        "Who is this?",
        "What does it cost?",
        "Four.",
        "mhm",
        "Sorry?",
        "Wrong number",
        "Stop calling me",
        "Goodbye",
        "",
    ]
)
_MOVES = st.one_of(
    st.tuples(st.just("wait"), st.integers(0, 3000)),
    st.tuples(st.just("voice"), st.booleans()),
    st.tuples(st.just("send"), st.integers(1, 40)),
    st.tuples(st.just("echo"), st.integers(0, 9)),
    st.tuples(st.just("partial"), _WORDS),
    st.tuples(st.just("final"), _WORDS),
    st.tuples(st.just("say"), st.booleans()),
    st.tuples(st.just("keys"), st.just("12")),
    st.tuples(st.just("answer"), st.sampled_from(["q1", "q2"])),
    st.tuples(st.just("hang up"), st.just(Reason.API_HANGUP)),
    st.tuples(st.just("digit"), st.just("5")),
    st.tuples(st.just("gone"), st.just(None)),
    st.tuples(st.just("answered"), st.just(None)),
)


class Storm:
    """Lets anything happen, and watches."""

    def __init__(self, thinker: Thinker) -> None:
        self.session = session.start(told(thinker=thinker))
        self.now = 0.0
        self.effects: list[Effect] = []
        self.marks: list[str] = []
        self.commands = 0
        self.begun: list[Speak] = []
        self.left = 0

    def step(self, event: events.Event) -> None:
        over = self.session.phase is Phase.OVER
        effects = session.step(self.session, event, self.now)
        moment = session.deadline(self.session)
        if isinstance(event, events.DeadlineReached):
            assert moment is None or moment > self.now
        assert moment is None or not over
        if over:
            assert all(isinstance(e, Settle) and e.result == "refused" for e in effects)
        for effect in effects:
            match effect:
                case Speak():
                    self.begun.append(effect)
                    self.left = 0
                case PlaceMark(name):
                    self.marks.append(name)
                case StopSpeech(heard_ms):
                    assert heard_ms >= 0
                    self.left = 0
                case _:
                    pass
        assert self.session.ledger.heard(self.now) <= self.session.ledger.sent
        self.effects += effects

    def voice(self, *, works: bool) -> None:
        current = self.session.current
        if current is None or current.complete:
            return
        if not works:
            self.step(events.SpeechFailed(current.number))
            return
        words = timed(current.text)
        self.left = len(words) * WORD_MS
        self.step(events.SpeechReady(current.number, self.left, words))

    def send(self, frames: int) -> None:
        for _ in range(frames):
            current = self.session.current
            if current is None or self.left <= 0:
                return
            self.left -= 20
            self.step(events.FramesSent(current.number, 20))

    def happen(self, move: tuple[str, object]) -> None:
        self.commands += 1
        match move:
            case ("wait", int(milliseconds)):
                self.now += milliseconds / 100
                self.step(events.DeadlineReached())
            case ("voice", bool(works)):
                self.voice(works=works)
            case ("send", int(frames)):
                self.send(frames)
                self.now += frames * 0.02
            case ("echo", int(which)) if self.marks:
                self.step(events.MarkEchoed(self.marks[-1 - which % len(self.marks)]))
            case _:
                self.step(self.event(move))

    def event(self, move: tuple[str, object]) -> events.Event:
        at = round(self.now * 1000)
        match move:
            case ("partial" | "final" as sort, str(text)):
                return events.CalleeHeard(text, final=sort == "final", start_ms=at, end_ms=at)
            case ("digit", str(digit)):
                return events.DigitPressed(digit)
            case ("gone", _):
                return events.LineGone()
            case ("answered" | "echo", _):
                return events.Answered()
            case _:
                return self.command(move)

    def command(self, move: tuple[str, object]) -> events.Event:
        match move:
            case ("say", bool(interrupt)):
                return events.SayAsked(self.commands, "One more thing.", interrupt)
            case ("keys", str(digits)):
                return events.KeysAsked(self.commands, digits)
            case ("answer", str(question)):
                return events.AnswerGiven(self.commands, question, "Ten.")
            case _:
                return events.HangUpAsked(self.commands, Reason.API_HANGUP)

    def settle(self) -> None:
        """Wait for the end that every call has."""
        for _ in range(200):
            moment = session.deadline(self.session)
            if moment is None:
                return
            self.now = max(self.now, moment)
            self.step(events.DeadlineReached())
        raise AssertionError("the call never ends")


@settings(max_examples=300, deadline=None)
@given(
    thinker=st.sampled_from(list(Thinker)),
    moves=st.lists(_MOVES, max_size=60),
)
def test_whatever_happens_the_call_stays_a_call(
    thinker: Thinker, moves: list[tuple[str, object]]
) -> None:
    storm = Storm(thinker)
    storm.step(events.Answered())
    for move in moves:
        storm.happen(move)
    storm.settle()

    ends = [index for index, e in enumerate(storm.effects) if isinstance(e, HangUp)]
    assert len(ends) == 1
    assert all(isinstance(e, Settle) for e in storm.effects[ends[0] + 1 :])
    assert sum(isinstance(e, BeginEnding) for e in storm.effects) <= 1

    opened = sum(isinstance(e, OpenQuestion) for e in storm.effects)
    assert sum(isinstance(e, CloseQuestion) for e in storm.effects) <= opened

    settled = Counter(e.command for e in storm.effects if isinstance(e, Settle))
    assert all(times == 1 for times in settled.values())
    asked = {
        number
        for number, (sort, _) in enumerate(moves, start=1)
        if sort in ("say", "keys", "answer", "hang up")
    }
    assert set(settled) == asked

    lines = [e.fact for e in storm.effects if isinstance(e, Publish) and e.fact.kind is Kind.SPOKEN]
    assert len([x for x in lines if x.data["speaker"] == "agent"]) <= len(storm.begun)
    assert len({speak.utterance for speak in storm.begun}) == len(storm.begun)
    if storm.begun:
        assert storm.begun[0].text.startswith("Hello, this is an AI assistant")

"""Utterances that are made piece by piece, by a voice that may be slower than speech."""

from __future__ import annotations

import pytest

from switchhook.domain.lifecycle import Reason
from switchhook.engine import events, speaking
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import PauseSpeech, PlaceMark, Play, StopSpeech
from tests.engine.conversation import Conversation, timed, told

TEXT = "one two three four"


class Piecemeal(Conversation):
    """A call in which the agent is asked to say something, and says it in pieces."""

    def __init__(self) -> None:
        super().__init__(told(thinker=Thinker.ASSISTANT, idle_seconds=2.0))
        self.answered()
        self.effects.clear()
        self.step(events.SayAsked(1, TEXT))
        assert self.speaking is not None
        self.utterance = self.unmade.popleft().utterance
        self.made = 0

    def piece(self, milliseconds: int, *, last: bool = False) -> None:
        """Let so much more be made, with the words that begin in it."""
        until = self.made + milliseconds
        words = tuple(w for w in timed(TEXT) if self.made <= w.start_ms < until)
        self.made = until
        self.step(events.SpeechReady(self.utterance, milliseconds, words, last))

    def count(self, what: str) -> int:
        return self.session.latency.counts.get(what, 0)

    @property
    def plays(self) -> list[int]:
        return [effect.from_ms for effect in self.effects if isinstance(effect, Play)]


def test_it_is_played_once_there_is_a_cushion_of_it() -> None:
    call = Piecemeal()

    call.piece(80)
    assert call.plays == []
    call.piece(20)
    assert call.plays == [0]


def test_what_is_shorter_than_the_cushion_is_played_when_it_is_whole() -> None:
    call = Piecemeal()

    call.piece(80, last=True)

    assert call.plays == [0]


def test_it_is_heard_to_its_end_when_the_last_piece_is() -> None:
    call = Piecemeal()
    for _ in range(3):
        call.piece(300)
        call.play(300)
    call.piece(300, last=True)
    assert call.receipts == []

    call.play(300)

    assert call.transcript[-1] == f"agent: {TEXT}"
    assert [r.result for r in call.receipts] == ["done"]
    assert call.plays == [0]


def test_a_gap_is_counted_and_is_neither_the_end_nor_dead_air() -> None:
    call = Piecemeal()
    call.piece(300)
    call.play(300)

    call.wait(speaking.VOICE_PATIENCE - 0.5)
    assert call.receipts == []
    assert call.unmade == type(call.unmade)()
    call.piece(900, last=True)
    call.play(900)

    assert call.count("underruns") == 1
    assert call.transcript[-1] == f"agent: {TEXT}"


def test_an_end_that_is_told_after_the_audio_is_no_gap_and_waits_for_nothing() -> None:
    call = Piecemeal()
    call.piece(1200)
    call.play(1200)
    assert call.receipts == []

    call.piece(0, last=True)

    assert [r.result for r in call.receipts] == ["done"]
    assert call.count("underruns") == call.count("marks_missing") == 0


def test_a_voice_that_never_goes_on_is_cut_where_it_stopped() -> None:
    call = Piecemeal()
    call.piece(600)
    call.play(600)

    call.wait(speaking.VOICE_PATIENCE)

    assert call.transcript[-1] == "agent: one two -"
    assert [(r.result, r.heard) for r in call.receipts] == [("interrupted", "one two")]
    assert call.end is None


def test_the_next_utterance_is_made_when_this_one_is_whole() -> None:
    call = Piecemeal()
    call.step(events.SayAsked(2, "five"))
    call.piece(300)
    call.play(40)
    assert call.speaking is None

    call.piece(900, last=True)

    assert call.speaking is not None
    assert call.speaking.text == "five"


def test_what_was_heard_of_a_growing_utterance_is_exact() -> None:
    call = Piecemeal()
    before = call.session.ledger.sent
    call.piece(600)
    call.play(540)

    call.step(events.SayAsked(2, "stop", interrupt=True))

    assert call.transcript[-1] == "agent: one two -"
    assert [e.heard_ms - before for e in call.effects if isinstance(e, StopSpeech)] == [540]


def test_every_word_of_a_growing_utterance_may_be_heard_and_more_was_to_come() -> None:
    call = Piecemeal()
    call.piece(1200)
    call.play(1200)

    call.step(events.SayAsked(2, "stop", interrupt=True))

    assert call.transcript[-1] == f"agent: {TEXT} -"


def interrupted(call: Piecemeal) -> None:
    """Let the callee make a sound over the agent until it pauses."""
    call.step(events.SpeechStarted(call.ms))
    call.wait(0.35)
    assert any(isinstance(effect, PauseSpeech) for effect in call.effects)


def listens(call: Piecemeal) -> None:
    """Let it be a sign of listening, so that the agent goes on."""
    call.words("mhm")
    call.step(events.SpeechStopped(call.ms))


def test_pieces_that_come_during_a_pause_are_played_after_it() -> None:
    call = Piecemeal()
    call.piece(300)
    call.play(300)
    interrupted(call)
    call.piece(900, last=True)
    assert call.plays == [0]

    listens(call)

    assert call.plays == [0, 300]
    call.play(900)
    assert call.transcript[-1] == f"agent: {TEXT}"
    assert call.count("underruns") == 0


def test_after_a_pause_a_voice_that_has_nothing_more_is_waited_for() -> None:
    call = Piecemeal()
    call.piece(300)
    call.play(300)
    interrupted(call)
    listens(call)
    assert call.plays == [0]

    call.piece(900, last=True)

    assert call.plays == [0, 300]


def test_after_a_pause_a_voice_is_not_waited_for_without_end() -> None:
    call = Piecemeal()
    call.piece(300)
    call.play(300)
    interrupted(call)
    listens(call)

    call.wait(speaking.VOICE_PATIENCE)

    assert [r.result for r in call.receipts] == ["interrupted"]


def test_a_voice_that_fails_midway_is_heard_as_far_as_it_came() -> None:
    call = Piecemeal()
    call.piece(600)
    call.play(100)

    call.step(events.SpeechFailed(call.utterance))
    call.play(500)

    assert call.transcript[-1] == "agent: one two -"
    assert [(r.result, r.heard) for r in call.receipts] == [("interrupted", "one two")]
    assert call.end is None


def test_a_voice_that_fails_before_its_cushion_is_heard_all_the_same() -> None:
    call = Piecemeal()
    call.piece(60)

    call.step(events.SpeechFailed(call.utterance))

    assert call.plays == [0]


def test_the_next_utterance_may_fail_midway_while_this_one_is_played() -> None:
    call = Piecemeal()
    call.step(events.SayAsked(2, "five six"))
    call.piece(1200, last=True)
    five = call.unmade.popleft().utterance
    call.step(events.SpeechReady(five, 300, timed("five"), last=False))
    call.step(events.SpeechFailed(five))

    call.play(1200)
    call.utterance = five
    call.play(300)

    assert call.transcript[-2:] == [f"agent: {TEXT}", "agent: five -"]


def test_a_voice_that_made_nothing_ends_the_call() -> None:
    call = Piecemeal()

    call.step(events.SpeechFailed(call.utterance))

    assert call.session.reason is Reason.ERROR_TTS


@pytest.mark.parametrize("late", [events.SpeechReady(99, 20, ()), events.SpeechFailed(99)])
def test_what_is_told_of_an_utterance_that_is_over_changes_nothing(late: events.Event) -> None:
    call = Piecemeal()
    call.piece(1200, last=True)

    assert call.step(late) == []
    assert call.step(events.SpeechReady(call.utterance, 20, ())) == []


def test_the_room_that_sounds_in_a_gap_is_no_part_of_what_is_said() -> None:
    call = Piecemeal()
    call.piece(300)
    call.play(300)
    for _ in range(50):
        call.step(events.FramesSent(0, 20))
        call.now += 0.02

    call.piece(900, last=True)
    call.play(240)
    call.step(events.SayAsked(2, "stop", interrupt=True))

    assert call.transcript[-1] == "agent: one two -"


def test_marks_are_asked_for_where_audio_begins_and_where_it_runs_dry() -> None:
    call = Piecemeal()
    call.piece(140)
    call.effects.clear()

    for _ in range(7):
        call.step(events.FramesSent(call.utterance, 20))

    assert sum(isinstance(effect, PlaceMark) for effect in call.effects) == 2


def test_a_voice_that_times_no_words_is_not_believed_to_have_said_all_in_its_first_piece() -> None:
    call = Piecemeal()
    call.step(events.SpeechReady(call.utterance, 300, (), last=False))
    call.play(300)

    call.step(events.SayAsked(2, "Stop.", interrupt=True))

    assert call.transcript[-1] == "agent: one -"


def test_a_voice_that_times_no_words_and_fails_midway_is_written_as_far_as_it_came() -> None:
    call = Piecemeal()
    call.step(events.SpeechReady(call.utterance, 600, (), last=False))
    call.step(events.SpeechFailed(call.utterance))

    call.play(600)

    assert call.transcript[-1] == "agent: one two -"


def test_a_voice_that_times_no_words_and_fails_at_once_has_said_none() -> None:
    call = Piecemeal()
    call.step(events.SpeechReady(call.utterance, 60, (), last=False))
    call.step(events.SpeechFailed(call.utterance))

    call.play(60)

    assert call.transcript == []

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio import g711
from switchhook.audio.activity import Change, Patience
from switchhook.providers.silero.batch import LARGEST, WINDOW_MS, Batch, Seat, Work
from switchhook.providers.silero.model import CONTEXT, WINDOW, Scorer
from tests.audio.sounds import levels, noise, pcm, silence, tone, voice
from tests.providers.silero.scorers import Counting

Told = list[tuple[float, Change | None]]

LOUD = g711.encode(pcm(tone(500, 32)))
QUIET = g711.encode(pcm(noise(32, 4)))


class Listening:
    """One call of a batch, and what it was told."""

    def __init__(self, batch: Batch) -> None:
        self.told: Told = []
        self.batch = batch
        self.seat = batch.attach(
            lambda probability, change: self.told.append((probability, change))
        )

    def feed(self, ulaw: bytes) -> None:
        self.batch.feed(self.seat, ulaw)

    @property
    def probabilities(self) -> list[float]:
        return [round(probability, 3) for probability, _ in self.told]


def collected(batch: Batch) -> Work:
    work = batch.collect()
    assert work is not None
    return work


def finish(batch: Batch, scorer: Scorer, work: Work) -> None:
    batch.finish(work, *scorer.score(work.inputs(), work.state))


def judge(batch: Batch, scorer: Scorer) -> int:
    """Judge all that waits, and return in how many batches."""
    done = 0
    while (work := batch.collect()) is not None:
        finish(batch, scorer, work)
        done += 1
    return done


def test_windows_of_all_calls_are_judged_in_one_batch() -> None:
    batch, scorer = Batch(), Counting()
    calls = [Listening(batch) for _ in range(5)]
    for call in calls:
        call.feed(LOUD)
    assert judge(batch, scorer) == 1
    assert scorer.batches == [5]
    assert all(call.probabilities == [1.0] for call in calls)


def test_a_window_that_is_not_full_waits() -> None:
    batch, scorer = Batch(), Counting()
    call = Listening(batch)
    call.feed(LOUD[:-1])
    assert judge(batch, scorer) == 0
    call.feed(LOUD[-1:])
    assert judge(batch, scorer) == 1


def test_every_window_comes_with_the_samples_before_it() -> None:
    batch, scorer = Batch(), Counting()
    call = Listening(batch)
    audio = g711.encode(pcm(tone(500, 32 * 4)))
    for start in range(0, len(audio), 160):
        call.feed(audio[start : start + 160])
        judge(batch, scorer)
    expected = np.concatenate((np.zeros(CONTEXT), levels(g711.decode(audio)))) / 32768
    for place, window in enumerate(scorer.windows):
        begin = place * WINDOW
        np.testing.assert_allclose(window, expected[begin : begin + CONTEXT + WINDOW], atol=1e-6)
    assert len(scorer.windows) == 4


def test_what_is_remembered_of_a_call_stays_with_it() -> None:
    batch, scorer = Batch(), Counting()
    calls = [Listening(batch) for _ in range(3)]
    for turn in range(4):
        for place, call in enumerate(calls):
            if turn >= place:  # the calls begin one after the other
                call.feed(LOUD)
        judge(batch, scorer)
    assert [call.probabilities for call in calls] == [
        [1.0, 0.999, 0.998, 0.997],
        [1.0, 0.999, 0.998],
        [1.0, 0.999],
    ]


SPOKEN = g711.encode(pcm(voice(1000), silence(1500), voice(1500)))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 700)), max_size=40),
    st.sampled_from(["at once", "at the end"]),
)
def test_how_frames_arrive_changes_no_result(arrivals: list[tuple[int, int]], when: str) -> None:
    batch, scorer = Batch(), Counting()
    calls = [Listening(batch) for _ in range(5)]
    fed = [0] * 5
    for place, size in arrivals:
        calls[place].feed(SPOKEN[fed[place] : fed[place] + size])
        fed[place] += size
        if when == "at once":
            judge(batch, scorer)
    judge(batch, scorer)
    for call, size in zip(calls, fed, strict=True):
        alone = Listening(Batch())
        alone.feed(SPOKEN[:size])
        judge(alone.batch, Counting())
        assert call.told == alone.told


def test_a_backlog_is_worked_off_in_batches_and_not_call_by_call() -> None:
    batch, scorer = Batch(), Counting()
    calls = [Listening(batch) for _ in range(7)]
    for call in calls:
        call.feed(LOUD * 3)
    finish(batch, scorer, collected(batch))
    assert batch.behind
    judge(batch, scorer)
    assert not batch.behind
    assert scorer.batches == [7, 7, 7]
    assert all(call.probabilities == [1.0, 0.999, 0.998] for call in calls)


def test_a_batch_has_a_largest_size() -> None:
    batch, scorer = Batch(), Counting()
    calls = [Listening(batch) for _ in range(LARGEST + 10)]
    for call in calls:
        call.feed(LOUD)
    finish(batch, scorer, collected(batch))
    assert batch.behind
    judge(batch, scorer)
    assert scorer.batches == [LARGEST, 10]
    assert all(call.probabilities == [1.0] for call in calls)


# ---- quiet calls


def test_a_quiet_call_costs_no_inference_and_is_told_all_the_same() -> None:
    batch, scorer = Batch(), Counting()
    quiet, loud = Listening(batch), Listening(batch)
    for _ in range(50):
        quiet.feed(QUIET)
        loud.feed(LOUD)
        judge(batch, scorer)
    assert scorer.batches == [1] * 50
    assert quiet.probabilities == [0.0] * 50
    assert len(loud.told) == 50


def test_after_speech_a_third_of_a_second_is_judged_before_the_call_counts_as_quiet() -> None:
    batch, scorer = Batch(), Counting()
    call = Listening(batch)
    call.feed(LOUD + QUIET * 20)
    judge(batch, scorer)
    assert len(scorer.windows) == 10
    assert len(call.told) == 21


def test_a_short_pause_keeps_what_was_remembered_and_a_second_of_silence_forgets_it() -> None:
    for pause, remembered in ((30, 10), (60, 0)):
        batch, scorer = Batch(), Counting()
        call = Listening(batch)
        call.feed(LOUD + QUIET * pause + LOUD)
        judge(batch, scorer)
        assert call.probabilities[-1] == round(1 - 0.001 * remembered, 3)


def test_noise_that_stays_becomes_quiet_in_time() -> None:
    batch, scorer = Batch(), Counting()
    call = Listening(batch)
    call.feed(g711.encode(pcm(noise(40_000, 100))))
    judge(batch, scorer)
    seen = len(scorer.windows)
    assert seen < 1250 * 0.3
    call.feed(g711.encode(pcm(noise(320, 100), voice(320, 1000))))
    judge(batch, scorer)
    assert len(scorer.windows) - seen >= 9


# ---- changes


def test_likely_windows_become_the_beginning_and_end_of_speech() -> None:
    batch, scorer = Batch(), Counting()
    call = Listening(batch)
    call.feed(QUIET * 10 + LOUD * 20 + QUIET * 20)
    judge(batch, scorer)
    changes = [(place * WINDOW_MS, change) for place, (_, change) in enumerate(call.told) if change]
    assert changes == [(13 * 32, Change.STARTED), (36 * 32, Change.STOPPED)]


def test_patience_is_that_of_the_whole_batch() -> None:
    batch, scorer = Batch(Patience(onset=32, within=32, end=32)), Counting()
    call = Listening(batch)
    call.feed(LOUD + QUIET)
    judge(batch, scorer)
    assert [change for _, change in call.told] == [Change.STARTED, Change.STOPPED]


# ---- calls come and go


def test_a_call_that_ended_is_told_nothing_and_its_place_is_clean() -> None:
    batch, scorer = Batch(), Counting()
    calls = [Listening(batch) for _ in range(2)]
    for call in calls:
        call.feed(LOUD * 2)
    work = collected(batch)
    batch.detach(calls[0].seat)
    heir = Listening(batch)
    assert heir.seat.row == calls[0].seat.row
    finish(batch, scorer, work)
    heir.feed(LOUD)
    judge(batch, scorer)
    assert calls[0].told == []
    assert heir.probabilities == [1.0]
    assert calls[1].probabilities == [1.0, 0.999]


def test_ending_twice_or_feeding_afterwards_does_no_harm() -> None:
    batch, scorer = Batch(), Counting()
    call = Listening(batch)
    call.feed(LOUD)
    batch.detach(call.seat)
    batch.detach(call.seat)
    call.feed(LOUD)
    assert judge(batch, scorer) == 0
    rows = [Listening(batch).seat.row for _ in range(16)]
    assert len(set(rows)) == 16


def test_places_are_added_while_windows_are_judged() -> None:
    batch, scorer = Batch(), Counting()
    first = Listening(batch)
    first.feed(LOUD * 2)
    work = collected(batch)
    others = [Listening(batch) for _ in range(40)]
    finish(batch, scorer, work)
    for call in others:
        call.feed(LOUD)
    judge(batch, scorer)
    assert first.probabilities == [1.0, 0.999]
    assert all(call.probabilities == [1.0] for call in others)


def test_a_listener_that_fails_silences_only_itself() -> None:
    batch, scorer = Batch(), Counting()

    def fail(probability: float, change: Change | None) -> None:
        raise ValueError("no")

    broken = batch.attach(fail)
    call = Listening(batch)
    for _ in range(3):
        batch.feed(broken, LOUD)
        call.feed(LOUD)
        judge(batch, scorer)
    assert scorer.batches == [2, 1, 1]
    assert len(call.told) == 3


def test_a_listener_may_end_its_own_and_another_call() -> None:
    batch, scorer = Batch(), Counting()
    seats: list[Seat] = []
    told: list[float] = []

    def end(probability: float, change: Change | None) -> None:
        told.append(probability)
        for seat in seats:
            batch.detach(seat)

    seats += [batch.attach(end) for _ in range(2)]
    for seat in seats:
        batch.feed(seat, LOUD + QUIET * 20)
    judge(batch, scorer)
    assert told == [1.0]

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.engine.ledger import Ledger


def played(*, milliseconds: int, at: float = 0.0) -> Ledger:
    ledger = Ledger()
    ledger.send(at, milliseconds)
    return ledger


def test_nothing_sent_is_nothing_heard() -> None:
    assert Ledger().heard(9.0) == 0


def test_the_clock_says_how_much_can_have_been_played() -> None:
    ledger = played(milliseconds=1000)

    assert ledger.heard(0.3) == 300
    assert ledger.heard(5.0) == 1000


def test_a_mark_that_is_still_out_bounds_the_clock() -> None:
    ledger = played(milliseconds=200)
    ledger.mark()
    ledger.send(0.1, 200)

    assert ledger.heard(0.35) == 200


def test_an_echo_shows_that_playback_is_behind() -> None:
    ledger = played(milliseconds=200)
    first = ledger.mark()
    ledger.send(0.2, 800)

    ledger.echo(0.5, first)

    assert ledger.heard(0.5) == 200
    assert ledger.heard(0.6) == 300


def test_an_echo_shows_that_playback_is_ahead() -> None:
    ledger = played(milliseconds=400)
    mark = ledger.mark()
    ledger.send(0.0, 400)

    ledger.echo(0.3, mark)

    assert ledger.heard(0.3) == 400
    assert ledger.heard(0.4) == 500


def test_an_echo_of_an_older_generation_proves_nothing() -> None:
    ledger = played(milliseconds=400)
    old = ledger.mark()
    assert ledger.clear(0.1) == 100

    ledger.send(0.2, 400)
    ledger.mark()
    ledger.echo(0.21, old)

    assert ledger.acked == 0
    assert ledger.heard(0.25) == 50


def test_a_repeated_echo_is_ignored() -> None:
    ledger = played(milliseconds=200)
    mark = ledger.mark()
    ledger.send(0.1, 200)
    ledger.echo(0.2, mark)
    ledger.echo(0.9, mark)

    assert ledger.heard(0.3) == 300


def test_a_late_echo_of_an_earlier_mark_never_takes_back_what_was_heard() -> None:
    ledger = played(milliseconds=200)
    first = ledger.mark()
    ledger.send(0.0, 200)
    second = ledger.mark()

    ledger.echo(0.4, second)
    ledger.echo(0.5, first)

    assert ledger.heard(0.5) == 400


def test_the_clock_starts_again_when_the_buffer_had_run_dry() -> None:
    ledger = played(milliseconds=100)
    ledger.echo(0.1, ledger.mark())
    ledger.send(10.0, 100)

    assert ledger.heard(10.05) == 150


def test_marks_are_due_every_200_ms_and_carry_their_generation() -> None:
    ledger = played(milliseconds=180)
    assert not ledger.mark_due()
    ledger.send(0.1, 20)
    assert ledger.mark_due()

    assert ledger.mark() == "g0:200"
    assert not ledger.mark_due()
    ledger.clear(0.2)
    ledger.send(0.3, 200)
    assert ledger.mark() == "g1:200"


@dataclass
class FarEnd:
    """Plays through a jitter buffer and sends marks back over a network."""

    jitter: float
    network: float
    starts: float | None = None
    arrived: int = 0
    echoes: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])

    def send(self, now: float, milliseconds: int) -> None:
        if self.starts is None:
            self.starts = now + self.network + self.jitter
        self.arrived += milliseconds

    def mark(self, name: str) -> None:
        assert self.starts is not None
        self.echoes.append((self.starts + self.arrived / 1000 + self.network, name))

    def heard(self, now: float) -> int:
        if self.starts is None:
            return 0
        return max(0, min(self.arrived, round((now - self.starts) * 1000)))


def test_what_is_believed_heard_is_right_within_50_ms() -> None:
    """The echo's way back is constant and known; what remains is the error of the ledger."""
    seeds = random.Random(11)
    for _ in range(150):
        far = FarEnd(jitter=seeds.uniform(0.04, 0.2), network=seeds.uniform(0.01, 0.08))
        ledger = Ledger()
        interrupted = round(seeds.uniform(0.6, 4.0) / 0.02)
        for beat in range(interrupted):
            now = beat * 0.02
            for at, name in list(far.echoes):
                if at <= now:
                    ledger.echo(now, name)
                    far.echoes.remove((at, name))
            ledger.send(now, 20)
            far.send(now, 20)
            if ledger.mark_due():
                far.mark(ledger.mark())
        now = interrupted * 0.02
        assert abs(ledger.heard(now) - far.heard(now - far.network)) <= 50


Move = tuple[str, int]


@given(
    st.lists(
        st.tuples(st.sampled_from(["send", "mark", "echo", "clear", "wait"]), st.integers(0, 9)),
        max_size=60,
    )
)
def test_heard_never_runs_backwards_within_a_generation_nor_past_what_was_sent(
    moves: list[Move],
) -> None:
    ledger, now, before, names = Ledger(), 0.0, 0, list[str]()
    for move, number in moves:
        now += number / 100
        match move:
            case "send":
                ledger.send(now, 20 * number)
            case "mark" if ledger.sent:
                names.append(ledger.mark())
            case "echo" if names:
                ledger.echo(now, names[number % len(names)])
            case "clear":
                assert before <= ledger.clear(now)
                before = 0
            case _:
                pass
        heard = ledger.heard(now)
        assert before <= heard <= ledger.sent
        before = heard


@pytest.mark.parametrize("late", [0.0, 0.2, 1.0])
def test_a_clear_tells_how_much_was_heard_and_starts_from_nothing(late: float) -> None:
    ledger = played(milliseconds=400)

    assert ledger.clear(late) == min(400, round(late * 1000))
    assert (ledger.sent, ledger.heard(9.0)) == (0, 0)
    assert ledger.generation == 1

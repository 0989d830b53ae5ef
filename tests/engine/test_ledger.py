from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.engine.ledger import UNKNOWN_DELAY, Ledger


def played(*, milliseconds: int, at: float = 0.0) -> Ledger:
    """A ledger of a line that plays at once and sends marks back at once."""
    ledger = Ledger()
    ledger.echo(at, ledger.probe(at))
    ledger.send(at - UNKNOWN_DELAY, milliseconds)
    return ledger


def test_nothing_sent_is_nothing_heard() -> None:
    assert Ledger().heard(9.0) == 0
    assert Ledger().remaining(9.0) == 0


def test_the_clock_says_how_much_can_have_been_played() -> None:
    ledger = played(milliseconds=1000)

    assert ledger.heard(0.3) == 300
    assert ledger.remaining(0.3) == pytest.approx(0.7)
    assert ledger.heard(5.0) == 1000


def test_before_anything_is_known_a_line_is_believed_to_take_a_moment() -> None:
    ledger = Ledger()
    ledger.send(0.0, 1000)

    assert ledger.heard(0.1) == 0
    assert ledger.heard(0.3) == 200


def test_a_mark_that_is_still_out_bounds_the_clock() -> None:
    ledger = played(milliseconds=200)
    ledger.mark()
    ledger.send(0.1, 200)

    assert 200 <= ledger.heard(0.35) <= 220


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


def test_an_echo_has_travelled_when_it_comes() -> None:
    ledger = Ledger()
    ledger.echo(0.1, ledger.probe(0.0))
    ledger.send(0.2, 400)
    mark = ledger.mark()
    ledger.send(0.2, 400)

    ledger.echo(0.9, mark)

    assert ledger.way_back == pytest.approx(0.05)
    assert ledger.heard(0.9) == 450


def test_without_a_probe_the_way_back_is_half_of_the_shortest_delay_of_an_echo() -> None:
    ledger = Ledger()
    ledger.send(0.0, 200)
    mark = ledger.mark()
    ledger.send(0.1, 400)

    ledger.echo(0.36, mark)

    assert ledger.way_back == pytest.approx(0.08)
    assert ledger.heard(0.36) == 280


def test_a_clear_tells_the_round_trip_too() -> None:
    ledger = played(milliseconds=400)
    ledger.echo(9.0, "p7")
    mark = ledger.mark()
    ledger.clear(0.1)

    ledger.echo(0.16, mark)

    assert ledger.way_back == 0.0
    slow = Ledger()
    slow.send(0.0, 400)
    mark = slow.mark()
    slow.clear(0.1)
    slow.echo(0.16, mark)
    assert slow.way_back == pytest.approx(0.03)


def test_echoes_that_are_late_by_chance_do_not_shake_the_clock() -> None:
    ledger = played(milliseconds=1000)
    marks = list[str]()
    for _ in range(3):
        marks.append(ledger.mark())
        ledger.send(0.0, 200)

    ledger.echo(1.00, marks[0])
    ledger.echo(1.26, marks[1])

    assert ledger.heard(1.3) == 1300


def test_playing_that_stood_still_is_noticed_with_the_next_echo() -> None:
    ledger = played(milliseconds=1000)
    first = ledger.mark()
    ledger.send(0.0, 200)
    second = ledger.mark()
    ledger.send(0.0, 400)

    ledger.echo(1.0, first)
    ledger.echo(1.6, second)

    assert ledger.heard(1.6) == 1200
    assert ledger.heard(1.7) == 1300


def test_a_carrier_that_echoes_at_once_is_not_believed() -> None:
    """S10: an echo that comes before its audio can have been played proves nothing."""
    ledger = played(milliseconds=1000)
    ledger.echo(0.02, ledger.mark())

    assert ledger.unreliable
    assert ledger.acked == 0
    assert ledger.heard(0.3) == 300
    ledger.send(0.3, 1000)
    ledger.echo(2.5, ledger.mark())
    assert ledger.acked == 0


def test_an_echo_of_an_older_generation_proves_nothing() -> None:
    """S09: the marks that a clear sets free change nothing for what is said after it."""
    ledger = played(milliseconds=400)
    old = ledger.mark()
    assert ledger.clear(0.1) == 100

    ledger.send(0.2, 400)
    ledger.mark()
    ledger.echo(0.21, old)
    ledger.echo(0.22, old)

    assert ledger.acked == 0
    assert ledger.heard(0.35) == 50


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

    assert ledger.heard(10.15) == 150


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


class FarEnd:
    """Plays through a jitter buffer that fills anew, and answers over a network that varies."""

    def __init__(self, seeds: random.Random) -> None:
        self._seeds = seeds
        self.jitter = seeds.uniform(0.04, 0.2)
        self.network = seeds.uniform(0.01, 0.08)
        self._ends = 0.0
        self._positions: list[tuple[float, int]] = []
        self._position = 0
        self._echoes: list[tuple[float, str]] = []

    def delay(self) -> float:
        return self.network * self._seeds.uniform(0.75, 1.25)

    def send(self, now: float, milliseconds: int) -> None:
        begins = max(self._ends, now + self.network)
        if not self._positions or begins > self._ends:
            begins = now + self.network + self.jitter
        self._positions.append((begins, self._position))
        self._ends = begins + milliseconds / 1000
        self._position += milliseconds

    def mark(self, now: float, name: str) -> None:
        empty = now + self.delay()
        self._echoes.append((max(self._ends, empty) + self.delay(), name))

    def clear(self, now: float) -> None:
        arrives = now + self.delay()
        self._echoes = [(min(at, arrives + self.delay()), name) for at, name in self._echoes]
        self._positions.clear()
        self._position = 0
        self._ends = 0.0

    def echoes(self, now: float) -> list[tuple[float, str]]:
        due = sorted(e for e in self._echoes if e[0] <= now)
        self._echoes = [e for e in self._echoes if e[0] > now]
        return due

    def heard(self, now: float) -> int:
        begun = [p for p in self._positions if p[0] <= now]
        if not begun:
            return 0
        at, position = begun[-1]
        return min(self._position, position + min(20, round((now - at) * 1000)))


def test_what_is_believed_heard_is_right_within_50_ms() -> None:
    """S03: over lines of every delay, whose network varies, however often one interrupts."""
    seeds, errors = random.Random(11), list[int]()
    for _ in range(150):
        far, ledger = FarEnd(seeds), Ledger()
        far.mark(0.0, ledger.probe(0.0))
        now = 1.0
        for at, name in far.echoes(now):
            ledger.echo(at, name)
        for _ in range(3):
            interrupted = now + seeds.uniform(0.6, 4.0)
            while now < interrupted:
                for at, name in far.echoes(now):
                    ledger.echo(at, name)
                ledger.send(now, 20)
                far.send(now, 20)
                if ledger.mark_due():
                    far.mark(now, ledger.mark())
                now += 0.02
            errors.append(abs(ledger.heard(now) - far.heard(now)))
            ledger.clear(now)
            far.clear(now)
            cleared, now = now, now + 1.0
            for at, name in far.echoes(now):
                ledger.echo(max(at, cleared), name)
    assert max(errors) <= 50
    assert sum(errors) / len(errors) <= 25


Move = tuple[str, int]


@given(
    st.lists(
        st.tuples(st.sampled_from(["send", "mark", "echo", "clear", "wait"]), st.integers(0, 9)),
        max_size=60,
    )
)
def test_heard_is_never_less_than_proven_nor_more_than_sent(
    moves: list[Move],
) -> None:
    ledger, now, names = Ledger(), 0.0, list[str]()
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
                acked = ledger.acked
                assert acked <= ledger.clear(now)
            case _:
                pass
        assert ledger.acked <= ledger.heard(now) <= ledger.sent
        assert ledger.heard(now) <= ledger.heard(now + 0.5)


@pytest.mark.parametrize("late", [0.0, 0.2, 1.0])
def test_a_clear_tells_how_much_was_heard_and_starts_from_nothing(late: float) -> None:
    ledger = played(milliseconds=400)

    assert ledger.clear(late) == min(400, round(late * 1000))
    assert (ledger.sent, ledger.heard(9.0)) == (0, 0)
    assert ledger.generation == 1

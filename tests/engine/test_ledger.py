from __future__ import annotations

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


def test_marks_are_due_at_the_beginning_and_every_200_ms_and_carry_their_generation() -> None:
    ledger = Ledger()
    assert not ledger.mark_due()
    ledger.send(0.0, 100)
    assert ledger.mark_due()
    assert ledger.mark() == "g0:100"
    ledger.send(0.1, 180)
    assert not ledger.mark_due()
    ledger.send(0.1, 20)
    assert ledger.mark_due()

    assert ledger.mark() == "g0:300"
    assert not ledger.mark_due()
    ledger.clear(0.2)
    ledger.send(0.3, 200)
    assert ledger.mark() == "g1:200"


def test_a_break_in_playing_is_remembered_until_the_clear() -> None:
    ledger = played(milliseconds=100)
    ledger.echo(0.1, ledger.mark())
    ledger.send(10.0, 100)
    ledger.echo(10.2, ledger.mark())

    assert ledger.since(0) == [(0, pytest.approx(0.0)), (100, pytest.approx(10.1))]
    assert ledger.since(150) == [(150, pytest.approx(10.15))]
    ledger.clear(10.2)
    assert ledger.since(0) == []


def test_an_echo_of_what_was_before_a_break_shows_that_it_took_longer() -> None:
    ledger = played(milliseconds=200)
    end = ledger.mark()
    ledger.send(0.2, 200)

    ledger.echo(0.35, end)

    assert ledger.heard(0.35) == 200
    assert ledger.heard(0.4) == 250


def test_what_no_mark_proves_is_an_estimate() -> None:
    ledger = Ledger()
    ledger.send(0.0, 100)
    first = ledger.mark()
    assert ledger.estimated(0.1)

    ledger.echo(0.2, first)
    ledger.send(0.2, 4000)
    ledger.mark()
    assert not ledger.estimated(4.5)
    assert ledger.estimated(5.5)


def test_an_echo_that_comes_too_early_makes_everything_an_estimate() -> None:
    ledger = played(milliseconds=1000)
    assert not ledger.estimated(0.01)

    ledger.echo(0.02, ledger.mark())

    assert ledger.estimated(0.02)


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

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.ports import Frame
from switchhook.testing import Conditions, Marks, Playout, Transit, Wire
from switchhook.testing.wires import chance

FRAME = Frame(b"\x00" * 160)


def playing(conditions: Conditions, frames: int = 50) -> Playout:
    """A far end that was sent frames at their pace, with a mark every tenth."""
    playout = Playout(conditions)
    for number in range(frames):
        now = number * 0.02
        playout.advance(now)
        playout.send(now, FRAME)
        if number % 10 == 9:
            playout.mark(now, f"m{number + 1}")
    return playout


def echoes(playout: Playout, until: float = 60.0) -> list[tuple[str, float]]:
    """The marks that come back, and when, to the millisecond."""
    heard: list[tuple[str, float]] = []
    for beat in range(round(until * 1000)):
        now = beat / 1000
        playout.advance(now)
        heard += [(name, now) for name in playout.echoed(now)]
    return heard


def test_a_perfect_line_plays_a_frame_when_it_is_sent_and_echoes_a_mark_when_it_was_played() -> (
    None
):
    playout = playing(Conditions())

    assert echoes(playout, 2.0) == [
        (f"m{n}", pytest.approx(n / 50, abs=0.002)) for n in (10, 20, 30, 40, 50)
    ]
    assert [played.at for played in playout.record] == pytest.approx([n * 0.02 for n in range(50)])


def test_delay_and_buffer_move_everything_by_what_they_are() -> None:
    playout = playing(Conditions(there=Wire(delay=0.05), echoes=Wire(delay=0.03), buffer=0.1))

    assert echoes(playout, 2.0)[0] == ("m10", pytest.approx(0.05 + 0.1 + 0.2 + 0.03, abs=0.002))
    assert playout.record[0].at == pytest.approx(0.15)
    assert playout.heard_ms(0, 0.15) == 0
    assert playout.heard_ms(0, 0.45) == 300
    assert playout.heard_ms(0, 0.455) == 305


def test_jitter_that_the_buffer_holds_is_not_heard() -> None:
    conditions = Conditions(there=Wire(delay=0.02, jitter=0.06), buffer=0.1, seed=4)
    playout = playing(conditions)
    playout.advance(9.0)

    steps = [b.at - a.at for a, b in zip(playout.record, playout.record[1:], strict=False)]
    assert steps == pytest.approx([0.02] * 49)


def test_a_buffer_that_ran_dry_fills_up_again() -> None:
    playout = playing(Conditions(buffer=0.1), frames=10)
    playout.advance(5.0)
    playout.send(5.0, FRAME)
    playout.advance(6.0)

    assert playout.record[-1].at == pytest.approx(5.1)


def test_a_clear_ends_the_playing_and_echoes_every_mark_at_once() -> None:
    playout = Playout(Conditions(there=Wire(delay=0.04)))
    for number in range(100):
        playout.send(0.0, FRAME)
        if number % 10 == 9:
            playout.mark(0.0, f"m{number + 1}")
    playout.advance(0.5)
    playout.clear(0.5)
    playout.send(0.6, FRAME)
    back = dict(echoes(playout, 2.0))

    assert len([p for p in playout.record if p.generation == 0]) == 25
    assert [p.at for p in playout.record if p.generation == 1] == [pytest.approx(0.64)]
    assert {name: at for name, at in back.items() if at >= 0.53} == {
        f"m{n}": pytest.approx(0.54, abs=0.002) for n in range(30, 101, 10)
    }


@pytest.mark.parametrize(
    ("marks", "came_back"),
    [(Marks.AT_ONCE, [0.18, 0.38]), (Marks.NEVER, [])],
    ids=["at once", "never"],
)
def test_carriers_that_tell_nothing_true(marks: Marks, came_back: list[float]) -> None:
    playout = playing(Conditions(marks=marks, buffer=0.2), frames=20)

    assert [at for _, at in echoes(playout, 2.0)] == pytest.approx(came_back, abs=0.002)


def test_echoes_are_doubled_lost_and_overtaken() -> None:
    doubled = echoes(playing(Conditions(echoes=Wire(duplicate=1.0))), 3.0)
    lost = echoes(playing(Conditions(echoes=Wire(drop=1.0))), 3.0)
    overtaken = echoes(playing(Conditions(echoes=Wire(reorder=0.5), seed=2)), 3.0)

    assert [name for name, _ in doubled[:2]] == ["m10", "m10"]
    assert lost == []
    names = [name for name, _ in overtaken]
    assert sorted(names) == sorted(f"m{n}" for n in (10, 20, 30, 40, 50))
    assert names != sorted(names)


def test_the_same_seed_has_the_same_fate() -> None:
    wire = Wire(delay=0.02, jitter=0.1, drop=0.1, duplicate=0.1, reorder=0.1)

    def record(seed: int) -> list[float]:
        playout = playing(Conditions(there=wire, buffer=0.04, wobble=0.1, seed=seed))
        playout.advance(9.0)
        return [played.at for played in playout.record]

    assert record(3) == record(3)
    assert record(3) != record(4)


@given(st.lists(st.floats(0, 1), max_size=30), st.floats(0, 0.5), st.integers(0, 999))
def test_a_wire_without_faults_delivers_everything_in_its_order(
    gaps: list[float], jitter: float, seed: int
) -> None:
    transit: Transit[int] = Transit(Wire(delay=0.1, jitter=jitter), chance(seed))
    now = 0.0
    for number, gap in enumerate(gaps):
        now += gap
        transit.put(now, number)

    arrived = list(transit.take(now + 9))

    assert [item for _, item in arrived] == list(range(len(gaps)))
    assert [at for at, _ in arrived] == sorted(at for at, _ in arrived)
    assert transit.due is None

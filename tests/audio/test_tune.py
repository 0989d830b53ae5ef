"""Music for somebody who waits."""

from __future__ import annotations

from switchhook.audio.level import dbfs
from switchhook.audio.tune import NOTE, RATE, Tune

FRAME = 160


def test_it_is_heard_all_the_time_and_hurts_nobody() -> None:
    tune = Tune()
    frames = [tune.feed(FRAME, speaking=False) for _ in range(50 * 20)]

    assert all(len(frame) == 2 * FRAME for frame in frames)
    assert all(-60 < dbfs(frame) < -18 for frame in frames[5:])


def test_it_goes_on_where_it_stopped_for_somebody_who_speaks() -> None:
    tune, other = Tune(), Tune()
    assert tune.feed(FRAME, speaking=True) == bytes(2 * FRAME)
    assert tune.feed(FRAME, speaking=False) == other.feed(FRAME, speaking=False)


def test_it_never_ends() -> None:
    tune, once = Tune(), round(24 * NOTE * RATE)
    first = tune.feed(once, speaking=False)

    assert tune.feed(once, speaking=False) == first
    tune.feed(once - 1, speaking=False)
    assert tune.feed(2, speaking=False) == first[-2:] + first[:2]

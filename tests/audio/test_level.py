from __future__ import annotations

import pytest

from switchhook.audio import level, tones


def test_nothing_is_at_the_floor() -> None:
    assert level.rms(b"") == 0
    assert level.dbfs(b"") == level.FLOOR
    assert level.dbfs(bytes(320)) == level.FLOOR


def test_a_sinusoid_at_minus_nine_has_an_effective_level_three_below() -> None:
    assert level.dbfs(tones.sine(400, 100)) == pytest.approx(-12.0, abs=0.1)

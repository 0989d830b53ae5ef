from __future__ import annotations

import pytest

from switchhook.domain.transcript import evenly


def test_words_without_times_are_spread_over_their_time_by_their_length() -> None:
    words = evenly("no, no  indeed", 1400)

    assert [(w.text, w.start_ms, w.end_ms) for w in words] == [
        ("no,", 0, 300),
        ("no", 400, 600),
        ("indeed", 800, 1400),
    ]


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_no_word(text: str) -> None:
    assert evenly(text, 100) == ()

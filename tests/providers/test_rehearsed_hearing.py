"""A few calls of the bench's table: fails when the offline ears have become much worse."""

from __future__ import annotations

from collections import Counter

import pytest

from switchhook.providers import offline
from switchhook.services import listening, speaking
from tests.bench.rehearsals import TALKERS, judged, play, runs

EVERY = 19


@pytest.mark.skipif(
    not (offline.available() and offline.can_hear()), reason="needs the extra `offline`"
)
def test_most_answers_are_understood_in_any_voice_and_none_is_made_up() -> None:
    closed = [run for run in runs() if run.who in TALKERS and len(run.asked) == 1][::EVERY]
    became: Counter[str] = Counter()
    with speaking() as voice, listening("offline") as ears:
        for run in closed:
            report, callee = play(run, (voice, ears))
            became.update(judged(run, report, callee).values())

    assert len({run.sound.voice.name for run in closed}) > 4
    assert became["right"] >= 0.7 * len(closed)
    assert became["wrong"] <= 1

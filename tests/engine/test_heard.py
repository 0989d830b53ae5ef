"""When the words of a line were heard, and how sure that is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from switchhook.domain.happenings import Kind
from switchhook.engine import events
from switchhook.engine.effects import Speak
from tests.engine.conversation import WORD_MS
from tests.engine.shell import Shell

OPENING = "I am calling about a table for four. Can you help me with that?"
_FRAME = 20


def line(call: Shell, beginning: str) -> dict[str, Any]:
    """Return the facts of a line of the agent."""
    found = next(f for f in call.facts if f.kind is Kind.SPOKEN and f.text.startswith(beginning))
    return found.data


def test_words_after_a_pause_are_timed_when_they_were_heard() -> None:
    call = Shell().into_opening()
    call.starts()
    call.go(0.28)
    paused = call.ms
    call.stops()
    call.go(6.0)

    words = line(call, "I am calling")["words"]
    resumed = call.plays[-1].from_ms // WORD_MS
    starts = [word["start_ms"] for word in words]
    gaps = [b - a for a, b in pairwise(starts)]
    assert [gap for gap in gaps if abs(gap - WORD_MS) > _FRAME] == [gaps[resumed - 1]]
    assert gaps[resumed - 1] > WORD_MS + 200
    assert words[resumed]["start_ms"] > paused
    assert line(call, "I am calling")["end_ms"] == words[-1]["end_ms"]


def test_a_word_with_a_pause_in_it_lasts_as_long_as_both() -> None:
    call = Shell().into_opening()
    starts_at = call.ms

    call.starts()
    call.go(0.2)
    held = call.ms
    call.stops()
    call.step(events.CalleeHeard("mhm", True, starts_at, call.ms))  # noqa: FBT003 - the ears' words
    call.go(6.0)

    words = line(call, "I am calling")["words"]
    assert call.plays[-1].from_ms % WORD_MS
    torn = words[call.plays[-1].from_ms // WORD_MS]
    assert torn["start_ms"] < held < torn["end_ms"]
    assert torn["end_ms"] - torn["start_ms"] > WORD_MS + 100
    assert torn["end_ms"] == pytest.approx(words[words.index(torn) + 1]["start_ms"], abs=1)


def test_a_line_that_marks_prove_is_no_estimate() -> None:
    call = Shell().into_opening()
    call.says("Stop, please stop.", 1.0)

    assert not any(f.data["heard_estimated"] for f in call.facts if f.kind is Kind.SPOKEN)
    assert line(call, "I am")["interrupted"]


def test_without_marks_every_line_is_an_estimate() -> None:
    call = Shell()
    call.marks = False
    call.into_opening()
    call.go(1.5)
    call.says("Stop, please stop.", 1.0)

    assert line(call, "Hello")["heard_estimated"]
    assert line(call, "I am")["heard_estimated"]


def test_a_line_whose_last_mark_never_comes_is_an_estimate() -> None:
    call = Shell().greeted()
    call.marks = False
    call.says("Who is this?", 1.0)
    call.go(20)

    assert not line(call, "I am calling")["heard_estimated"]
    assert line(call, "I am an AI")["heard_estimated"]


def test_what_was_never_made_was_never_heard() -> None:
    call = Shell().greeted()
    call.slow = True
    call.says("Who is this?", 1.0)
    call.go(1.0)
    assert call.speaking is not None

    call.step(events.LineGone())

    assert not any(f.text.startswith("I am an AI") for f in call.facts)


class Untimed(Shell):
    """A voice that does not tell when it says which word."""

    def _ready(self, utterance: int, length: int, words: Any) -> None:
        del words
        super()._ready(utterance, length, ())


def test_a_voice_that_tells_no_times_is_taken_to_speak_evenly() -> None:
    call = Untimed().into_opening()
    call.says("Stop, please stop.", 1.0)

    cut = line(call, "I am")
    assert cut["interrupted"]
    assert cut["heard_estimated"]
    assert OPENING.startswith(cut["words"][0]["text"])
    assert 0 < len(cut["words"]) < len(OPENING.split())
    assert line(call, "Hello")["heard_estimated"]
    assert call.did(Speak) >= 2

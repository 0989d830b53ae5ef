"""What leaves for the carrier, when, and how loud."""

from __future__ import annotations

import numpy as np
import pytest

from switchhook.audio import g711
from switchhook.audio.ambience import Ambience
from switchhook.audio.level import rms
from switchhook.ports import Frame
from switchhook.runtime.framing import wordless
from switchhook.runtime.pacer import Pacer

FRAMES = list(wordless(g711.encode((8000 * np.sin(np.arange(16000) / 5)).astype("<i2").tobytes())))


class Wire:
    """A line that keeps what it is given."""

    carries_words = False
    reports_keys = True

    def __init__(self) -> None:
        self.sent: list[Frame] = []

    def send(self, frame: Frame) -> None:
        self.sent.append(frame)


def paced(frames: list[Frame] | None = None) -> tuple[Pacer, Wire]:
    wire = Wire()
    pacer = Pacer(wire)  # pyright: ignore[reportArgumentType] - it only sends
    pacer.hold(7, frames if frames is not None else FRAMES)
    return pacer, wire


def loud(frame: Frame) -> float:
    return rms(g711.decode(frame.audio))


def test_untouched_frames_leave_as_they_are() -> None:
    pacer, wire = paced()
    pacer.play(7)
    pacer.send_due(0.0)

    assert all(sent is frame for sent, frame in zip(wire.sent, FRAMES[:5], strict=True))
    assert pacer.level > 0


def test_a_lowered_voice_is_18_db_softer_within_one_frame_and_comes_back() -> None:
    pacer, wire = paced()
    pacer.play(7)
    pacer.send_due(0.0)
    pacer.duck(low=True)
    pacer.send_due(0.06)
    pacer.duck(low=False)
    pacer.send_due(0.12)
    pacer.send_due(0.16)

    full = loud(FRAMES[20])
    assert loud(wire.sent[6]) == pytest.approx(full / 8, rel=0.1)
    assert full / 8 < loud(wire.sent[5]) < full, "a ramp, and no click"
    assert loud(wire.sent[9]) == pytest.approx(full, rel=0.05)
    assert wire.sent[-1] is FRAMES[len(wire.sent) - 1]


def test_an_utterance_is_played_from_any_place_in_it() -> None:
    """S14: a pause costs no frame and repeats none."""
    pacer, wire = paced()
    pacer.play(7)
    pacer.send_due(0.0)
    pacer.clear(0.05)
    assert pacer.send_due(0.06) == []

    pacer.play(7, 80)
    pacer.send_due(0.5)

    assert wire.sent[5] is FRAMES[4]


def test_a_beat_that_is_late_sends_no_burst() -> None:
    """S50, S02: what was missed is gone, and no more than the lead leaves at once."""
    pacer, wire = paced(FRAMES * 40)
    pacer.play(7)
    for beat in range(200):
        pacer.send_due(beat * 0.02)
    assert len(wire.sent) == 204
    pacer.send_due(60.0)

    assert len(wire.sent) == 209


def test_pacing_does_not_drift() -> None:
    """S50: after half an hour frame n leaves at n times 20 ms."""
    pacer, wire = paced(FRAMES * 901)
    pacer.play(7)
    for beat in range(90_000):
        pacer.send_due(beat * 0.02)

    assert len(wire.sent) == 90_004


def test_what_is_forgotten_is_not_played_on() -> None:
    pacer, _ = paced()
    pacer.play(7)
    pacer.send_due(0.0)
    pacer.forget(7)
    pacer.forget(8)

    assert pacer.send_due(0.5) == []
    pacer.play(7)
    assert pacer.send_due(0.6) == []


def test_a_room_sounds_all_the_time_and_softer_under_speech() -> None:
    pacer, wire = paced([])
    pacer.room = Ambience("office")
    pacer.send_due(0.0)
    assert pacer.utterance == 0
    assert len(wire.sent) == 5
    assert any(loud(frame) > 0 for frame in wire.sent)

    pacer.hold(8, FRAMES[:3])
    pacer.play(8)
    assert len(pacer.send_due(1.0)) == 3
    assert pacer.utterance == 8
    assert wire.sent[5] is not FRAMES[0]
    assert len(pacer.send_due(1.0)) == 2
    assert pacer.utterance == 0


def test_what_is_made_while_it_is_played_follows_in_its_place() -> None:
    pacer, wire = paced(FRAMES[:2])
    pacer.play(7)
    pacer.send_due(0.0)
    assert pacer.send_due(0.02) == []

    pacer.hold(7, FRAMES[2:4])
    pacer.send_due(0.04)

    assert wire.sent == FRAMES[:4]
    assert pacer.utterance == 7


def test_in_a_gap_the_room_sounds_and_is_no_part_of_the_utterance() -> None:
    pacer, wire = paced(FRAMES[:5])
    pacer.room = Ambience("office")
    pacer.play(7)
    pacer.send_due(0.0)
    assert pacer.utterance == 7

    pacer.send_due(0.02)
    assert pacer.utterance == 0
    pacer.hold(7, FRAMES[5:6])
    pacer.send_due(0.04)

    assert pacer.utterance == 7
    assert len(wire.sent) == 7

from __future__ import annotations

import numpy as np
import pytest

from switchhook.audio.ambience import LOUDNESS, SECONDS, SOUNDS, UNDER_SPEECH, Ambience
from tests.audio.sounds import levels, volume

FRAMES = SECONDS * 50


def play(room: Ambience, frames: int, *, speaking: bool = False) -> bytes:
    return b"".join(room.feed(160, speaking=speaking) for _ in range(frames))


@pytest.fixture(params=SOUNDS)
def sound(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_rooms_are_those_that_agents_can_ask_for() -> None:
    assert SOUNDS == ("keyboard", "office", "office-2")


def test_another_room_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'beach' is not a background sound: keyboard, office"):
        Ambience("beach")


def test_a_room_peaks_thirty_decibels_down(sound: str) -> None:
    peak = np.abs(levels(play(Ambience(sound), FRAMES))).max()
    assert peak == pytest.approx(32768 * LOUDNESS, rel=0.01)


def test_a_room_is_the_same_in_every_run_and_begins_elsewhere_in_every_call(sound: str) -> None:
    assert play(Ambience(sound), 50) == play(Ambience(sound), 50)
    assert play(Ambience(sound, seed=1), 50) != play(Ambience(sound, seed=2), 50)


def test_a_room_goes_round_without_a_gap(sound: str) -> None:
    room = Ambience(sound, seed=5)
    first, second = (room.feed(SECONDS * 8000, speaking=False) for _ in range(2))
    assert first == second
    steps = np.abs(np.diff(levels(first + second)))
    assert steps[len(first) // 2 - 1] <= steps[: len(first) // 2 - 1].max()


def test_a_room_steps_back_under_speech_and_returns_without_a_click(sound: str) -> None:
    room, open_room = Ambience(sound), Ambience(sound)
    played = play(room, 200, speaking=True) + play(room, 200)
    reference = play(open_room, 400)
    under = slice(320, 200 * 320)
    assert volume(played[under]) == pytest.approx(volume(reference[under]) * UNDER_SPEECH, rel=0.1)
    assert played[201 * 320 :] == reference[201 * 320 :]


def test_the_rooms_differ() -> None:
    assert len({play(Ambience(sound), 10) for sound in SOUNDS}) == len(SOUNDS)


def test_a_keyboard_is_mostly_quiet_and_an_office_never_is() -> None:
    def loudness(sound: str) -> list[float]:
        audio = play(Ambience(sound), FRAMES)
        return sorted(volume(audio[at : at + 320]) for at in range(0, len(audio), 320))

    keyboard, office = loudness("keyboard"), loudness("office")
    assert keyboard[len(keyboard) // 2] < keyboard[-1] / 20
    assert office[0] > 30

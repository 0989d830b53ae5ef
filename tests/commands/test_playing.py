"""Playing a recording, with players that are there, that are not, and that have no device."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from switchhook.commands.playing import play

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows plays by itself")
WAV = Path("recording.wav")


def installed(*names: str) -> dict[str, str]:
    return {name: f"/usr/bin/{name}" for name in names}


def test_the_first_player_that_is_installed_plays() -> None:
    ran: list[Sequence[str]] = []

    played = play(WAV, installed("aplay", "ffplay").get, ran.append)

    assert played.player == "aplay"
    assert ran == [["/usr/bin/aplay", "--quiet", "recording.wav"]]


def test_a_player_without_a_sound_device_leaves_it_to_the_next() -> None:
    def run(words: Sequence[str]) -> str | None:
        return "no soundcards found" if "aplay" in words[0] else None

    assert play(WAV, installed("aplay", "ffplay").get, run).player == "ffplay"


def test_where_no_device_works_the_first_problem_is_told() -> None:
    played = play(WAV, installed("aplay", "ffplay").get, lambda words: f"{words[0]}: no card")

    assert played.player is None
    assert played.problem == "aplay found no sound device that works: /usr/bin/aplay: no card"


def test_where_no_player_is_installed_the_known_ones_are_named() -> None:
    played = play(WAV, installed().get)

    assert played.player is None
    assert played.problem.startswith("none of afplay, pw-play")


def script(folder: Path, text: str) -> str:
    program = folder / "player"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return str(program)


def only_aplay(program: str) -> dict[str, str]:
    return {"aplay": program}


def test_a_program_that_ends_well_has_played(tmp_path: Path) -> None:
    assert play(WAV, only_aplay(script(tmp_path, "exit 0")).get).player == "aplay"


@pytest.mark.parametrize(
    ("text", "told"),
    [("echo 'no card' >&2; echo more >&2; exit 1", "no card"), ("exit 3", "exit code 3")],
)
def test_a_program_that_fails_tells_why(tmp_path: Path, text: str, told: str) -> None:
    assert play(WAV, only_aplay(script(tmp_path, text)).get).problem.endswith(f": {told}")


def test_a_program_that_cannot_be_started_is_a_problem_too(tmp_path: Path) -> None:
    problem = play(WAV, only_aplay(str(tmp_path / "gone")).get).problem

    assert "No such file" in problem

"""Plays a recording with whatever this machine plays sound with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Find = Callable[[str], str | None]
"""Returns where a program is, if it is installed."""

Run = Callable[[Sequence[str]], str | None]
"""Runs a program to its end and returns why it failed, if it did."""

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "--quiet"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: by which player, or why nothing was heard."""

    player: str | None
    problem: str = ""


def play(recording: Path, find: Find = shutil.which, run: Run | None = None) -> Played:
    """Play the recording to its end, with the first player that can."""
    if sys.platform == "win32":
        return _winsound(recording)
    problem = ""
    for name, *options in PLAYERS:
        program = find(name)
        if program is None:
            continue
        failure = (run or _run)([program, *options, str(recording)])
        if failure is None:
            return Played(name)
        problem = problem or f"{name} found no sound device that works: {failure}"
    names = ", ".join(name for name, *_ in PLAYERS)
    return Played(None, problem or f"none of {names} is installed")


def _run(words: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 - a player found on PATH, and a file of ours
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as failed:
        return str(failed.strerror)
    lines = done.stderr.strip().splitlines()
    return None if done.returncode == 0 else (lines[0] if lines else f"exit code {done.returncode}")


def _winsound(recording: Path) -> Played:  # pragma: no cover - only where there is Windows
    assert sys.platform == "win32"  # noqa: S101 - tells the type checker where this runs
    import winsound  # noqa: PLC0415 - only Windows has it

    try:
        winsound.PlaySound(str(recording), winsound.SND_FILENAME)
    except RuntimeError as failed:
        return Played(None, f"winsound found no sound device that works: {failed}")
    return Played("winsound")

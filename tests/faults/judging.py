"""What is the same for every fault: nobody is left in silence, on the line, or in memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from switchhook.runtime.framing import QUIET
from switchhook.testing import FakeLeg
from switchhook.testing.twilio.life import Life

SILENCE = 5.0
"""Seconds without a sound that a callee who waits is left alone with."""


def longest_silence(leg: FakeLeg) -> float:
    """The longest time in the call in which neither side made a sound."""
    began, ended = leg.line.answered_at, leg.hung_up[0]
    sounds = [played.at for played in leg.line.record if played.frame.audio != QUIET.audio]
    return _longest_between(began, ended, [*sounds, *leg.line.uttered])


def longest_silence_of(life: Life) -> float:
    """The same of a call by Twilio; nothing where nobody answered."""
    if life.answered_at is None or life.ended_at is None:
        return 0.0
    return _longest_between(life.answered_at, life.ended_at, [*life.sounds, *life.uttered])


def _longest_between(began: float, ended: float, sounds: Sequence[float]) -> float:
    heard = sorted([began, *(at for at in sounds if at < ended), ended])
    return max(b - a for a, b in pairwise(heard))

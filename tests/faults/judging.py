"""What is the same for every fault: nobody is left in silence, on the line, or in memory."""

from __future__ import annotations

from itertools import pairwise

from switchhook.runtime.framing import QUIET
from switchhook.testing import FakeLeg

SILENCE = 5.0
"""Seconds without a sound that a callee who waits is left alone with."""


def longest_silence(leg: FakeLeg) -> float:
    """The longest time in the call in which neither side made a sound."""
    began, ended = leg.line.answered_at, leg.hung_up[0]
    sounds = [played.at for played in leg.line.record if played.frame.audio != QUIET.audio]
    heard = sorted([began, *(at for at in (*sounds, *leg.line.uttered) if at < ended), ended])
    return max(b - a for a, b in pairwise(heard))

"""The telephones that can be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from switchhook.testing.playout import Conditions
from switchhook.testing.scripted import Listens, Said, Step

PERFECT = Conditions()


@dataclass(frozen=True, slots=True)
class Phone:
    """Who answers, how, and after how long; the script is what the callee does then."""

    script: Sequence[Step] = ()
    picks_up: Literal["in-progress", "busy", "no-answer", "failed"] = "in-progress"
    rings: float = 2.0
    answered_by: str = "human"
    """What the carrier's machine detection takes the callee for, where it is asked."""
    conditions: Conditions = PERFECT


COOPERATIVE = Phone([Said("Hello?"), *[Listens(1.2), Said("Yes, that is right.")] * 30])
"""Somebody who agrees to everything."""

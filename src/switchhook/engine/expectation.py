"""What the agent has just asked for, for ears that must know it to understand the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from switchhook.engine.answers import Shape

UNCLEAR = "[not understood]"
"""What ears report of speech that they did not understand; it is no answer to anything."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The sort of answer that may come now; with `checking`, also a yes or a no to a value."""

    shape: Shape = Shape.TEXT
    choices: tuple[Any, ...] = ()
    checking: bool = False

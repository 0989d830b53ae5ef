"""What a model that is none answers: by the words it was asked with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from switchhook.testing.minds import Stroke, Writes


@dataclass(frozen=True, slots=True)
class Refuses:
    """The model declines, in these words."""

    text: str


@dataclass(frozen=True, slots=True)
class Fails:
    """The vendor gives the answer up, for this reason."""

    code: str = "server_error"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked last: the callee's words or the result of an action."""

    text: str
    request: Mapping[str, Any] = field(default_factory=dict[str, Any])


Reply = Sequence[Stroke | Refuses | Fails]

Brain = Callable[[Asked], Reply]


def when(answers: Mapping[str, str | Reply], otherwise: str = "Pardon?") -> Brain:
    """Return a brain that looks for these words, in this order, in what it was asked last."""

    def answer(asked: Asked) -> Reply:
        said = asked.text.casefold()
        found = next((a for words, a in answers.items() if words.casefold() in said), otherwise)
        return [Writes(found)] if isinstance(found, str) else found

    return answer

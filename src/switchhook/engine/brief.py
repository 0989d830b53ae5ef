"""What the agent was told before the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from switchhook.engine import purpose
from switchhook.engine.phrases import Phrases, filled, phrases


class Thinker(StrEnum):
    """Who decides what is said."""

    INTERVIEW = "interview"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Brief:
    """Whom the call is for, what it is about, what is to be learned, and the limits."""

    today: date
    name: str = ""
    task: str = ""
    first_message: str = ""
    language: str = "en"
    result_schema: Mapping[str, Any] | None = None
    thinker: Thinker = Thinker.INTERVIEW
    max_seconds: float = 600.0
    idle_seconds: float = 8.0
    may_ask: bool = True
    said: Phrases = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", phrases(self.language))

    @property
    def disclosure(self) -> str:
        """What is said before anything else: that this is a machine, and for whom it calls."""
        if not self.name:
            return self.said.disclosure
        return filled(self.said.disclosure_for, name=self.name)

    @property
    def opening(self) -> str:
        """What the call is about."""
        if self.first_message:
            return self.first_message
        return self._purpose

    @property
    def who(self) -> str:
        """Who calls, and what about, for somebody who asks."""
        who = filled(self.said.who, name=self.name or self.said.nobody)
        return f"{who} {self._purpose}".strip()

    @property
    def _purpose(self) -> str:
        if self.language == "en":
            return purpose.sentence(self.task, self.name)
        return filled(self.said.purpose, task=self.task) if self.task else ""

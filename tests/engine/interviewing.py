from __future__ import annotations

from typing import Any

from switchhook.engine.brief import Brief
from switchhook.engine.interview import (
    Interview,
    Reply,
    Turn,
    hear,
)
from tests.engine.conversation import told

NOTHING_HEARD = "Sorry, I did not catch that."

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "guests": {"type": "integer", "description": "How many guests?"},
        "day": {"type": "string", "format": "date", "description": "On which day?"},
        "name": {"type": "string", "description": "Under which name?"},
    },
    "required": ["guests", "day"],
}


TUESDAY = "Tuesday, November 24th, is that right?"


CHECK = "Let me check that I have it right:"


class Talk:
    """An interview whose callee says a sentence after the other."""

    def __init__(self, brief: Brief | None = None) -> None:
        self.interview = Interview(brief or told(result_schema=SCHEMA))
        self.lines = 0

    def says(self, *texts: str) -> Reply:
        reply = Reply()
        for text in texts:
            self.lines += 1
            reply = hear(self.interview, Turn(text, self.lines))
        return reply

    def value(self, name: str) -> Any:
        return self.interview.results[name].value

    def confirmed(self, name: str) -> bool:
        return self.interview.results[name].confirmed


def asking(**properties: Any) -> Talk:
    return Talk(told(result_schema={"properties": properties}))


def checked() -> Talk:
    talk = Talk()
    talk.says("Four.", "Tuesday", "Yes", "Ada")
    return talk

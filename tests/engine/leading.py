from __future__ import annotations

from typing import Any

from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.dialogue import Role
from switchhook.engine.effects import Effect
from switchhook.engine.offers import Offer, offered
from switchhook.engine.thoughts import (
    AskMind,
    MindAction,
    MindDelta,
    MindDone,
)
from tests.engine.conversation import Conversation, told

GREETING = "Hello, this is an AI assistant calling for Rosa."


SCHEMA = {"type": "object", "properties": {"guests": {"type": "integer"}}}


LOOK_UP = Offer("look_up", "Look it up.", cancel_on_interruption=True)


class Led(Conversation):
    """A conversation that is led by a mind, which the test is as well."""

    def __init__(self, **known: Any) -> None:
        offers = offered((), SCHEMA, [LOOK_UP, Offer("book", "Book it.")])
        ordinary: dict[str, Any] = {"thinker": Thinker.MIND, "offers": offers}
        super().__init__(told(**ordinary | {"result_schema": SCHEMA} | known))
        self.start = 0

    @property
    def asked(self) -> list[AskMind]:
        return [effect for effect in self.effects if isinstance(effect, AskMind)]

    @property
    def context(self) -> list[str]:
        messages = self.asked[-1].context
        return [f"{m.role}: {m.text}" for m in messages if m.role is not Role.INSTRUCTIONS]

    def mind(self, *texts: str, over: bool = True) -> None:
        for text in texts:
            self.step(MindDelta(self.asked[-1].generation, text))
        if over:
            self.step(MindDone(self.asked[-1].generation))

    def act(self, name: str, arguments: str = "{}") -> list[Effect]:
        return self.step(MindAction(self.asked[-1].generation, "id", name, arguments))

    def counted(self, kind: type) -> int:
        return sum(isinstance(effect, kind) for effect in self.effects)


def words(call: Led, text: str, *, eager: bool = False) -> None:
    heard = events.CalleeHeard(text, False, call.start, call.ms, eager=eager)  # noqa: FBT003 - a field
    call.step(heard)

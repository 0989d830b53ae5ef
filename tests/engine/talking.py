"""A call in which the test is the model that hears the callee and speaks by itself."""

from __future__ import annotations

from typing import Any, TypeVar

from switchhook.engine import events
from switchhook.engine.brief import Thinker
from switchhook.engine.dialogue import Message
from switchhook.engine.effects import Effect, Hold
from switchhook.engine.offers import END_CALL, Offer
from switchhook.engine.thoughts import AskMind, MindDone, MindVoiced, NoteMind
from tests.engine.conversation import Conversation, told

E = TypeVar("E", bound=Effect)
LOOK = Offer("look", "Look for a table.")


class Talking(Conversation):
    """A call in which the test is the model that hears and speaks."""

    def __init__(self, **known: Any) -> None:
        usual: dict[str, Any] = {
            "thinker": Thinker.MIND,
            "duplex": True,
            "cascade": True,
            "offers": (END_CALL, LOOK),
            "first_message": "I call about a table.",
        }
        super().__init__(told(**usual | known))

    def all(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def generation(self) -> int:
        return self.all(AskMind)[-1].generation

    @property
    def notes(self) -> list[Message]:
        return [note.message for note in self.all(NoteMind)]

    def asked(self, text: str = "A table, please.") -> Talking:
        """Let the callee say something, so that an answer is asked for."""
        self.callee(text)
        return self

    def voices(self, item: str, text: str = "", ms: int = 0, *, last: bool = False) -> None:
        self.step(MindVoiced(self.generation, item, text, ms, last))
        holds = [hold for hold in self.all(Hold) if hold.item == item]
        if holds:
            self.utterance = holds[0].utterance

    def says(self, item: str, text: str, milliseconds: int) -> None:
        """Speak a whole item, which is the answer."""
        self.voices(item, text, milliseconds, last=True)
        self.step(MindDone(self.generation))

    def interrupted(self) -> None:
        """Let the callee take the floor."""
        self.step(events.SpeechStarted(self.ms))
        self.words("no, stop, please wait")


def talking(**known: Any) -> Talking:
    call = Talking(**known)
    call.answered()
    return call

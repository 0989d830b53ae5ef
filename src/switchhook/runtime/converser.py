"""A model that hears and speaks, as one call has it: ears like any others, and a mind with a voice.

As ears it is opened, replaced and closed by `SteadyEars`; as a mind it does what the conversation
core wants, and the sound of its answers is handed to whoever holds it until it is played.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from switchhook.engine.events import Event, SpeechStarted, SpeechStopped
from switchhook.engine.thoughts import (
    AskMind,
    CancelMind,
    MindAction,
    MindDone,
    MindEvent,
    MindFailed,
    MindVoiced,
    NoteMind,
    Truncate,
)
from switchhook.ports import (
    FRAME_MS,
    Action,
    AnswerPiece,
    BrokeOff,
    Done,
    Duplex,
    Duplexing,
    DuplexRequest,
    Frame,
    Heard,
    Listening,
    Voiced,
)


class Converser:
    """The model's part in one call."""

    def __init__(self, duplex: Duplex, request: DuplexRequest) -> None:
        self.name = duplex.name
        self._duplex = duplex
        self._request = request
        self.keep: Callable[[str, Sequence[Frame]], None] = _nowhere
        """Takes the sound of an item until it is played."""
        self.feed: Callable[[MindEvent], None] = _nowhere
        """Takes what is answered."""
        self._conversation: Duplexing | None = None
        self._asked: int | None = None

    def open(self, listening: Listening, told: Callable[[Heard], None]) -> Duplexing:
        """Begin the conversation; what the callee says is told."""
        del listening
        self._conversation = self._duplex.open(self._request, told, self._answered)
        return self._conversation

    def sensed(self, event: Event) -> None:
        """Take what may be the beginning or the end of the callee's speech."""
        if self._conversation is not None and isinstance(event, SpeechStarted | SpeechStopped):
            self._conversation.speech(event.at_ms, begins=isinstance(event, SpeechStarted))

    def perform(self, effect: AskMind | CancelMind | NoteMind | Truncate) -> None:
        """Have it done by the model, unless it concerns the mind that stands by."""
        if self._conversation is None:
            return
        match effect:
            case AskMind(generation, voiced=voiced):
                self._asked = generation if voiced else None
                if voiced:
                    self._conversation.answer(generation)
            case CancelMind(generation):
                if generation == self._asked:
                    self._conversation.cancel()
            case NoteMind(message):
                self._conversation.note(message)
            case Truncate(item, heard_ms, heard):
                self._conversation.cut(item, heard_ms, heard)
            case _:
                assert_never(effect)

    def _answered(self, generation: int, piece: AnswerPiece) -> None:
        match piece:
            case Voiced(item, text, frames, last):
                self.keep(item, frames)
                length = len(frames) * FRAME_MS
                self.feed(MindVoiced(generation, item, text, length, last))
            case Action(call_id, name, arguments):
                self.feed(MindAction(generation, call_id, name, arguments))
            case Done():
                self.feed(MindDone(generation))
            case BrokeOff(detail):
                self.feed(MindFailed(generation, f"{self.name}: {detail}"))
            case _:
                assert_never(piece)


def _nowhere(*answered: object) -> None:
    """Let what is answered before the call pass."""
    del answered

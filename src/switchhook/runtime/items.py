"""The sound of what a model speaks itself, item by item, on its way to the pacer."""

from __future__ import annotations

from collections.abc import Sequence

from switchhook.ports import Frame
from switchhook.runtime.pacer import Pacer


class Items:
    """Holds sound until the conversation core has said which utterance it is."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self._utterances: dict[str, int] = {}
        self._waiting: dict[str, list[Frame]] = {}

    def take(self, item: str, frames: Sequence[Frame]) -> None:
        """Take more of an item."""
        if item in self._utterances:
            self._pacer.hold(self._utterances[item], frames)
        else:
            self._waiting.setdefault(item, []).extend(frames)

    def become(self, item: str, utterance: int) -> None:
        """Let an item be this utterance, with all of it that came and that comes."""
        self._utterances[item] = utterance
        self._pacer.hold(utterance, self._waiting.pop(item, []))

    def forget(self, utterance: int) -> None:
        """Let go of an utterance; its item is not spoken any more."""
        self._utterances = {i: u for i, u in self._utterances.items() if u != utterance}

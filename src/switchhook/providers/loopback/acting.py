"""A callee that follows the steps of a scenario, and then says nothing more."""

from __future__ import annotations

from collections import deque

from switchhook.domain.rehearsal import Step
from switchhook.providers.loopback.acts import Act, Beep, Leave, Press, Talk

_THINKS = 0.8
_PATIENCE = 30.0
_SHORT = 0.02


class Actor:
    """Somebody who does what is written."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = deque(steps)
        self._heard = ""
        self._news = True
        self._heard_at: float | None = None
        self._since: float | None = None
        self.digits = ""

    def press(self, key: str) -> None:
        """Hear a key that the agent pressed."""
        self.digits += key

    def hear(self, words: tuple[str, ...], now: float, *, talking: bool) -> list[Act]:
        """Take the words of 20 ms and do what is due."""
        if words:
            self._heard = " ".join([self._heard, *words]).strip()
            self._heard_at, self._news = now, True
        if not self._steps:
            return []
        self._since = now if self._since is None else self._since
        step = self._steps[0]
        if talking and step.interrupt is None:
            self._since = now
            return []
        act = self._due(step, now)
        if act is None:
            return []
        self._steps.popleft()
        self._since = None
        return act

    def _due(self, step: Step, now: float) -> list[Act] | None:
        """Return what the step does, or nothing while it is too early."""
        waited = now - (self._since or now)
        if step.wait is not None:
            return [] if waited >= step.wait - _SHORT else None
        if step.wait_for is not None:
            return self._awaited(step.wait_for, waited)
        if step.say is not None:
            return self._say(step.say, now, waited)
        if step.interrupt is not None:
            return [Talk(step.interrupt)]
        if step.press is not None:
            return [Press(digit) for digit in step.press]
        return [Beep()] if step.beep else [Leave()]

    def _awaited(self, text: str, waited: float) -> list[Act] | None:
        place = _folded(self._heard).find(_folded(text))
        if place >= 0:
            self._heard = ""
            return []
        return [Leave()] if waited >= _PATIENCE else None

    def _say(self, text: str, now: float, waited: float) -> list[Act] | None:
        """Wait for one's turn: something new was heard, and then a pause."""
        quiet = now - (self._heard_at or 0.0) >= _THINKS
        if not (self._news and quiet) and waited < _PATIENCE:
            return None
        self._news = False
        return [Talk(text)]


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())

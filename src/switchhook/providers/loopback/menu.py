"""A telephone menu: it speaks, waits for a key, and puts whoever presses the right one through."""

from __future__ import annotations

from switchhook.providers.loopback.acts import Act, Counterpart, Leave, Talk

RIGHT_KEY = "2"
_PROMPT = (
    "Thank you for calling. For opening hours, press 1. To speak to somebody, press 2."
    " To hear this again, press 9."
)
_HOURS = "We are open from nine to five."
_WRONG = "That is no valid choice."
_THROUGH = "One moment, I am putting you through."
_ANSWERS_AFTER = 0.6
_REPEATS_AFTER = 6.0
_TIMES = 4


class Menu:
    """A machine in front of a person."""

    def __init__(self, person: Counterpart) -> None:
        self._person = person
        self._through = False
        self._connected = False
        self._started: float | None = None
        self._quiet_since = 0.0
        self._prompts = 0
        self._pressed = ""
        self.digits = ""

    def press(self, key: str) -> None:
        """Hear a key that the agent pressed."""
        self.digits += key
        if self._through:
            self._person.press(key)
        else:
            self._pressed = key

    def hear(self, words: tuple[str, ...], now: float, *, talking: bool) -> list[Act]:
        """Take the words of 20 ms, which the menu itself does not understand."""
        if self._connected:
            return self._person.hear(words, now, talking=talking)
        if talking:
            self._quiet_since = now
            return []
        if self._through:
            self._connected = True
            return self._person.hear((), now, talking=False)
        if self._pressed:
            return self._chosen()
        return self._prompt(now)

    def _chosen(self) -> list[Act]:
        key, self._pressed = self._pressed, ""
        self._through = key == RIGHT_KEY
        if self._through:
            return [Talk(_THROUGH)]
        said = {"1": _HOURS, "9": ""}.get(key, _WRONG)
        return [Talk(f"{said} {_PROMPT}".strip())]

    def _prompt(self, now: float) -> list[Act]:
        if self._started is None:
            self._started = self._quiet_since = now
        wait = _REPEATS_AFTER if self._prompts else _ANSWERS_AFTER
        if now - self._quiet_since < wait:
            return []
        self._prompts += 1
        return [Talk(_PROMPT)] if self._prompts <= _TIMES else [Leave()]

"""The simulated callee: hears words, waits as people do, and says or does something.

It is stepped every 20 ms and knows nothing of audio; the line gives it the words that became
audible and lends it a mouth.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from switchhook.providers.loopback.personas import Persona
from switchhook.providers.loopback.replies import answer, asked

_HELLO_AFTER = 0.4
_PATIENCE = {Persona.HURRIED: 0.8}
_THINKS = 1.0
_BREAKS_IN_AFTER = 4
_LOSES_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Talk:
    """Say this."""

    text: str


@dataclass(frozen=True, slots=True)
class Beep:
    """Sound the tone of an answering machine."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Hang up."""


Act = Talk | Beep | Leave

_HELLO = {
    Persona.HURRIED: "Yes, hello?",
    Persona.VOICEMAIL: (
        "Hi, this is Sam. I cannot come to the phone right now."
        " Please leave a message after the tone."
    ),
}
_FIRST_WORDS = {
    Persona.WRONG_NUMBER: ("Sorry, you have the wrong number.",),
    Persona.STOP_CALLING: ("Please stop calling me.",),
    Persona.CURIOUS: ("Who is this?", "Are you a robot?", "What are your opening hours?"),
}
_MUTE = (Persona.SILENT, Persona.VOICEMAIL, Persona.HANGS_UP)
_INTERRUPTION = "Sorry, wait, who is this?"


class Callee:
    """Somebody who picked up."""

    def __init__(self, persona: Persona, seed: int) -> None:
        self._persona = persona
        self._seed = seed
        self._answered_at: float | None = None
        self._greeted = False
        self._heard: list[str] = []
        self._heard_at = 0.0
        self._script = deque(_FIRST_WORDS.get(persona, ()))
        self._interruptions = 1 if persona is Persona.INTERRUPTS else 0
        self.digits = ""

    def press(self, key: str) -> None:
        """Hear a key that the agent pressed."""
        self.digits += key

    def hear(self, words: tuple[str, ...], now: float, *, talking: bool) -> list[Act]:
        """Take the words of 20 ms and return what to do; `talking` says the mouth is busy."""
        if self._answered_at is None:
            self._answered_at = now
        if words:
            self._heard += words
            self._heard_at = now
        if talking:
            return []
        if not self._greeted:
            return self._greet(now - self._answered_at)
        if self._persona in _MUTE:
            return self._endure(now)
        return self._break_in() or self._reply(now)

    def _greet(self, waited: float) -> list[Act]:
        if waited < _HELLO_AFTER:
            return []
        self._greeted = True
        if self._persona is Persona.SILENT:
            return []
        hello = Talk(_HELLO.get(self._persona, "Hello?"))
        return [hello, Beep()] if self._persona is Persona.VOICEMAIL else [hello]

    def _endure(self, now: float) -> list[Act]:
        """Say nothing; whoever hangs up does so once they have heard enough."""
        enough = bool(self._heard) and now - self._heard_at >= _THINKS
        leaves = self._persona is Persona.HANGS_UP and (enough or self._tired(now))
        return [Leave()] if leaves else []

    def _tired(self, now: float) -> bool:
        return now - (self._answered_at or now) > _LOSES_PATIENCE + _THINKS

    def _break_in(self) -> list[Act]:
        """Talk over the agent, once it is into its second sentence."""
        ends = [n for n, word in enumerate(self._heard) if word.endswith((".", "?", "!"))]
        into = len(self._heard) - ends[-1] - 1 if ends else 0
        if not self._interruptions or into < _BREAKS_IN_AFTER:
            return []
        self._interruptions -= 1
        self._heard.clear()
        return [Talk(_INTERRUPTION)]

    def _reply(self, now: float) -> list[Act]:
        if not self._heard or now - self._heard_at < _PATIENCE.get(self._persona, _THINKS):
            return []
        text = " ".join(self._heard)
        self._heard.clear()
        if self._script:
            return [Talk(self._script.popleft())]
        question = asked(text)
        if question is None:
            return []
        self._seed += 1
        return [Talk(answer(question, self._seed))]

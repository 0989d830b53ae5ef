"""What the callee says, unbroken: all of it is sent, and the vendor finds where each turn ends.

What is being said is kept for a new session, should this one be lost; whether anything is being
said we hear ourselves, so that no silence is kept.
"""

from __future__ import annotations

from collections import deque

from switchhook.ports import FRAME_MS
from switchhook.providers.openai.conversing import CalleeSaid
from switchhook.providers.openai.spells import BEFORE_FRAMES, KEPT_FRAMES, appended
from switchhook.providers.openai.wording import Wording


class Unbroken:
    """The callee's side of a conversation, as messages; what a session takes is told apart."""

    def __init__(self) -> None:
        self._kept: deque[str] = deque(maxlen=KEPT_FRAMES)
        self._speaking = False
        self._unheard = False
        self._at_ms = 0
        self._sent_ms = 0
        self._spans: dict[str, tuple[int, int]] = {}
        self._wording = Wording()

    @property
    def over(self) -> bool:
        """Whether nobody speaks, and everything that was said is written down."""
        return not (self._unheard or self._spans) and self._wording.over

    # ---- what is sent ---------------------------------------------------------------------------

    def hear(self, ulaw: bytes, at_ms: int) -> list[str]:
        """Take 20 ms, which are sent whatever they are."""
        self._at_ms = at_ms + FRAME_MS
        message = appended(ulaw)
        self._kept.append(message)
        while not self._unheard and len(self._kept) > BEFORE_FRAMES:
            self._kept.popleft()
        return [message]

    def speech(self, at_ms: int, *, begins: bool) -> list[str]:
        """Learn that somebody speaks or no longer does; the vendor hears that for itself."""
        del at_ms
        self._speaking = begins
        self._unheard |= begins
        return []

    def taken(self, messages: int) -> None:
        """Let a session have taken so many."""
        self._sent_ms += messages * FRAME_MS

    def again(self) -> list[str]:
        """Return what a new session has to hear: what the last one found no end of."""
        return list(self._kept)

    def lost(self) -> None:
        """Wait for no words of a session that is over."""
        self._sent_ms = 0
        self._spans.clear()
        self._wording.forget()

    # ---- what the vendor hears and writes down --------------------------------------------------

    def began(self, item: str, audio_ms: int) -> None:
        """Let this item begin here in the audio of the session."""
        moment = self._moment(audio_ms)
        self._spans[item] = moment, moment

    def ended(self, item: str, audio_ms: int) -> None:
        """Let it end here."""
        end = self._moment(audio_ms)
        start, _ = self._spans.get(item, (end, end))
        self._spans[item] = start, end

    def placed(self, item: str) -> int | None:
        """Let what was said so far be this item; return when it ended."""
        self._unheard = self._speaking
        start, end = self._spans.pop(item, (self._at_ms, self._at_ms))
        self._wording.expect(item, start, end)
        return end

    def empty(self) -> None:
        """Take no notice: the vendor commits by itself, and never nothing."""

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        return self._wording.written(item, text)

    def _moment(self, audio_ms: int) -> int:
        """Return the time of the call that a time of the session's audio stands for."""
        return max(0, self._at_ms - self._sent_ms + audio_ms)

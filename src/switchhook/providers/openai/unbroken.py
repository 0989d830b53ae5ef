"""What the callee says, unbroken: all of it is sent, and the vendor finds where each turn ends.

Whether anything is being said we hear ourselves as well, so that no silence is kept for a new
session. What that hears again had its end already, which it is told.
"""

from __future__ import annotations

from collections import deque

from switchhook.ports import FRAME_MS
from switchhook.providers.openai.conversing import CalleeSaid
from switchhook.providers.openai.spells import BEFORE_FRAMES
from switchhook.providers.openai.wording import COMMIT, KEPT_FRAMES, Spell, Wording, appended


class Unbroken:
    """The callee's side of a conversation, as messages, and whose words have not been told yet."""

    def __init__(self) -> None:
        self._sound: deque[str] = deque(maxlen=KEPT_FRAMES)
        """What the vendor has found no end of yet."""
        self._speaking = False
        self._spoke = False
        self._heard = False
        self._at_ms = 0
        self._sent_ms = 0
        self._found: dict[str, tuple[int, int]] = {}
        self._wording = Wording()

    @property
    def over(self) -> bool:
        """Whether nobody speaks, and everything that was said is written down."""
        return not (self._spoke or self._found) and self._wording.over

    # ---- what is sent ---------------------------------------------------------------------------

    def hear(self, ulaw: bytes, at_ms: int) -> list[str]:
        """Take 20 ms, which are sent whatever they are."""
        self._at_ms = at_ms + FRAME_MS
        self._sent_ms += FRAME_MS if self._heard else 0
        message = appended(ulaw)
        self._sound.append(message)
        while not self._spoke and len(self._sound) > BEFORE_FRAMES:
            self._sound.popleft()
        return [message]

    def speech(self, at_ms: int, *, begins: bool) -> list[str]:
        """Learn that somebody speaks or no longer does; the vendor hears that for itself."""
        del at_ms
        self._speaking = begins
        self._spoke |= begins
        return []

    def lost(self) -> None:
        """Wait for no words of a session that is over."""
        self._heard, self._sent_ms = False, 0
        self._found.clear()
        self._wording.lost()

    def again(self) -> list[str]:
        """Return what a new session has to hear: whatever no session has written down."""
        messages = [*self._wording.again(), *self._sound]
        self._heard = True
        self._sent_ms = (len(messages) - messages.count(COMMIT)) * FRAME_MS
        return messages

    # ---- what the vendor hears and writes down --------------------------------------------------

    def began(self, item: str, audio_ms: int) -> None:
        """Let this item begin here in the audio of the session."""
        moment = self._moment(audio_ms)
        self._found[item] = moment, moment

    def ended(self, item: str, audio_ms: int) -> None:
        """Let it end here."""
        end = self._moment(audio_ms)
        start, _ = self._found.get(item, (end, end))
        self._found[item] = start, end

    def empty(self) -> None:
        """Forget what was to be heard again: the vendor found nothing in it."""
        if spell := self._wording.unplaced:
            self._wording.drop(spell)

    def placed(self, item: str) -> int | None:
        """Let what was said so far be this item; return when it ended, if nobody knows yet."""
        moments = self._found.pop(item, (self._at_ms, self._at_ms))
        if spell := self._wording.unplaced:
            spell.item = item
            return None
        since, until = moments
        self._wording.begin(Spell(since, until, deque([*self._sound, COMMIT]), item))
        self._wording.forget_the_eldest()
        self._sound.clear()
        self._spoke = self._speaking
        return until

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        return self._wording.written(item, text)

    def _moment(self, audio_ms: int) -> int:
        """Return the time of the call that a time of the session's audio stands for."""
        return max(0, self._at_ms - self._sent_ms + audio_ms)

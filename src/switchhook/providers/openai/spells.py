"""What the callee says, spell by spell: each begins with a sound and ends with a silence.

Only spells are sent, each with what was heard just before it was noticed, and committed at its end.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from switchhook.providers.openai.conversing import CalleeSaid
from switchhook.providers.openai.wording import COMMIT, Spell, Wording, appended

BEFORE_FRAMES: Final = 25
"""How much of what was heard before a spell was noticed goes with it: half a second."""


class Spells:
    """The callee's side of a conversation, as messages, and whose words have not been told yet."""

    def __init__(self) -> None:
        self._before: deque[str] = deque(maxlen=BEFORE_FRAMES)
        self._wording = Wording()

    @property
    def over(self) -> bool:
        """Whether nobody speaks, and everything that was said is written down."""
        return self._wording.over

    # ---- what is sent ---------------------------------------------------------------------------

    def hear(self, ulaw: bytes, at_ms: int) -> list[str]:
        """Take 20 ms; return what is to be sent while there is a session."""
        del at_ms
        self._before.append(appended(ulaw))
        return [] if self._open is None else self._on(self._open)

    def speech(self, at_ms: int, *, begins: bool) -> list[str]:
        """Begin or end a spell; its end is the moment to write it down."""
        spell = self._open
        if begins:
            if spell is None:
                spell = Spell(at_ms)
                self._wording.begin(spell)
            return self._on(spell)
        if spell is None:
            return []
        spell.until = at_ms
        spell.sound.append(COMMIT)
        return [COMMIT]

    def lost(self) -> None:
        """Wait for no words of a session that is over."""
        self._wording.lost()

    def again(self) -> list[str]:
        """Return what a new session has to hear: whatever no session has written down."""
        return self._wording.again()

    @property
    def _open(self) -> Spell | None:
        """The spell that goes on now."""
        last = self._wording.last
        return last if last is not None and last.until is None else None

    def _on(self, spell: Spell) -> list[str]:
        due = list(self._before)
        self._before.clear()
        spell.sound += due
        self._wording.forget_the_eldest()
        return due

    # ---- what the vendor hears and writes down --------------------------------------------------

    def began(self, item: str, audio_ms: int) -> None:
        """Take no notice: when a spell begins and ends is ours to say."""

    ended = began

    def empty(self) -> None:
        """Forget the first spell: the vendor found nothing in it."""
        if spell := self._wording.unplaced:
            self._wording.drop(spell)

    def placed(self, item: str) -> None:
        """Let this be the item of the next spell."""
        if spell := self._wording.unplaced:
            spell.item = item

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        return self._wording.written(item, text)

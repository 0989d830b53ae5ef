"""What the callee says, spell by spell: each begins with a sound and ends with a silence.

Only spells are sent, each with what was heard just before it was noticed. The vendor writes their
words down when it likes, and not always in order; they are told in the order in which they were
said. A spell that stays unwritten holds up one other, not two. Until its words have come its sound
is kept, so that a session that is lost takes nothing with it that was said.
"""

from __future__ import annotations

import binascii
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from switchhook.providers.openai.conversing import CalleeSaid

BEFORE_FRAMES: Final = 25
"""How much of what was heard before a spell was noticed goes with it: half a second."""

KEPT_FRAMES: Final = 1500
"""How much of what is not written down yet is kept for a new session, should this one be lost."""

HELD_AT_MOST: Final = 1
"""How many spells wait for the words of an earlier one."""

_APPEND: Final = '{"type":"input_audio_buffer.append","audio":"'
_COMMIT: Final = '{"type":"input_audio_buffer.commit"}'


@dataclass(slots=True)
class Spell:
    """From a sound to the silence after it, in milliseconds of the call."""

    since: int
    until: int | None = None
    """Its end, once there is one; then its sound ends with the wish to have it written down."""
    sound: deque[str] = field(default_factory=deque[str])
    item: str | None = None
    text: str | None = None

    @property
    def unplaced(self) -> bool:
        """Whether the session has yet to say which item this is."""
        return self.until is not None and self.item is None and self.text is None


class Spells:
    """The callee's side of a conversation, as messages, and whose words have not been told yet."""

    def __init__(self) -> None:
        self._before: deque[str] = deque(maxlen=BEFORE_FRAMES)
        self._spells: deque[Spell] = deque()

    @property
    def over(self) -> bool:
        """Whether nobody speaks, and everything that was said is written down."""
        return not self._spells

    # ---- what is sent ---------------------------------------------------------------------------

    def hear(self, ulaw: bytes) -> list[str]:
        """Take 20 ms; return what is to be sent while there is a session."""
        encoded = binascii.b2a_base64(ulaw, newline=False).decode("ascii")
        self._before.append(f'{_APPEND}{encoded}"}}')
        return [] if self._open is None else self._on(self._open)

    def speech(self, at_ms: int, *, begins: bool) -> list[str]:
        """Begin or end a spell; its end is the moment to write it down."""
        spell = self._open
        if begins:
            if spell is None:
                spell = Spell(at_ms)
                self._spells.append(spell)
            return self._on(spell)
        if spell is None:
            return []
        spell.until = at_ms
        spell.sound.append(_COMMIT)
        return [_COMMIT]

    def lost(self) -> None:
        """Wait for no words of a session that is over."""
        for spell in self._spells:
            spell.item = None
        self._spells = deque(spell for spell in self._spells if spell.sound or spell.text)

    def again(self) -> list[str]:
        """Return what a new session has to hear: whatever no session has written down."""
        return [message for spell in self._spells for message in spell.sound]

    @property
    def _open(self) -> Spell | None:
        """The spell that goes on now."""
        last = self._spells[-1] if self._spells else None
        return last if last is not None and last.until is None else None

    def _on(self, spell: Spell) -> list[str]:
        due = list(self._before)
        self._before.clear()
        spell.sound += due
        self._forget_the_eldest()
        return due

    def _forget_the_eldest(self) -> None:
        while sum(len(spell.sound) for spell in self._spells) > KEPT_FRAMES:
            eldest = next(spell for spell in self._spells if spell.sound)
            if eldest.until is None:
                eldest.sound.popleft()
            else:
                eldest.sound.clear()

    # ---- what is written down -------------------------------------------------------------------

    def empty(self) -> None:
        """Forget the first spell: the vendor found nothing in it."""
        if spell := self._unplaced():
            self._spells.remove(spell)

    def placed(self, item: str) -> None:
        """Let this be the item of the next spell."""
        if spell := self._unplaced():
            spell.item = item

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        spell = next((spell for spell in self._spells if spell.item == item), None)
        if spell is None:
            return []
        spell.text = text
        spell.sound.clear()
        return self._due()

    def _unplaced(self) -> Spell | None:
        return next((spell for spell in self._spells if spell.unplaced), None)

    def _due(self) -> list[CalleeSaid]:
        said: list[CalleeSaid] = []
        while self._spells and (self._spells[0].text is not None or self._held > HELD_AT_MOST):
            spell = self._spells.popleft()
            if spell.text and spell.until is not None:
                said.append(CalleeSaid(spell.text, spell.since, spell.until))
        return said

    @property
    def _held(self) -> int:
        """How many spells wait for the words of an earlier one."""
        return sum(spell.text is not None for spell in self._spells)

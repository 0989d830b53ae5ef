"""What the callee said and nobody has told yet, spell by spell, until its words have come.

The vendor writes them down when it likes, and not always in order; they are told in the order in
which they were said. A spell that stays unwritten holds up one other, not two. Its sound is kept
until then, so that a session that is lost takes nothing with it that was said.
"""

from __future__ import annotations

import binascii
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from switchhook.providers.openai.conversing import CalleeSaid

KEPT_FRAMES: Final = 1500
"""How much of what is not written down yet is kept for a new session, should this one be lost."""

HELD_AT_MOST: Final = 1
"""How many spells wait for the words of an earlier one."""

COMMIT: Final = '{"type":"input_audio_buffer.commit"}'
_APPEND: Final = '{"type":"input_audio_buffer.append","audio":"'


def appended(ulaw: bytes) -> str:
    """Return the message that lets the vendor hear this."""
    encoded = binascii.b2a_base64(ulaw, newline=False).decode("ascii")
    return f'{_APPEND}{encoded}"}}'


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


class Wording:
    """The spells in their order."""

    def __init__(self) -> None:
        self._spells: deque[Spell] = deque()

    @property
    def over(self) -> bool:
        """Whether everything that was said is written down."""
        return not self._spells

    @property
    def last(self) -> Spell | None:
        """The latest of them."""
        return self._spells[-1] if self._spells else None

    @property
    def unplaced(self) -> Spell | None:
        """The first that has no item yet."""
        return next((spell for spell in self._spells if spell.unplaced), None)

    def begin(self, spell: Spell) -> None:
        """Let another one follow."""
        self._spells.append(spell)

    def drop(self, spell: Spell) -> None:
        """Expect no words of this one."""
        self._spells.remove(spell)

    def lost(self) -> None:
        """Wait for no words of a session that is over."""
        for spell in self._spells:
            spell.item = None
        self._spells = deque(spell for spell in self._spells if spell.sound or spell.text)

    def again(self) -> list[str]:
        """Return what a new session has to hear: whatever no session has written down."""
        return [message for spell in self._spells for message in spell.sound]

    def forget_the_eldest(self) -> None:
        """Keep no more sound than is worth it."""
        while sum(len(spell.sound) for spell in self._spells) > KEPT_FRAMES:
            eldest = next(spell for spell in self._spells if spell.sound)
            if eldest.until is None:
                eldest.sound.popleft()
            else:
                eldest.sound.clear()

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        spell = next((spell for spell in self._spells if spell.item == item), None)
        if spell is None:
            return []
        spell.text = text
        spell.sound.clear()
        return self._due()

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

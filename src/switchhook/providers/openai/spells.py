"""What the callee says, spell by spell: each begins with a sound and ends with a silence.

Only spells are sent, each with what was heard just before it was noticed. The vendor writes their
words down when it likes, and not always in order; they are told in the order in which they were
said. A spell that stays unwritten holds up one other, not two.
"""

from __future__ import annotations

import binascii
from collections import deque
from typing import Final

from switchhook.providers.openai.conversing import CalleeSaid
from switchhook.providers.openai.wording import Wording

BEFORE_FRAMES: Final = 25
"""How much of what was heard before a spell was noticed goes with it: half a second."""

KEPT_FRAMES: Final = 1500
"""How much of what is being said is kept for a new session, should this one be lost."""

_APPEND: Final = '{"type":"input_audio_buffer.append","audio":"'
_COMMIT: Final = '{"type":"input_audio_buffer.commit"}'


class Spells:
    """The callee's side of a conversation, as messages; what a session takes is told apart."""

    def __init__(self) -> None:
        self._before: deque[str] = deque(maxlen=BEFORE_FRAMES)
        self._open: deque[str] = deque(maxlen=KEPT_FRAMES)
        self._since: int | None = None
        self._ended: deque[tuple[int, int]] = deque()
        self._wording = Wording()

    @property
    def over(self) -> bool:
        """Whether nobody speaks, and everything that was said is written down."""
        return self._since is None and not self._ended and self._wording.over

    # ---- what is sent ---------------------------------------------------------------------------

    def hear(self, ulaw: bytes, at_ms: int) -> list[str]:
        """Take 20 ms; return what is to be sent while there is a session."""
        del at_ms
        self._before.append(appended(ulaw))
        return [] if self._since is None else self._on()

    def speech(self, at_ms: int, *, begins: bool) -> list[str]:
        """Begin or end a spell; its end is the moment to write it down."""
        if begins:
            self._since = at_ms if self._since is None else self._since
            return self._on()
        if self._since is None:
            return []
        self._ended.append((self._since, at_ms))
        self._since = None
        self._open.append(_COMMIT)
        return [_COMMIT]

    def taken(self, messages: int) -> None:
        """Let a session have taken all that was sent."""
        del messages
        if self._since is None:
            self._open.clear()

    def again(self) -> list[str]:
        """Return what a new session has to hear: what the last one was not asked to write down."""
        return list(self._open)

    def lost(self) -> None:
        """Wait for no words of a session that is over."""
        unsent = self._open.count(_COMMIT)
        while len(self._ended) > unsent:
            self._ended.popleft()
        self._wording.forget()

    def _on(self) -> list[str]:
        due = list(self._before)
        self._open += due
        self._before.clear()
        return due

    # ---- what is written down -------------------------------------------------------------------

    def empty(self) -> None:
        """Forget the first spell: the vendor found nothing in it."""
        if self._ended:
            self._ended.popleft()

    def began(self, item: str, audio_ms: int) -> None:
        """Take no notice: when a spell begins and ends is ours to say."""

    ended = began

    def placed(self, item: str) -> None:
        """Let this be the item of the next spell."""
        if self._ended:
            self._wording.expect(item, *self._ended.popleft())

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        return self._wording.written(item, text)


def appended(ulaw: bytes) -> str:
    """Return the message that lets the vendor hear this."""
    encoded = binascii.b2a_base64(ulaw, newline=False).decode("ascii")
    return f'{_APPEND}{encoded}"}}'

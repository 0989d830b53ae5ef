"""The words of what was said, told in the order in which it was said.

The vendor writes when it likes, and not always in order. What stays unwritten holds up one other,
not two.
"""

from __future__ import annotations

from typing import Final

from switchhook.providers.openai.conversing import CalleeSaid

HELD_AT_MOST: Final = 1
"""How many wait for the words of an earlier one."""


class Wording:
    """What the vendor has still to write down, each with its moments of the call."""

    def __init__(self) -> None:
        self._moments: dict[str, tuple[int, int]] = {}
        self._written: dict[str, str] = {}

    @property
    def over(self) -> bool:
        """Whether all is written down."""
        return not self._moments

    def expect(self, item: str, start_ms: int, end_ms: int) -> None:
        """Let this item be the next to be told."""
        self._moments[item] = start_ms, end_ms

    def forget(self) -> None:
        """Expect nothing more."""
        self._moments.clear()
        self._written.clear()

    def written(self, item: str, text: str) -> list[CalleeSaid]:
        """Take the words of an item, and return all that can be told now, in order."""
        if item not in self._moments:
            return []
        self._written[item] = text
        said: list[CalleeSaid] = []
        for key in list(self._moments):
            if key not in self._written and len(self._written) <= HELD_AT_MOST:
                break
            moments, words = self._moments.pop(key), self._written.pop(key, "")
            if words:
                said.append(CalleeSaid(words, *moments))
        return said

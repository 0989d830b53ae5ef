"""What a fake hears: sound between silences, and the words it is told that this was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from switchhook.audio import g711
from switchhook.ports import FRAME_BYTES, FRAME_MS
from switchhook.testing.vendors import Json

WORD_MS = 200
"""How long it takes to hear a word."""


@dataclass(slots=True)
class Spell:
    """Sound that began at a moment of the stream, and how it stands now."""

    words: list[str]
    start_ms: int
    now_ms: int
    voiced_ms: int = 0
    quiet_ms: int = 0

    @property
    def end_ms(self) -> int:
        """When the last sound ended."""
        return self.now_ms - self.quiet_ms

    def heard(self, *, all_of_it: bool = False) -> list[Json]:
        """Return the words that can be known by now, with their times."""
        known = len(self.words) if all_of_it else 1 + self.voiced_ms // WORD_MS
        each = WORD_MS / 1000
        start = self.start_ms / 1000
        return [
            {
                "word": word.strip(".,?!").lower(),
                "start": round(start + n * each, 3),
                "end": round(min(start + (n + 1) * each, self.end_ms / 1000), 3),
                "confidence": 0.98,
                "punctuated_word": word,
            }
            for n, word in enumerate(self.words[:known])
        ]

    def text(self, *, all_of_it: bool = False) -> str:
        """Return the same as one text."""
        return " ".join(word["punctuated_word"] for word in self.heard(all_of_it=all_of_it))


class Listener:
    """Cuts one stream into spells; what was never ended is heard again by the next listener."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._rest = b""
        self.now_ms = 0
        self.spell: Spell | None = None

    def feed(self, ulaw: bytes) -> Iterator[bool]:
        """Take audio, and yield for every 20 ms of it whether they sounded."""
        self._rest += ulaw
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            yield self._step(voiced=frame.strip(g711.SILENCE) != b"")

    def end(self) -> None:
        """Let the spell be over."""
        self.spell = None
        if self._texts:
            self._texts.pop(0)

    def _step(self, *, voiced: bool) -> bool:
        if voiced and self.spell is None:
            words = self._texts[0].split() if self._texts else ["mhm"]
            self.spell = Spell(words, self.now_ms, self.now_ms)
        self.now_ms += FRAME_MS
        if self.spell is not None:
            self.spell.now_ms = self.now_ms
            self.spell.voiced_ms += FRAME_MS * voiced
            self.spell.quiet_ms = 0 if voiced else self.spell.quiet_ms + FRAME_MS
        return voiced

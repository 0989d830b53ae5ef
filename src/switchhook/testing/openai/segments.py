"""Hears when somebody speaks, by loudness alone, as the vendor's simplest detector does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from switchhook.audio import g711
from switchhook.audio.level import rms

LOUD = 300.0
"""RMS above which it is speech; the vendor's threshold is of another kind, and as deaf."""
CHUNK = 160


@dataclass(frozen=True, slots=True)
class Change:
    """Speech began or ended, so many milliseconds into the audio."""

    kind: Literal["started", "stopped"]
    at_ms: int


class Segments:
    """Cuts a stream of mu-law into spells of speech."""

    def __init__(self, silence_ms: int = 500, padding_ms: int = 300) -> None:
        self._silence_ms = silence_ms
        self._padding_ms = padding_ms
        self._rest = b""
        self._ms = 0
        self._loud_ms: int | None = None

    def feed(self, ulaw: bytes) -> list[Change]:
        """Return what changed by this audio."""
        self._rest += ulaw
        changes: list[Change] = []
        while len(self._rest) >= CHUNK:
            frame, self._rest = self._rest[:CHUNK], self._rest[CHUNK:]
            self._ms += 20
            change = self._next(loud=rms(g711.decode(frame)) > LOUD)
            changes += [change] if change else []
        return changes

    def _next(self, *, loud: bool) -> Change | None:
        if loud:
            began, self._loud_ms = self._loud_ms is None, self._ms
            return Change("started", max(0, self._ms - 20 - self._padding_ms)) if began else None
        if self._loud_ms is None or self._ms - self._loud_ms < self._silence_ms:
            return None
        self._loud_ms = None
        return Change("stopped", self._ms)

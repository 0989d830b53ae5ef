"""Whether the callee said what somebody claims they did."""

from __future__ import annotations

from collections.abc import Sequence

from switchhook.domain.outcome import Evidence
from switchhook.domain.transcript import Line


def found(quote: str, line: int, transcript: Sequence[Line]) -> Evidence | None:
    """Return where the callee said these words, preferably in this line, or nothing."""
    words = _words(quote)
    if not words.strip():
        return None
    said = [n for n, one in enumerate(transcript) if one.speaker == "callee"]
    lines = sorted(said, key=lambda number: abs(number - line))
    where = next((n for n in lines if words in _words(transcript[n].text)), None)
    return None if where is None else Evidence(line=where, quote=quote)


def _words(text: str) -> str:
    """Return the words in a form that can be looked up, each between blanks."""
    plain = "".join(c if c.isalnum() else " " for c in text.casefold())
    return f" {' '.join(plain.split())} "
